"""Who can be at an end of a connection: pods of a workload, addresses, nodes, and peers known by their part only."""

from __future__ import annotations

import enum
from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from k8snet_lint.graph.controllers import CONTROLLER_SET
from k8snet_lint.reach.gateways import is_gateway
from k8snet_lint.resource import Workload
from k8snet_lint.selector import Operator, Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from k8snet_lint.graph import Graph
    from k8snet_lint.reach.addresses import Ranges
    from k8snet_lint.resource import ContainerPort

ANY_LABEL = ("",)
"""The prefix of every label's key."""

NO_LABELS: Mapping[str, str] = MappingProxyType({})

OF_NETWORKS = "projectcalico.org/"
"""Before the keys of labels that a network puts on pods."""


class EndpointKind(enum.Enum):
    """What an endpoint is.

    WORKLOAD: pods of the set. CONTROLLER: the pods, or addresses, that carry the traffic of Ingresses, Gateways or
    Routes and are not in the set. STRANGER: any pod that is not in the set. NODE: a node. ADDRESSES: addresses
    outside the cluster. DOMAIN: what a host name resolves to.
    """

    WORKLOAD = "workload"
    CONTROLLER = "controller"
    STRANGER = "stranger"
    NODE = "node"
    DOMAIN = "domain"
    ADDRESSES = "addresses"


class Endpoint:
    """One end of a connection; two of one `key` are the same in two versions of the manifests.

    Shapes: `key` is `namespace/kind/name`, ranges of addresses, or a name of ours such as `ingress-controller`;
    `namespace` is None where it is not known, empty where none is set; `unknown_labels` are prefixes of keys whose
    values only a controller knows; `whole` tells that all ports with a name are known; `addresses` are (version,
    number); `ranges` belong to ADDRESSES.
    """

    def __init__(  # noqa: PLR0913 - an end is all of this
        self,
        kind: EndpointKind,
        key: str,
        namespace: str | None = None,
        *,
        labels: Mapping[str, str] = NO_LABELS,
        unknown_labels: tuple[str, ...] = (),
        ports: tuple[ContainerPort, ...] = (),
        whole: bool = True,
        on_host: bool = False,
        addresses: tuple[tuple[int, int], ...] = (),
        workload: Workload | None = None,
        version: int = 0,
        ranges: Ranges = (),
    ) -> None:
        self.kind: Final = kind
        self.key: Final = key
        self.namespace: Final = namespace
        self.labels: Final = labels
        self.unknown_labels: Final = unknown_labels
        self.ports: Final = ports
        self.whole: Final = whole
        self.on_host: Final = on_host
        self.addresses: Final = addresses
        self.workload: Final = workload
        self.version: Final = version
        self.ranges: Final = ranges

    @property
    def is_pod(self) -> bool:
        """Whether it is in the cluster's pod network, as far as is known."""
        return self.kind in (EndpointKind.WORKLOAD, EndpointKind.CONTROLLER, EndpointKind.STRANGER)

    @property
    def is_lone(self) -> bool:
        """Whether it is one pod, so that what it sends to itself is never for policies to decide."""
        return self.workload is not None and self.workload.kind == "Pod"

    @property
    def lasting_labels(self) -> dict[str, str]:
        """The labels to select its pods by: those of the workload's own selector, which never change, else all."""
        selector = self.workload.selector if self.workload is not None else Selector()
        own = {each.key: each.values[0] for each in selector.requirements if each.operator is Operator.IN}
        lasting = own if own and selector.matches(self.labels) else self.labels
        return {key: lasting[key] for key in sorted(lasting)}

    def lacks(self, key: str) -> bool:
        """Whether it may have the label, but nobody can tell."""
        return bool(self.unknown_labels) and key not in self.labels and key.startswith(self.unknown_labels)

    def __str__(self) -> str:
        return self.key


def workload_key(workload: Workload) -> str:
    """`namespace/kind/name` of what makes the pods: a Pod that a controller owns goes by its owner."""
    kind, name = workload.kind, workload.name
    if kind == "Pod":
        for owner in workload.metadata["ownerReferences"]:
            if owner["kind"].text not in ("", "Node") and owner["name"].text:
                kind, name = owner["kind"].text, owner["name"].text
    return "/".join(filter(None, (workload.namespace, kind, name)))


def of_graph(
    graph: Graph,
    *,
    host_is_ordinary: bool,
    with_ports: bool,
    more: Callable[[Workload], Mapping[str, str]] | None = None,
) -> Iterator[Endpoint]:
    """An endpoint for each workload but Gateways, whose pods may be anywhere.

    Where one is written twice, the last counts, as it does in a cluster. `with_ports` is whether named ports matter,
    `more` gives the labels that a network puts on pods.
    """
    by_name: dict[tuple[str, str, str, str, tuple[str | int, ...]], Workload] = {}
    for workload in graph.select(Workload):
        name = f"{workload.name}{id(workload)}" if workload.name.endswith("*") else workload.name
        identity = (workload.group, workload.kind, workload.namespace, name, workload.template.path)
        by_name.pop(identity, None)
        by_name[identity] = workload
    prefixes = CONTROLLER_SET + graph.facts.controller_labels
    for workload in by_name.values():
        if is_gateway(workload):
            continue
        is_pod = workload.kind == "Pod" and not workload.group
        yield Endpoint(
            kind=EndpointKind.WORKLOAD,
            key=workload_key(workload),
            namespace=workload.namespace,
            labels={**workload.pod_labels, **more(workload)} if more else workload.pod_labels,
            unknown_labels=(
                *(() if is_pod else prefixes),
                *workload.supplied_prefixes,
                *((OF_NETWORKS,) if more else ()),
            ),
            ports=tuple(port for port in workload.ports if port.name and port.number) if with_ports else (),
            whole=not with_ports or (workload.is_whole and not graph.pod_ports.sidecar_sets.may_add_to(workload)),
            on_host=workload.host_network and not host_is_ordinary,
            addresses=tuple(_addresses(workload)) if is_pod else (),
            workload=workload,
        )


def _addresses(workload: Workload) -> Iterator[tuple[int, int]]:
    """The addresses of a Pod that was taken from a cluster (core/v1 `PodStatus`)."""
    status = workload.node["status"]
    texts = dict.fromkeys((status["podIP"].text, *(entry["ip"].text for entry in status["podIPs"])))
    for text in filter(None, texts):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        yield address.version, int(address)


def stranger(key: str, kind: EndpointKind, namespace: str | None = None) -> Endpoint:
    """A pod of which nothing is known, but perhaps its namespace."""
    return Endpoint(kind, key, namespace, unknown_labels=ANY_LABEL, whole=False)


def domains(names: Iterable[str]) -> Iterator[Endpoint]:
    """An endpoint for each host name that a policy gives."""
    for name in sorted(set(names)):
        yield Endpoint(EndpointKind.DOMAIN, f"domain:{name}")
