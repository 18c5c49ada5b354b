"""Policies that a network or a mesh enforces beside those of Kubernetes: what the graph and the rules ask of any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.ip_block import IPBlock, WideRange, wide_ranges
from k8snet_lint.resource.policy import PolicyPort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.policy import Direction
    from k8snet_lint.resource.port_flaws import Flaw
    from k8snet_lint.selector import Selector


class PodsMeant(NamedTuple):
    """Pods by two selectors, both of which hold; `node` is where they are written.

    Shapes: `namespaces` is None for the policy's own namespace. A policy that means "these or those" means several.
    """

    node: Node
    namespaces: Selector | None
    pods: Selector


class Fault(NamedTuple):
    """Something wrong with a policy: where, what, said as what the policy does, and what mends it.

    Shapes: `needs` is what another policy may give that makes it right, one of its `gives`; `is_meant` tells what is
    so on purpose, and only good to know; `is_accepted` what is not rejected, but hardly means what is written; `at_key`
    what is wrong with the node's key, whatever its value.
    """

    node: Node
    what: str
    help: str
    needs: str = ""
    is_meant: bool = False
    is_accepted: bool = False
    at_key: bool = False


class EnginePort(PolicyPort):
    """A port of a rule, judged by its own engine; protocol `ANY` stands for all of them."""

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        return ()


class EngineRule(NamedTuple):
    """A rule that lets something in or out, as far as rules about any policy ask; a PolicyRule has the same names.

    Shapes: `subject` are the pods it is for; `pods` and `blocks` its peers by labels and by address, `is_of_pods`
    whether there are no others than those by labels; `every_pod` is where it says that all pods are meant.
    """

    node: Node
    direction: Direction
    peers_node: Node
    subject: PodsMeant
    pods: tuple[PodsMeant, ...]
    is_of_pods: bool
    blocks: tuple[IPBlock, ...]
    is_of_addresses: bool
    every_pod: Node | None
    is_everyone: bool
    ports: tuple[PolicyPort, ...]
    is_every_port: bool

    def wide_ranges(self, *, ipv4: int, ipv6: int) -> Iterator[WideRange]:
        """The addresses that its blocks mean without a gap, where those are more than such prefixes hold."""
        return wide_ranges(self.blocks, ipv4=ipv4, ipv6=ipv6)


class EngineResource(Resource):
    """An object that a network or a mesh reads; `engine` is the name of which."""

    engine = ""

    @property
    def flaws(self) -> tuple[Fault, ...]:
        """What its engine rejects of it."""
        return ()


class EnginePolicy(EngineResource):
    """A policy of an engine of its own. A view of its kind says more; as it stands, nothing of it is known."""

    dns_rule = ""
    """A rule of its egress that lets pods ask the cluster's DNS, as one writes it."""

    @property
    def subjects(self) -> tuple[PodsMeant, ...]:
        """The pods that it is for."""
        return ()

    @property
    def subject_node(self) -> Node:
        """Where it says whom it is for."""
        return self.subjects[0].node if self.subjects else self.name_node

    @property
    def peers(self) -> tuple[PodsMeant, ...]:
        """The pods that its rules let in or out, or keep in or out."""
        return ()

    @property
    def effective_rules(self) -> tuple[EngineRule, ...]:
        """Its rules that let something in or out, where nothing of it denies a part of that again."""
        return ()

    def isolated(self, direction: Direction) -> tuple[PodsMeant, ...]:  # noqa: ARG002 - for those that know
        """Those of the pods it is for that nothing may reach, or that may reach nothing, unless some policy allows."""
        return ()

    @property
    def is_understood(self) -> bool:
        """Whether what it isolates is known; where it is not, it may isolate whatever it could."""
        return False

    def ineffective(self) -> Iterator[Fault]:
        """The parts of it, or the whole, that never come to anything."""
        yield from ()

    @property
    def gives(self) -> frozenset[str]:
        """What it does for other policies of its namespace, or of all where it is for the whole cluster."""
        return frozenset()
