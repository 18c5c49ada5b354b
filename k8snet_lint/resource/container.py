"""Containers of a pod template: their ports and probes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from k8snet_lint.resource.port_names import number_flaw, port_name_flaw, target_flaw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HANDLERS = ("httpGet", "tcpSocket", "grpc")


@dataclass(frozen=True, slots=True)
class ContainerPort:
    """A declared port (core/v1 `ContainerPort`); declaring is informational, a pod may serve others."""

    node: Node
    name: str
    number: int | None
    protocol: str
    host_port: int | None

    @staticmethod
    def of(node: Node) -> ContainerPort:
        return ContainerPort(
            node=node,
            name=node["name"].text,
            number=node["containerPort"].integer,
            protocol=node["protocol"].text or "TCP",
            host_port=node["hostPort"].integer or None,
        )

    @property
    def name_flaw(self) -> str:
        """Why the API server rejects its name (`IsValidPortName`), or an empty text."""
        return port_name_flaw(self.name) if self.name else ""

    @property
    def number_flaw(self) -> str:
        """Why the API server rejects its number, or an empty text."""
        return "" if self.number is None else number_flaw(self.number)

    def overlaps(self, other: ContainerPort) -> bool:
        """Whether both claim the same port of the pod (the API server's "duplicate" and "overlapping" warnings)."""
        if (self.number, self.protocol) != (other.number, other.protocol):
            return False
        bound = (self.host_port, self.node["hostIP"].text) == (other.host_port, other.node["hostIP"].text)
        return bound or not self.host_port or not other.host_port


@dataclass(frozen=True, slots=True)
class Handler:
    """What a probe or a lifecycle hook calls: `node` is the `httpGet`, `tcpSocket` or `grpc` mapping."""

    where: str
    node: Node

    @property
    def port(self) -> Node:
        return self.node["port"]

    @property
    def port_flaw(self) -> str:
        """Why the API server rejects the port (`ValidatePortNumOrName`), or an empty text."""
        return target_flaw(self.port.value)


class Container:
    """A container; `serves` is false for init containers that end before the pod is ready."""

    def __init__(self, node: Node, *, init: bool) -> None:
        self.node = node
        self.name = node["name"].text
        self.image = node["image"].text
        self.is_sidecar = init and node["restartPolicy"].value == "Always"
        self.serves = not init or self.is_sidecar

    @cached_property
    def ports(self) -> tuple[ContainerPort, ...]:
        return tuple(ContainerPort.of(port) for port in self.node["ports"])

    @cached_property
    def handlers(self) -> tuple[Handler, ...]:
        """Its probes and lifecycle hooks that call a port."""
        return tuple(self._handlers())

    def _handlers(self) -> Iterator[Handler]:
        owners = [(probe, self.node[probe]) for probe in PROBES]
        owners += [(hook, self.node.at("lifecycle", hook)) for hook in ("postStart", "preStop")]
        for where, owner in owners:
            for handler in HANDLERS:
                if owner[handler]:
                    yield Handler(where, owner[handler])

    @cached_property
    def words(self) -> str:
        """Everything it is told on its command line and in its environment, for looking a number up in."""
        told = [item.value for field in ("command", "args") for item in self.node[field]]
        told += [variable["value"].value for variable in self.node["env"]]
        return "\n".join(str(item) for item in told if item is not None)
