"""One direction of all connections: what the policies that select an end let through, for each other end."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.bitset import members
from k8snet_lint.reach.alike import Alike
from k8snet_lint.reach.bits import folded, laid_over, merge, overlay, product
from k8snet_lint.reach.groups import grouped
from k8snet_lint.reach.outcomes import Outcome
from k8snet_lint.reach.sequences import Sequences
from k8snet_lint.reach.stages import Stages
from k8snet_lint.resource.admin_policy import Action, Tier

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from k8snet_lint.reach.compiled import CompiledPolicy, Compiler
    from k8snet_lint.reach.groups import Group
    from k8snet_lint.reach.named_ports import NamedPorts
    from k8snet_lint.reach.ports import PortAtoms
    from k8snet_lint.reach.sequences import Outcomes, Selected
    from k8snet_lint.reach.spec import Policy
    from k8snet_lint.reach.universe import Universe
    from k8snet_lint.resource import Direction

MANY = 16
"""More policies than that for the same pods are mostly for many others, too."""

Cells = dict[int, int]
"""A partition of all endpoints: a pair of masks → the endpoints it holds for. What is left out has no connections."""


class Side:
    """A direction; `policies` are all policies, of which those count that have the direction."""

    def __init__(
        self,
        direction: Direction,
        policies: Sequence[CompiledPolicy],
        universe: Universe,
        compiler: Compiler,
        ports: PortAtoms,
        named: NamedPorts,
    ) -> None:
        self.direction = direction
        self._policies = policies
        self._universe = universe
        self._compiler = compiler
        self._ports = ports
        self.groups = [*grouped(direction, policies, universe, named)]
        self.group_of = [0] * universe.count
        for number, group in enumerate(self.groups):
            for index in members(group.bits):
                self.group_of[index] = number
        self._heard = {group.first: group.heard for group in self.groups}
        self._denying = {
            number
            for number, policy in enumerate(policies)
            if policy.policy.tier is Tier.NETWORK_POLICY
            and any(rule.rule.action is Action.DENY for rule in policy.rules.get(direction, ()))
        }
        self._alike = Alike(direction, policies, self.groups)
        self._cells: dict[int, Cells] = {}
        self._let_through: dict[tuple[int, int, int], bool] = {}
        self._own: dict[tuple[Selected, int], Outcomes] = {}
        self._unions: dict[tuple[tuple[tuple[int, int], ...], Hashable], Cells] = {}
        self._is_staged = any(policy.policy.stage is not None for policy in policies)
        levels = _levels([policy.policy for policy in policies])
        self._sequences = Sequences(levels, self._level, self.is_naming)
        self._stages = Stages(self, levels, ports, universe.all)

    def groups_among(self, classes: int) -> Iterable[int]:
        """The numbers of the groups of some classes, found by whichever of the two there are fewer of."""
        if classes.bit_count() < len(self.groups):
            return dict.fromkeys(self.group_of[index] for index in members(classes))
        return (number for number, group in enumerate(self.groups) if group.bits & classes)

    def alike(self, number: int) -> int:
        """The number that stands for all groups whose policies let through what those of a group do."""
        return self._alike.first(number)

    def cells(self, number: int) -> Cells:
        """What a group's policies let through; worked out when it is first asked for."""
        first = self._alike.first(number)
        found = self._cells.get(first)
        if found is None:
            found = self._cells[first] = self._decide(self.groups[first])
        return found

    def may_let_through(self, number: int, among: int, mask: int) -> bool:
        """Whether a group's policies may let through any of some connections with any of some peers.

        Where policies only add up, and nobody has asked for all of it yet, their rules tell.
        """
        first = self._alike.first(number)
        found = self._let_through.get((first, among, mask))
        if found is None:
            found = self._let_through[first, among, mask] = self._may_let_through(first, among, mask)
        return found

    def _may_let_through(self, number: int, among: int, mask: int) -> bool:
        group, ports = self.groups[number], self._ports
        admin, network, baseline, _ = group.key
        adds_up = not (admin or baseline or self._is_staged) and self.isolates(group)
        if number in self._cells or not adds_up or any(each in self._denying for each, _ in network):
            cells = self.cells(number).items()
            return any(bits & among and ports.maybe(masks) & mask for masks, bits in cells)
        parts = (part for each, _ in network for part in self._parts(each, group.first, Action.ALLOW))
        host = ((0, ports.full), self._universe.on_host)
        return any(bits & among and maybe & mask for (_, maybe), bits in (host, *parts))

    def pair(self, subject: int, peer: int) -> int:
        """The pair of masks that one class's policies let through to or from another class."""
        for masks, bits in self.cells(self.group_of[subject]).items():
            if bits >> peer & 1:
                return masks
        return 0

    def outcome(self, selected: Selected, subject: int, peer: int) -> Outcome:
        """What one admin policy's rules make of the connections between two classes."""
        for outcome, bits in self._policy(selected, self.groups[self.group_of[subject]].first).items():
            if bits >> peer & 1:
                return outcome
        return Outcome.untouched(self._ports.full)

    # ── tiers ────────────────────────────────────────────────────────────────────────────────────────

    def _decide(self, group: Group) -> Cells:
        cells = self._stages.cells(group) if self._is_staged else self._by_tier(group)
        if self._universe.on_host and not self._is_untouched(group):
            cells = overlay(cells, self._ports.full_pair ^ self._ports.full, self._universe.on_host)
        return self._universe.kept.parts((masks, bits) for masks, bits in cells.items() if masks)

    def isolates(self, group: Group) -> bool:
        """Whether a policy of the tier of NetworkPolicies surely isolates the group."""
        return any(
            certain and cohort.tier is Tier.NETWORK_POLICY and any(map(self._is_isolating, cohort.numbers))
            for cohort, certain in group.cohorts
        )

    def _is_isolating(self, number: int) -> bool:
        return self.direction not in self._policies[number].policy.lenient

    def _by_tier(self, group: Group) -> Cells:
        admin, network, baseline, _ = group.key
        full_pair = self._ports.full_pair
        rest = {full_pair: self._universe.all}
        if baseline and not self.isolates(group):
            rest = self.under(self.tier(baseline, group.first), rest)
        if network:
            rest = self._network(network, group.first, rest)
        return self.under(self.tier(admin, group.first), rest) if admin else rest

    @staticmethod
    def _is_untouched(group: Group) -> bool:
        return not group.cohorts

    def under(self, outcomes: Mapping[Outcome, int], rest: Cells) -> Cells:
        """What a tier of ordered rules lets through, `rest` being what those after it do."""
        ports = self._ports

        def decided(outcome: Outcome, after: int) -> int:
            onward = outcome.onward
            surely = ~outcome.deny & (~onward | ports.surely(after)) & ports.full
            return ports.pair(surely, outcome.allow | onward & ports.maybe(after))

        return product(outcomes, rest, decided)

    def _network(self, selected: Sequence[Selected], first: int, rest: Cells) -> Cells:
        """What policies without an order let through: the union of what they allow, once one surely isolates.

        Where each only may isolate, the worst case is that one does that allows least, the best that none does. What
        one of them denies none of the others allows.
        """
        ports, high = self._ports, self._ports.full_pair ^ self._ports.full
        certain = [(number, ports.full_pair) for number, sure in selected if sure]
        doubtful = [number for number, sure in selected if not sure]
        isolating = [self._union([(n, ports.full_pair)], first) for n in doubtful if self._is_isolating(n)]
        cells = rest
        if any(self._is_isolating(number) for number, _ in certain):
            cells = self._union(certain + [(number, high) for number in doubtful], first)
        elif isolating:
            either = partial(_either, high)
            cells = product(rest, product(folded(isolating, either), self._union(certain, first), or_), either)
        denying = [(number, ports.full_pair if sure else high) for number, sure in selected if number in self._denying]
        return product(cells, self._denied(denying, first), self._without) if denying else cells

    def _union(self, selected: Iterable[tuple[int, int]], first: int) -> Cells:
        """What any of some policies lets through, each as far as a pair of masks that goes with it."""
        return self._joined(tuple(sorted(selected)), first)

    def _joined(self, selected: tuple[tuple[int, int], ...], first: int) -> Cells:
        """The same of policies in their order: of many, by halves, which groups that differ by a few have in common."""
        if len(selected) <= MANY:
            return self._laid_over(
                (pair & within, bits) for number, within in selected for pair, bits in self._allowed(number, first)
            )
        key = selected, self._heard[first]
        found = self._unions.get(key)
        if found is None:
            middle = _middle(selected)
            halves = self._joined(selected[:middle], first), self._joined(selected[middle:], first)
            found = self._unions[key] = product(*halves, or_)
        return found

    def _allowed(self, number: int, first: int) -> Iterable[tuple[int, int]]:
        """What a policy lets through where it selects, but for what it denies itself."""
        parts = ((self._ports.pair(*masks), bits) for masks, bits in self._parts(number, first, Action.ALLOW))
        if number not in self._denying:
            return parts
        denied = self._denied([(number, self._ports.full_pair)], first)
        return product(self._laid_over(parts), denied, self._without).items()

    def _denied(self, selected: Iterable[tuple[int, int]], first: int) -> Cells:
        """What any of some policies denies, each as far as a pair of masks that goes with it."""
        return self._laid_over(
            (self._ports.pair(*masks) & within, bits)
            for number, within in selected
            for masks, bits in self._parts(number, first, Action.DENY)
        )

    def _laid_over(self, parts: Iterable[tuple[int, int]]) -> Cells:
        """All endpoints, parted by the union of the pairs of masks that go with some of them."""
        return laid_over(self._universe.all, [*merge(parts).items()])

    def _without(self, now: int, denied: int) -> int:
        """A pair of masks without what is denied."""
        ports = self._ports
        return ports.pair(ports.surely(now) & ~ports.maybe(denied), ports.maybe(now) & ~ports.surely(denied))

    def _parts(self, number: int, first: int, action: Action) -> Iterable[tuple[tuple[int, int], int]]:
        for rule in self._policies[number].rules[self.direction]:
            if rule.rule.action is action:
                yield from self._compiler.parts(rule, self.direction, first)

    # ── stages ───────────────────────────────────────────────────────────────────────────────────────

    def policy(self, number: int) -> Policy:
        """The policy of a number."""
        return self._policies[number].policy

    def outcomes(self, number: int, first: int) -> Mapping[Outcome, int]:
        """What one policy's rules, in order, make of connections, where it is for the pods."""
        return self._policy((number, True), first)

    def union(self, numbers: Sequence[int], first: int) -> Cells:
        """What NetworkPolicies let through that all are for the pods."""
        return self._network([(number, True) for number in numbers], first, {})

    def is_naming(self, number: int) -> bool:
        """Whether rules of a policy go by a port's name, so that they differ from pod to pod."""
        return self.direction in self._policies[number].naming

    # ── ordered rules ────────────────────────────────────────────────────────────────────────────────

    def tier(self, selected: tuple[Selected, ...], first: int) -> Outcomes:
        """What some admin policies, in order, make of connections: those of one API side by side with another's."""
        versions = dict.fromkeys(self._policies[number].policy.version for number, _ in selected)
        streams = [
            tuple(each for each in selected if self._policies[each[0]].policy.version == version)
            for version in versions
        ]
        return folded([self._sequences.outcomes(each, first) for each in streams], Outcome.beside)

    def _level(self, selected: tuple[Selected, ...], first: int) -> Outcomes:
        """What policies of one priority make of connections, nobody knows which first."""
        return folded([self._policy(each, first) for each in selected], Outcome.beside)

    def _policy(self, selected: Selected, first: int) -> Outcomes:
        """What one policy's rules, in order, make of connections."""
        key = (selected, first if self.is_naming(selected[0]) else -1)
        found = self._own.get(key)
        if found is None:
            found = self._own[key] = self._rules(selected, first)
        return found

    def _rules(self, selected: Selected, first: int) -> Outcomes:
        number, certain = selected
        full, everyone = self._ports.full, self._universe.all
        rules: list[Outcomes] = [{Outcome.untouched(full): everyone}]
        for rule in self._policies[number].rules[self.direction]:
            parts: list[tuple[Outcome, int]] = []
            rest = everyone
            for (surely, maybe), bits in self._compiler.parts(rule, self.direction, first):
                parts.append((Outcome.of_rule(rule.rule.action, surely if certain else 0, maybe, full), bits))
                rest &= ~bits
            parts.append((Outcome.untouched(full), rest))
            rules.append(merge(parts))
        return folded(rules, Outcome.then)


def _either(high: int, one: int, other: int) -> int:
    """The worst and the best of two pairs of masks, `high` being the best that there is."""
    return one & (high | other) | other & high


def _levels(policies: Sequence[Policy]) -> list[int]:
    """For each policy the number of the first one in the same place of the order."""
    first: dict[object, int] = {}
    return [
        first.setdefault((each.tier if each.stage is None else each.stage, each.order), number)
        for number, each in enumerate(policies)
    ]


def _middle(selected: Sequence[tuple[int, int]]) -> int:
    """Where to part policies by their numbers, so that those which lists have in common stay together."""
    lowest, highest = selected[0][0], selected[-1][0]
    bit = (lowest ^ highest).bit_length() - 1
    return bisect_left(selected, (highest >> bit << bit, 0))
