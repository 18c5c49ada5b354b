"""Policies of all kinds in one order of stages, each of which decides, passes on or denies (Calico's tiers)."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING, Protocol

from k8snet_lint.reach.bits import merge, product
from k8snet_lint.reach.outcomes import Outcome
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.reach.ports import PortAtoms
    from k8snet_lint.reach.sides import Cells, Group, Selected
    from k8snet_lint.reach.spec import Policy, Stage

Outcomes = dict[Outcome, int]


class Evaluated(Protocol):
    """One direction, its policies each for itself."""

    def policy(self, number: int) -> Policy:
        """The policy of a number."""

    def outcomes(self, number: int, first: int) -> Mapping[Outcome, int]:
        """What one policy's rules, in order, make of connections, where it is for the pods."""

    def union(self, numbers: Sequence[int], first: int) -> Cells:
        """What NetworkPolicies let through that all are for the pods."""

    def is_naming(self, number: int) -> bool:
        """Whether rules of a policy go by a port's name, so that they differ from pod to pod."""

    def under(self, outcomes: Mapping[Outcome, int], rest: Cells) -> Cells:
        """What ordered rules let through, `rest` being what those after them do."""


class Stages:
    """The policies of one direction, stage after stage; what no policy is for is let through."""

    def __init__(self, side: Evaluated, ports: PortAtoms, everyone: int) -> None:
        self._side = side
        self._ports = ports
        self._everyone = everyone
        self._memo: dict[tuple[tuple[Selected, ...], int], Outcomes] = {}

    def cells(self, group: Group) -> Cells:
        """What a group's policies let through."""
        rest: Cells = {self._ports.full_pair: self._everyone}
        for stage, selected in reversed([*self._by_stage(group)]):
            found = self._levels(selected, group.first).items()
            rest = self._side.under(merge((each.ended(passes=stage.passes), bits) for each, bits in found), rest)
        return rest

    def _by_stage(self, group: Group) -> Iterator[tuple[Stage, tuple[Selected, ...]]]:
        """The policies that select a group, by stage, in the order of evaluation."""
        for stage, selected in groupby(sorted(chain(*group.key)), key=lambda each: self._side.policy(each[0]).stage):
            if stage is not None:
                yield stage, tuple(selected)

    def _levels(self, selected: tuple[Selected, ...], first: int) -> Outcomes:
        """Policies of one stage, level after level; every beginning is kept, as others begin alike."""
        key = (selected, first if any(self._side.is_naming(number) for number, _ in selected) else -1)
        found = self._memo.get(key)
        if found is None:
            order = self._side.policy(selected[-1][0]).order
            start = len(selected)
            while start and self._side.policy(selected[start - 1][0]).order == order:
                start -= 1
            found = self._level(selected[start:], first)
            if start:
                found = product(self._levels(selected[:start], first), found, Outcome.then)
            self._memo[key] = found
        return found

    def _level(self, selected: Sequence[Selected], first: int) -> Outcomes:
        """Policies of one place in the order: NetworkPolicies together, Calico's one after another, others apart."""
        found: Outcomes = {}
        for tier, chosen in groupby(selected, key=lambda each: self._side.policy(each[0]).tier):
            one_by_one = tier in (Tier.ADMIN, Tier.BASELINE)
            for part in ([each] for each in chosen) if one_by_one else (list(chosen),):
                joint = self._chain(part, first)
                found = product(found, joint, Outcome.beside) if found else joint
        return found

    def _chain(self, selected: Sequence[Selected], first: int) -> Outcomes:
        """Policies one after another; NetworkPolicies only allow, so that those that surely select are taken as one."""
        ports = self._ports
        found: Outcomes = {Outcome.untouched(ports.full): self._everyone}
        networks = [number for number, certain in selected if certain and self._is_network(number)]
        if networks:
            cells = self._side.union(networks, first).items()
            found = merge(
                (Outcome(ports.maybe(masks), 0, 0, 0, ports.full & ~ports.surely(masks)), bits) for masks, bits in cells
            )
        for number, certain in selected:
            if not (certain and self._is_network(number)):
                found = product(found, self._one(number, first, certain=certain), Outcome.then)
        return found

    def _is_network(self, number: int) -> bool:
        return self._side.policy(number).tier is Tier.NETWORK_POLICY

    def _one(self, number: int, first: int, *, certain: bool) -> Outcomes:
        settles = self._side.policy(number).settles
        return merge(
            (each.selected(self._ports.full, certain=certain, settles=settles), bits)
            for each, bits in self._side.outcomes(number, first).items()
        )
