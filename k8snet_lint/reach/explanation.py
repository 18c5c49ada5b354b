"""What an explanation says, as values; who shows it finds the words."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.reach.verdict import Verdict
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.admin_policy import Action

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.verdict import Cause
    from k8snet_lint.resource import Direction, Resource
    from k8snet_lint.resource.admin_policy import Tier


class Basis(enum.StrEnum):
    """What decides a direction.

    ADMIN, NETWORK_POLICY, BASELINE, CALICO: policies of that tier. NO_POLICY: none selects the end, so that all is
    allowed.
    NOT_SELECTABLE: no policy can select the end, an address or a pod on the host's network. OWN_NODE: traffic of a
    node, which the pods on it accept. MESH: a mesh's policies, which are asked last. SELF: a pod that connects to
    itself.
    """

    ADMIN = "admin"
    NETWORK_POLICY = "network-policy"
    BASELINE = "baseline"
    CALICO = "calico"
    NO_POLICY = "no-policy"
    NOT_SELECTABLE = "not-selectable"
    OWN_NODE = "own-node"
    MESH = "mesh"
    SELF = "self"


class Decision(NamedTuple):
    """A rule that matches the connection: the peer and the port of it that do, and what it says.

    Shapes: `peer` and `port` are the rule itself where it names none; `certain` is false where it may not match.
    """

    policy: Resource
    tier: Tier
    rule: Node
    peer: Node
    port: Node
    action: Action
    certain: bool


class EditKind(enum.StrEnum):
    """What a change edits, the smallest first.

    ADD_PORT: an entry of a rule's ports. ADD_LABEL: a label of the other end's pods. ADD_NAMESPACE_LABEL: a label of
    its namespace. ADD_NAMESPACE_SELECTOR: a peer's namespaceSelector. ADD_PEER: one more peer of a rule. ADD_RULE: a
    rule. ALLOW_BEFORE: an Allow rule in front of an admin policy's.
    """

    ADD_PORT = "add-port"
    ADD_LABEL = "add-label"
    ADD_NAMESPACE_LABEL = "add-namespace-label"
    ADD_NAMESPACE_SELECTOR = "add-namespace-selector"
    ADD_PEER = "add-peer"
    ADD_RULE = "add-rule"
    ALLOW_BEFORE = "allow-before"


class Edit(NamedTuple):
    """An edit: `value` is what to write at, or add to, the place `at`, as it would be in YAML.

    Shapes: the value of ADD_PORT and of ADD_PEER is a list item; of the labels a mapping of one; of
    ADD_NAMESPACE_SELECTOR the selector; of ADD_RULE and ALLOW_BEFORE a list item of the policy's rules.
    """

    kind: EditKind
    at: Node
    value: object


class Miss(NamedTuple):
    """A rule that nearly allows the connection, and the edit that makes it do so.

    Shapes: `at` is the peer or the ports that do not match; `wanted` is what it asks for, `found` what there is.
    """

    policy: Resource
    at: Node
    wanted: str
    found: str
    change: Edit


class SideExplanation(NamedTuple):
    """One direction.

    Shapes: `subject` is the end whose policies these are; `isolating` are the policies that select it;
    `decisions` come in the order in which rules are asked; `misses` are there where it is not surely allowed.
    """

    direction: Direction
    subject: Endpoint
    verdict: Verdict
    basis: Basis
    isolating: tuple[Resource, ...] = ()
    decisions: tuple[Decision, ...] = ()
    misses: tuple[Miss, ...] = ()

    @property
    def denying(self) -> Decision | None:
        """The rule that surely denies it; None where nothing but the want of a rule that allows it does."""
        if self.verdict is not Verdict.DENIED:
            return None
        return next((each for each in self.decisions if each.certain and each.action is Action.DENY), None)

    @property
    def is_of_administrator(self) -> bool:
        """Whether policies of the cluster's administrator deny it."""
        return self.verdict is Verdict.DENIED and self.basis in (Basis.ADMIN, Basis.BASELINE)


class Explanation(NamedTuple):
    """Why one connection has its verdict; both directions have to allow it.

    Shapes: `causes` say what is unknown, and with it what would settle the verdict.
    """

    source: Endpoint
    target: Endpoint
    protocol: str
    port: int
    verdict: Verdict
    egress: SideExplanation
    ingress: SideExplanation
    causes: tuple[Cause, ...] = ()

    @property
    def sides(self) -> tuple[SideExplanation, SideExplanation]:
        return self.egress, self.ingress

    @property
    def blocking(self) -> tuple[SideExplanation, ...]:
        """The directions that do not surely allow it."""
        return tuple(side for side in self.sides if side.verdict is not Verdict.ALLOWED)

    @property
    def changes(self) -> tuple[Edit, ...]:
        """The smallest edit for each direction that denies it; together they allow it."""
        return tuple(side.misses[0].change for side in self.blocking if side.misses)
