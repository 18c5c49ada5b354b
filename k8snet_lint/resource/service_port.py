"""Ports of Services (core/v1 `ServicePort`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.port_flaws import Flaw, flaws, label_flaw, number_flaw, target_flaw
from k8snet_lint.resource.protocols import protocol_of

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.container import ContainerPort
    from k8snet_lint.resource.workload import Workload


class ServicePort(NamedTuple):
    """One port of a Service (core/v1 `ServicePort`).

    Shapes: `number` is None where it is not a whole number; `target` is the pods' port number or container
    port name, the Service's own number where `targetPort` is absent.
    """

    node: Node
    name: str
    number: int | None
    protocol: str
    target: int | str | None
    node_port: int | None

    @staticmethod
    def of(node: Node) -> ServicePort:
        number, target = node["port"].integer, node["targetPort"].value
        if isinstance(target, str) and target.isdecimal() and len(target) < 6:
            target = int(target)
        return ServicePort(
            node=node,
            name=node["name"].text,
            number=number,
            protocol=protocol_of(node["protocol"]),
            target=target if isinstance(target, (int, str)) and target not in ("", 0) else number,
            node_port=node["nodePort"].integer,
        )

    @property
    def target_node(self) -> Node:
        """Where the target is written: `targetPort`, or `port` where it is left out."""
        target = self.node["targetPort"]
        return target or self.node["port"]

    @property
    def is_open(self) -> bool:
        """Whether its name or its target is still to be filled in."""
        return is_open(self.name) or is_open(self.target)

    def number_on(self, workload: Workload) -> int | None:
        """The port of a workload's pods that it leads to; None for a name that they do not declare."""
        if isinstance(self.target, str):
            named = self.named_on(workload)
            return named.number if named is not None else None
        return self.target

    def named_on(self, workload: Workload) -> ContainerPort | None:
        """The port of a workload's pods that it gives the name of; None for a number."""
        return workload.named_port(self.target, self.protocol) if isinstance(self.target, str) else None

    @property
    def speaks_tls(self) -> bool:
        """Whether its name, its `appProtocol` or the name of its target says so."""
        told = (self.name, self.node["appProtocol"].text, str(self.target))
        return any(word in text.lower() for text in told for word in ("https", "tls", "ssl", "wss"))

    @property
    def speaks(self) -> str:
        """`HTTPS`, `GRPC` or `GRPCS` where its appProtocol, its name or its number tells; else empty."""
        told = self.node["appProtocol"].text.lower().rpartition("/")[2]
        if told:
            return {"https": "HTTPS", "wss": "HTTPS", "grpc": "GRPC", "grpcs": "GRPCS"}.get(told, "")
        word = self.name.lower().partition("-")[0]
        if word in ("grpc", "grpcs"):
            return word.upper()
        named = _is_tls(word) if word else self.number in (443, 8443)
        ends_in_tls = _is_tls(self.target) if isinstance(self.target, str) else (self.target or 0) % 1000 == 443
        return "HTTPS" if named and ends_in_tls else ""

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """What the API server rejects of it on its own (`validateServicePort`)."""
        return flaws(
            self.node,
            name=label_flaw(self.name),
            port=number_flaw(self.number),
            targetPort=target_flaw(self.node["targetPort"].value),
        )

    def __str__(self) -> str:
        number = "?" if self.number is None else str(self.number)
        return f"{number}/{self.protocol}" if self.protocol != "TCP" else number


def _is_tls(name: str) -> bool:
    return "https" in name or "tls" in name or "ssl" in name
