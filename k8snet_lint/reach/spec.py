"""Policies of every kind in one shape: who is meant, and rules of peers and ports, in the order that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.cidr import Range
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.connections import Connections
    from k8snet_lint.reach.verdict import Reason
    from k8snet_lint.resource import Direction, Resource
    from k8snet_lint.resource.admin_policy import Action, Tier
    from k8snet_lint.selector import Selector


class Everyone(NamedTuple):
    """A peer that means all pods, nodes and addresses; `node` is the rule that names no peers."""

    node: Node


class Pods(NamedTuple):
    """Pods by selectors; `namespaces` is None for those of the policy's own namespace, `namespace`."""

    node: Node
    namespace: str
    namespaces: Selector | None
    pods: Selector


class Block(NamedTuple):
    """Addresses: the ranges of one IP version; `outside` where they never mean pods, whatever the network."""

    node: Node
    version: int
    ranges: tuple[Range, ...]
    outside: bool = False


class Nodes(NamedTuple):
    """Nodes of the cluster, by their labels."""

    node: Node
    selector: Selector


class Domain(NamedTuple):
    """Whatever a host name resolves to; `*.` in front means every name below it."""

    node: Node
    name: str


class Entities(NamedTuple):
    """What has no labels, by the names that Cilium gives it (*Entities based*)."""

    node: Node
    names: tuple[str, ...]


class Unread(NamedTuple):
    """Addresses and nodes, with `pods` pods too, that something outside the policy tells."""

    node: Node
    pods: bool


class AllOf(NamedTuple):
    """What all of some peers mean: everyone, where there are none. Its word tells it from an AnyOf of them."""

    node: Node
    of: tuple[Peer, ...]
    word: Literal["all"] = "all"


class AnyOf(NamedTuple):
    """What any of some peers means: nobody, where there are none."""

    node: Node
    of: tuple[Peer, ...]
    word: Literal["any"] = "any"


class NotOf(NamedTuple):
    """Whatever a peer does not mean."""

    node: Node
    of: Peer


class Doubt(NamedTuple):
    """A condition of which nobody can tell whether it holds, and why; `detail` is what it is about."""

    node: Node
    reason: Reason
    detail: str = ""


Peer = Everyone | Pods | Block | Nodes | Domain | Entities | Unread | AllOf | AnyOf | NotOf | Doubt


class Stage(NamedTuple):
    """When a policy is asked where those of all kinds stand in one order (Calico's tiers).

    Shapes: `passes` tells what becomes of traffic that policies of the stage are for and none of them decides: it goes
    on to the next stage, or is denied.
    """

    number: int
    passes: bool


class Ports(NamedTuple):
    """Ports by number, or by the name that the destination's containers give one.

    Shapes: `connections` is None for a name; `protocol` is empty where a name counts whatever its protocol.
    """

    node: Node
    connections: Connections | None
    name: str = ""
    protocol: str = ""


class Rule(NamedTuple):
    """Traffic between the subject and any of the peers on any of the ports, and what becomes of it.

    Shapes: `doubt` is why that is not sure to become of it, if it is not.
    """

    node: Node
    action: Action
    peers: tuple[Peer, ...]
    ports: tuple[Ports, ...]
    doubt: Reason | None = None


class Policy(NamedTuple):
    """One policy.

    Shapes: `rules` has a key for each direction that the policy is about, with the rules in order; `order` is the
    priority within the tier; `version` tells APIs apart between whose policies no order is defined; `lenient` are the
    directions in which it selects without isolating; `enforced` is false where the network may not know its kind;
    `also` narrows the subject; `stage` is there where policies of all kinds stand in one order, and `settles` then
    tells whether traffic that no rule decides is left to the stage, and not to policies of later ones.
    """

    resource: Resource
    tier: Tier
    subject: Pods
    rules: Mapping[Direction, tuple[Rule, ...]]
    order: int = 0
    version: str = ""
    lenient: frozenset[Direction] = frozenset()
    enforced: bool = True
    also: Peer | None = None
    stage: Stage | None = None
    settles: bool = False


class Degraded(NamedTuple):
    """A part of a policy that the API server rejects, and what the analysis makes of it instead."""

    resource: Resource
    at: Node
    message: str
    effect: str


class Notes:
    """Collects what a reader of policies could not take as it is written."""

    def __init__(self) -> None:
        self.found: list[Degraded] = []

    def add(self, resource: Resource, at: Node, message: str, effect: str = "matches nothing") -> None:
        """One more part that degrades."""
        self.found.append(Degraded(resource, at, message, effect))
