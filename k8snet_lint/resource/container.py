"""Containers of a pod template: their ports and probes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.port_flaws import Flaw, Repeat, flaws, number_flaw, port_name_flaw, repeats, target_flaw
from k8snet_lint.resource.protocols import protocol_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.manifest import Node

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HANDLERS = ("httpGet", "tcpSocket", "grpc")
RAW = frozenset({"ALL", "NET_RAW"})
"""The capabilities that packets with any sender's address need."""

MOST_SHOWN = 8
"""How many ports a message names at the most."""

HOST_VARIABLES = ("HOST", "HOSTNAME")
"""How the names of variables end that hold a host."""


class ContainerPort(NamedTuple):
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
            protocol=protocol_of(node["protocol"]),
            host_port=node["hostPort"].integer or None,
        )

    @property
    def is_open(self) -> bool:
        """Whether its name or its number is still to be filled in."""
        return is_open(self.name) or (self.number is None and is_open(self.node["containerPort"].value))

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """What the API server rejects of it on its own (`validateContainerPorts`)."""
        return flaws(
            self.node,
            name=port_name_flaw(self.name),
            containerPort=number_flaw(self.number),
            hostPort=number_flaw(self.host_port),
        )

    def __str__(self) -> str:
        number = "?" if self.number is None else str(self.number)
        named = f"{self.name}={number}" if self.name else number
        return named if self.protocol == "TCP" else f"{named}/{self.protocol}"


def ports_text(ports: Sequence[ContainerPort]) -> str:
    """Declared ports, for a message: `only web=8080, 9090`, or `no ports`."""
    return f"only {', '.join(map(str, ports[:MOST_SHOWN]))}" if ports else "no ports"


class Handler(NamedTuple):
    """What a probe or a lifecycle hook calls: `node` is the `httpGet`, `tcpSocket` or `grpc` mapping."""

    where: str
    node: Node

    @property
    def port(self) -> Node:
        return self.node["port"]

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """What the API server rejects of its port (`ValidatePortNumOrName`)."""
        return flaws(self.node, port=target_flaw(self.port.value))


class Capabilities(NamedTuple):
    """Capabilities that a container asks for, where and by which name (core/v1 `Capabilities`).

    Shapes: `keeps_net_raw` tells that it gets `NET_RAW` as every container does, without a word on it.
    """

    added: tuple[tuple[Node, str], ...]
    keeps_net_raw: bool


GIVEN = Capabilities((), keeps_net_raw=True)
"""What every container gets."""


class Container:
    """A container; `serves` is false for init containers that end before the pod is ready."""

    def __init__(self, node: Node, *, init: bool) -> None:
        self.node = node
        self.name = node["name"].text
        self.image = node["image"].text
        self.is_sidecar = init and node["restartPolicy"].value == "Always"
        self.serves = not init or self.is_sidecar

    @cached_property
    def repository(self) -> str:
        """Its image's repository, without tag and digest."""
        path, _, last = self.image.partition("@")[0].rpartition("/")
        return f"{path}/{last.partition(':')[0]}".lstrip("/")

    @cached_property
    def ports(self) -> tuple[ContainerPort, ...]:
        return tuple(ContainerPort.of(port) for port in self.node["ports"])

    @property
    def ports_text(self) -> str:
        """The ports that it declares, for a message."""
        return ports_text(self.ports)

    @property
    def repeats(self) -> Iterator[Repeat]:
        """Port names that it gives twice."""
        return repeats((port.node["name"], port.name and f"the port name '{port.name}'") for port in self.ports)

    @cached_property
    def handlers(self) -> tuple[Handler, ...]:
        """Its probes and lifecycle hooks that call a port."""
        return tuple(self._handlers())

    def _handlers(self) -> Iterator[Handler]:
        written = self.node.value if self.node.is_mapping else {}
        owners = [(probe, self.node[probe]) for probe in PROBES if probe in written]
        if "lifecycle" in written:
            owners += [(hook, self.node.at("lifecycle", hook)) for hook in ("postStart", "preStop")]
        for where, owner in owners:
            for handler in HANDLERS if owner else ():
                if owner[handler]:
                    yield Handler(where, owner[handler])

    @property
    def capabilities(self) -> Capabilities:
        """What it asks for beyond what every container gets, and what it gives up."""
        written = self.node["securityContext"]["capabilities"]
        if not written:
            return GIVEN
        added = tuple((node, _capability(node)) for node in written["add"])
        silent = RAW.isdisjoint(map(_capability, written["drop"])) and RAW.isdisjoint(name for _, name in added)
        return Capabilities(added, keeps_net_raw=silent)

    @cached_property
    def words(self) -> str:
        """Everything it is told on its command line and in its environment, for looking a number up in."""
        told = [item.value for field in ("command", "args") for item in self.node[field]]
        told += [variable["value"].value for variable in self.node["env"]]
        return "\n".join(str(item) for item in told if item is not None)

    @property
    def is_told_a_host(self) -> bool:
        """Whether a variable that is called a host holds a name, not an address."""
        return any(
            variable["name"].text.endswith(HOST_VARIABLES)
            and variable["value"].text not in ("", "localhost")
            and variable["value"].text.rpartition(".")[2].isalpha()
            for variable in self.node["env"]
        )


def _capability(node: Node) -> str:
    return node.text.upper().removeprefix("CAP_")
