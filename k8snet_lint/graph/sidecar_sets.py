"""What SidecarSets add to pods: containers, and with them ports, that no template shows (OpenKruise, `SidecarSet`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.namespaces import UNSET
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Container
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.names import Names
    from k8snet_lint.resource import Resource, Workload

SIDECAR_SET = ("apps.kruise.io", "SidecarSet")


class SidecarSets:
    """The SidecarSets of a world."""

    def __init__(self, graph: Graph) -> None:
        self._sets = tuple(_Added.of(graph, each) for each in graph.of_kinds({SIDECAR_SET}))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._sets)

    def may_add_to(self, workload: Workload) -> bool:
        """Whether one of them adds containers to the pods, or may, as labels of their namespace are not known."""
        return any(True for _ in self._for(workload))

    def may_add(self, workload: Workload, port: int | str, protocol: str) -> bool:
        """Whether what they add to the pods may serve a port: a name has to be declared, a number need not be."""
        return any(isinstance(port, int) or (port, protocol) in each.named for each in self._for(workload))

    def _for(self, workload: Workload) -> Iterator[_Added]:
        return (each for each in self._sets if each.is_for(workload))


class _Added(NamedTuple):
    """What a SidecarSet adds, and to whom.

    Shapes: `namespaces` are those that it looks at, surely or perhaps, None for all; `named` are names of ports, each
    with its protocol.
    """

    pods: Selector
    namespaces: tuple[Names, Names] | None
    named: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, graph: Graph, written: Resource) -> _Added:
        """What one adds."""
        spec = written.spec
        namespaces = None
        if spec["namespace"].text:
            one = graph.namespaces.of((spec["namespace"].text, UNSET))
            namespaces = one, one
        elif spec["namespaceSelector"]:
            namespaces = graph.namespaces.matching(Selector.of(spec["namespaceSelector"]))
        inits = (Container(node, init=True) for node in spec["initContainers"] if node.is_mapping)
        added = (*inits, *(Container(node, init=False) for node in spec["containers"] if node.is_mapping))
        ports = (port for container in added if container.serves for port in container.ports)
        return cls(Selector.of(spec["selector"]), namespaces, frozenset((port.name, port.protocol) for port in ports))

    def is_for(self, workload: Workload) -> bool:
        """Whether it adds this to the pods of a workload, as far as labels tell."""
        if not self.pods.matches(workload.pod_labels):
            return False
        return self.namespaces is None or any(workload.namespace in names for names in self.namespaces)
