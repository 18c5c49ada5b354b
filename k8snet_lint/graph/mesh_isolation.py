"""A mesh's authorization where isolation is asked for: it may stand in for a policy, and is never one for sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Direction, EnginePolicy, Workload


class MeshIsolation:
    """AuthorizationPolicies: proxies enforce them on what comes by them, not the network on all there is."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def policies(self, namespace: str, direction: Direction) -> Sequence[EnginePolicy]:  # noqa: ARG002 - none isolates
        return ()

    def denies_all(self, namespace: str, direction: Direction) -> None:  # noqa: ARG002 - none isolates
        return None

    def denies(self, workload: Workload, direction: Direction) -> bool:  # noqa: ARG002 - none isolates
        return False

    def may_deny(self, namespace: str) -> bool:
        return namespace in self._restricted

    @cached_property
    def _restricted(self) -> frozenset[str]:
        mesh = self._graph.mesh
        return mesh.rulings.namespaces if mesh is not None else frozenset()
