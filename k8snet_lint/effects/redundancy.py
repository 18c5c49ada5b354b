"""Rules and policies that add nothing, and rules that allow what the other side denies.

What is redundant is so for any pods: selectors are held against selectors, never against the pods of the set alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.cached import cached_property
from k8snet_lint.effects.containment import asked, given, implies, means_others
from k8snet_lint.effects.covering import Holders, covers
from k8snet_lint.reach.spec import Pods
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.compiled import CompiledPolicy, CompiledRule
    from k8snet_lint.reach.endpoints import Endpoint
    from k8snet_lint.reach.spec import Policy, Rule
    from k8snet_lint.reach.universe import Universe
    from k8snet_lint.resource import Resource, Workload
    from k8snet_lint.selector import Selector

MOST = 200
"""More rules than this for the same pods are not held against each other: each would be, with each."""

NO_LABEL = ("", "")
"""What selectors that ask for none are filed by."""


class Redundant(NamedTuple):
    """A rule that adds nothing to others; `rules` are those others, each with its policy."""

    policy: Resource
    direction: Direction
    rule: Rule
    rules: tuple[tuple[Resource, Rule], ...]


class RedundantPolicy(NamedTuple):
    """A policy without which `others` isolate the same pods and allow all that it allows."""

    policy: Resource
    others: tuple[Resource, ...]


class Denied(NamedTuple):
    """A rule all of whose connections the other side denies; `source` and `target` are one pair of many."""

    policy: Resource
    direction: Direction
    rule: Rule
    source: Workload
    target: Workload
    denying: tuple[Resource, ...]


class Redundancy:
    """What could be deleted without any effect, and what has none though it is meant to."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._engine = reach.engine

    @cached_property
    def rules(self) -> tuple[Redundant, ...]:
        """The redundant rules of NetworkPolicies; of two that are alike, the later one."""
        return tuple(
            each for (_, direction), policies in self._spaces.items() for each in _redundant(policies, direction)
        )

    def policies(self) -> Iterator[RedundantPolicy]:
        """The policies with rules of which each is redundant, and whose pods other policies isolate anyway."""
        found: dict[Resource, list[Redundant]] = {}
        for each in self.rules:
            found.setdefault(each.policy, []).append(each)
        gone: set[Resource] = set()
        for policy in self._engine.policies:
            redundant = found.get(policy.resource, [])
            if redundant and len(redundant) == sum(map(len, policy.rules.values())):
                others = {by: None for each in redundant for by, _ in each.rules if by is not policy.resource}
                if others and gone.isdisjoint(others) and self._isolates(policy, others):
                    gone.add(policy.resource)
                    yield RedundantPolicy(policy.resource, tuple(others))

    def _isolates(self, policy: Policy, others: Mapping[Resource, None]) -> bool:
        """Whether those others are for all its pods, in each of its directions."""
        among = [
            each
            for direction in policy.rules
            for each in self._spaces[policy.subject.namespace, direction]
            if each.resource in others and implies(policy.subject.pods, each.subject.pods)
        ]
        return all(any(direction in each.rules for each in among) for direction in policy.rules)

    @cached_property
    def _spaces(self) -> dict[tuple[str, Direction], list[Policy]]:
        """The NetworkPolicies of each namespace and direction."""
        found: dict[tuple[str, Direction], list[Policy]] = {}
        for policy in self._engine.policies:
            if isinstance(policy.resource, NetworkPolicy):
                for direction in policy.rules:
                    found.setdefault((policy.subject.namespace, direction), []).append(policy)
        return found

    def denied(self) -> Iterator[Denied]:
        """Rules of which every connection between workloads of the set is denied by policies of the other end."""
        for compiled in self._engine.compiled:
            if isinstance(compiled.policy.resource, NetworkPolicy):
                for direction, rules in compiled.rules.items():
                    for rule in rules:
                        found = self._denied(compiled, direction, rule)
                        if found is not None:
                            yield found

    def _denied(self, compiled: CompiledPolicy, direction: Direction, rule: CompiledRule) -> Denied | None:
        engine = self._engine
        other = engine.side(Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS)
        pairs = self._pairs(compiled, rule)
        for subject, peer in pairs:
            about = 0
            for (_, masks), bits in engine.compiler.parts(rule, direction, subject):
                about |= masks if bits >> peer & 1 else 0
            if not about or engine.ports.maybe(other.pair(peer, subject)) & about:
                return None
        if not pairs:
            return None
        mine, theirs = (engine.universe.first(index).workload for index in pairs[0])
        if mine is None or theirs is None:
            return None
        key = other.groups[other.group_of[pairs[0][1]]].key
        denying = tuple(engine.policies[number].resource for tier in key for number, _ in tier)
        ends = (theirs, mine) if direction is Direction.INGRESS else (mine, theirs)
        return Denied(compiled.policy.resource, direction, rule.rule, *ends, denying)

    def _pairs(self, compiled: CompiledPolicy, rule: CompiledRule) -> list[tuple[int, int]]:
        """Every subject with every peer; none where some may be outside the set, or a peer means any pod."""
        universe, matching = self._engine.universe, self._engine.matching
        if any(not isinstance(peer, Pods) or peer.pods.is_empty for peer in rule.rule.peers):
            return []
        if any(map(means_others, rule.rule.peers)):
            universe = self._reach.whole.engine.universe
        here, there = compiled.subject.surely, rule.peers.surely & universe.workloads & universe.selectable
        if not all(matching.peer(peer).surely & there for peer in rule.rule.peers):
            return []
        known = compiled.subject.maybe == here and rule.peers.maybe & universe.workloads == there
        if not known:
            return []
        if universe.size(here) * universe.size(there) > MOST or _hold_pods(universe, here & there):
            # How such pods fall into classes hangs on what policies anywhere ask for.
            universe = self._reach.whole.engine.universe
        if here.bit_count() * there.bit_count() > MOST:
            return []
        return [
            (one, other)
            for one in members(here)
            for other in members(there)
            if one != other or not _is_lone(universe.classes[one])
        ]


def _hold_pods(universe: Universe, bits: int) -> bool:
    """Whether there are pods that no workload makes."""
    return any(each.is_lone for each in universe.endpoints(bits))


def _is_lone(endpoints: Sequence[Endpoint]) -> bool:
    """Whether a class is one pod, which connects to itself whatever policies say."""
    return len(endpoints) == 1 and endpoints[0].is_lone


def _redundant(policies: Sequence[Policy], direction: Direction) -> Iterator[Redundant]:
    by_subject: dict[Selector, list[tuple[Policy, Rule]]] = {}
    for policy in policies:
        by_subject.setdefault(policy.subject.pods, []).extend((policy, rule) for rule in policy.rules[direction])
    wider = _Wider(by_subject)
    holders = {subject: Holders(rule for _, rule in own) for subject, own in by_subject.items()}
    policy_of = {id(rule): policy for own in by_subject.values() for policy, rule in own}
    dropped: set[int] = set()
    for subject, own in by_subject.items():
        others = wider.than(subject)
        if sum(len(by_subject[other]) for other in others) > MOST:
            continue
        among = [holders[other] for other in others]
        for policy, rule in reversed(own):
            found = covers(rule, among, lambda each: each is not rule and id(each) not in dropped)  # noqa: B023
            if found:
                dropped.add(id(rule))
                by = tuple((policy_of[id(each)].resource, each) for each in found)
                yield Redundant(policy.resource, direction, rule, by)


class _Wider:
    """Finds the selectors that hold wherever one does, without holding each against each.

    Each is filed by one of the labels that it asks for, the rarest so far.
    """

    def __init__(self, selectors: Iterable[Selector]) -> None:
        self._filed: dict[tuple[str, str], list[Selector]] = {}
        self._places: dict[Selector, tuple[str, bool, int]] = {}
        for number, selector in enumerate(selectors):
            first = selector.requirements[0] if selector.requirements else None
            self._places[selector] = (first.key, not first.values, number) if first else ("", False, number)
            for label in min(asked(selector), key=self._crowd, default=[NO_LABEL]):
                self._filed.setdefault(label, []).append(selector)

    def than(self, selector: Selector) -> list[Selector]:
        """The selectors that mean all pods of one, itself included."""
        found = {
            each
            for label in (NO_LABEL, *given(selector))
            for each in self._filed.get(label, ())
            if implies(selector, each)
        }
        return sorted(found, key=self._places.__getitem__)

    def _crowd(self, labels: Iterable[tuple[str, str]]) -> int:
        return sum(len(self._filed.get(label, ())) for label in labels)
