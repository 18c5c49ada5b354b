"""Policies of the cluster's administrator that get in each other's way (policy.networking.k8s.io)."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.effects.cluster_dns import KUBE_DNS
from k8snet_lint.effects.containment import implies
from k8snet_lint.effects.covering import Holders, covers
from k8snet_lint.reach.connections import NONE, Connections
from k8snet_lint.reach.engine import STRANGER
from k8snet_lint.reach.spec import Block, Pods
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction
from k8snet_lint.resource.admin_policy import Action, AdminPolicy, Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.compiled import CompiledPolicy
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.outcomes import Outcome
    from k8snet_lint.reach.spec import Policy, Rule
    from k8snet_lint.resource import Resource, Workload
    from k8snet_lint.selector import Selector

MOST = 100
"""More policies than this of one priority are held against their neighbours only."""

EVERY_IPV4 = (0, (1 << 32) - 1)


class Collision(NamedTuple):
    """Two policies of one tier that disagree about connections of the same pods, and of which none goes first.

    They are of one priority, or of two versions of the API, between whose policies no order is defined.

    Shapes: `workload` is one that both are for; None where the set holds no workloads, and one policy is for all that
    the other one is for.
    """

    first: Resource
    second: Resource
    direction: Direction
    workload: Workload | None
    peer: Endpoint
    connections: Connections

    @property
    def is_of_two_versions(self) -> bool:
        """Whether no priority settles which goes first."""
        return self.first.version != self.second.version


class Shadowed(NamedTuple):
    """A rule that is never asked, and the earlier rules that match all it does, each with its policy."""

    policy: Resource
    rule: Rule
    by: tuple[tuple[Resource, Rule], ...]


class Accept(NamedTuple):
    """A rule of the Admin tier that lets everyone in, or out, whatever the namespaces' own policies say."""

    policy: Resource
    direction: Direction
    rule: Rule
    connections: Connections


TIERS = (Tier.ADMIN, Tier.BASELINE)


class DeniedDNS(NamedTuple):
    """A rule that denies the cluster's DNS to the policy's pods; `workloads` are those of the set."""

    policy: Resource
    rule: Rule
    workloads: tuple[Workload, ...]

    @property
    def help(self) -> str:
        """What lets queries out, in the words of the policy's version."""
        allowing = self.policy.dns_rule if isinstance(self.policy, AdminPolicy) else ""
        return f"put this rule in front of it: {allowing}"


class ClusterPolicies:
    """AdminNetworkPolicies, BaselineAdminNetworkPolicies and ClusterNetworkPolicies of a world."""

    def __init__(self, reach: Reach) -> None:
        self._engine = reach.engine
        self._numbers = [n for n, each in enumerate(self._engine.policies) if each.tier in TIERS]

    # ── one priority ─────────────────────────────────────────────────────────────────────────────────

    def collisions(self) -> Iterator[Collision]:
        """Pairs without an order that surely disagree about somebody."""
        for one, other in (*self._of_one_priority(), *self._of_two_versions()):
            found = next(self._disagreements(one, other), None)
            if found is not None:
                yield found

    def _of_one_priority(self) -> Iterator[tuple[int, int]]:
        """Pairs of one tier, version and priority."""
        by_place: dict[tuple[Tier, str, int], list[int]] = {}
        for number in self._numbers:
            policy = self._engine.policies[number]
            by_place.setdefault((policy.tier, policy.version, policy.order), []).append(number)
        for numbers in by_place.values():
            yield from _pairs(numbers)

    def _of_two_versions(self) -> Iterator[tuple[int, int]]:
        """Pairs of one tier of which one is written in an older version."""
        for tier in TIERS:
            by_version: dict[str, list[int]] = {}
            for number in self._numbers:
                policy = self._engine.policies[number]
                if policy.tier is tier:
                    by_version.setdefault(policy.version, []).append(number)
            for older, newer in combinations((found[:MOST] for _, found in sorted(by_version.items())), 2):
                yield from product(older, newer)

    def _disagreements(self, one: int, other: int) -> Iterator[Collision]:
        engine = self._engine
        both = engine.compiled[one].subject.surely & engine.compiled[other].subject.surely
        workload = next((each.workload for each in engine.universe.endpoints(both)), None)
        policies = engine.policies[one], engine.policies[other]
        if not engine.universe.workloads and (_subjects_hold(*policies) or _subjects_hold(*reversed(policies))):
            both = 1 << engine.universe.class_of(STRANGER)
        for direction in Direction if both else ():
            side = engine.side(direction)
            first = next(members(both))
            says = [side.tier(((number, True),), first) for number in (one, other)]
            for outcome, bits in says[0].items():
                for against, its in says[1].items():
                    mask = _opposed(outcome, against)
                    if bits & its and mask:
                        peer = engine.universe.first(next(members(bits & its)))
                        ends = (policies[0].resource, policies[1].resource)
                        yield Collision(*ends, direction, workload, peer, engine.ports.connections(mask))

    # ── never asked ──────────────────────────────────────────────────────────────────────────────────

    def shadowed(self) -> Iterator[Shadowed]:
        """Rules that an earlier rule of the policy, or a policy that goes first, leaves nothing to."""
        for direction in Direction:
            for place, number in enumerate(self._numbers):
                policy = self._engine.policies[number]
                earlier = self._ahead(policy, self._numbers[max(place - MOST, 0) : place], direction)
                holders = Holders(rule for _, rule in earlier)
                for rule in policy.rules[direction]:
                    found = {id(each) for each in covers(rule, (holders,))}
                    if found:
                        yield Shadowed(policy.resource, rule, tuple(each for each in earlier if id(each[1]) in found))
                    earlier.append((policy.resource, rule))
                    holders.add(rule)

    def _ahead(self, policy: Policy, numbers: list[int], direction: Direction) -> list[tuple[Resource, Rule]]:
        """The rules that go before a policy's, for all of its pods."""
        before = (self._engine.policies[number] for number in numbers)
        return [
            (each.resource, rule)
            for each in before
            if (each.tier, each.version) == (policy.tier, policy.version) and each.order < policy.order
            if _subjects_hold(policy, each)
            for rule in each.rules[direction]
        ]

    # ── over the heads of namespaces ─────────────────────────────────────────────────────────────────

    def broad_accepts(self) -> Iterator[Accept]:
        """Rules of the Admin tier that accept from every pod, or to every pod, for the pods of every namespace."""
        for number in self._numbers:
            policy = self._engine.policies[number]
            if policy.tier is Tier.ADMIN and _is_every_pod(policy.subject):
                for direction in Direction:
                    for rule in policy.rules[direction]:
                        if rule.action is Action.ALLOW and any(map(_is_everyone, rule.peers)):
                            found = NONE
                            for port in rule.ports:
                                found |= port.connections or NONE
                            yield Accept(policy.resource, direction, rule, found)

    # ── name resolution ──────────────────────────────────────────────────────────────────────────────

    def denied_dns(self) -> Iterator[DeniedDNS]:
        """Rules of the Admin tier that deny queries to the cluster's name servers, with nothing in front of them."""
        engine = self._engine
        server = engine.universe.class_of(KUBE_DNS)
        mask = engine.ports.mask(Connections.port("UDP", 53))
        lenient: list[CompiledPolicy] = []
        spared = 0
        for compiled in (engine.compiled[number] for number in self._numbers):
            rule = self._denying(compiled, server, mask) if compiled.policy.tier is Tier.ADMIN else None
            if rule is not None and not any(_subjects_hold(compiled.policy, each.policy) for each in lenient):
                left = engine.universe.endpoints(compiled.subject.surely & ~spared)
                workloads = tuple(each.workload for each in left if each.workload is not None)
                if workloads or not compiled.subject.maybe:
                    yield DeniedDNS(compiled.policy.resource, rule, workloads)
            if self._lets_pass(compiled, server, mask):
                lenient.append(compiled)
                spared |= compiled.subject.maybe

    def _denying(self, compiled: CompiledPolicy, server: int, mask: int) -> Rule | None:
        """The rule that surely denies, if none before it may do anything else."""
        for rule in compiled.rules[Direction.EGRESS]:
            for (surely, maybe), bits in self._engine.compiler.parts(rule, Direction.EGRESS, server):
                if bits >> server & 1 and maybe & mask:
                    return rule.rule if rule.rule.action is Action.DENY and surely & mask else None
        return None

    def _lets_pass(self, compiled: CompiledPolicy, server: int, mask: int) -> bool:
        return compiled.policy.tier is Tier.ADMIN and any(
            rule.rule.action is not Action.DENY and bits >> server & 1 and maybe & mask
            for rule in compiled.rules[Direction.EGRESS]
            for (_, maybe), bits in self._engine.compiler.parts(rule, Direction.EGRESS, server)
        )


def _pairs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    if len(numbers) > MOST:
        yield from pairwise(numbers)
        return
    for place, one in enumerate(numbers):
        for other in numbers[place + 1 :]:
            yield one, other


def _opposed(one: Outcome, other: Outcome) -> int:
    """The connections that both surely decide, and differently."""
    mine, theirs = _surely(one), _surely(other)
    return (
        (mine[0] | mine[1] | mine[2])
        & (theirs[0] | theirs[1] | theirs[2])
        & ~(mine[0] & theirs[0] | mine[1] & theirs[1] | mine[2] & theirs[2])
    )


def _surely(outcome: Outcome) -> tuple[int, int, int]:
    """What is surely allowed, denied, passed on."""
    allow, deny, passed, unmatched, _ = outcome
    return (
        allow & ~(deny | passed | unmatched),
        deny & ~(allow | passed | unmatched),
        passed & ~(allow | deny | unmatched),
    )


def _subjects_hold(inner: Policy, outer: Policy) -> bool:
    """Whether one policy is for all pods that another one is for."""
    one, other = inner.subject, outer.subject
    return _implied(one.namespaces, other.namespaces) and implies(one.pods, other.pods)


def _implied(one: Selector | None, other: Selector | None) -> bool:
    return one is not None and other is not None and implies(one, other)


def _is_every_pod(pods: Pods) -> bool:
    """Whether it means the pods of every namespace, some perhaps left out."""
    spaces = pods.namespaces
    return spaces is not None and not spaces.invalid and pods.pods.is_empty and (spaces.is_empty or spaces.is_exclusion)


def _is_everyone(peer: object) -> bool:
    return (isinstance(peer, Pods) and _is_every_pod(peer)) or (
        isinstance(peer, Block) and peer.ranges == (EVERY_IPV4,)
    )
