"""Policies of all kinds in one order of stages, each of which decides, passes on or denies (Calico's tiers)."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING, Protocol

from k8snet_lint.reach.bits import folded, merge
from k8snet_lint.reach.outcomes import Outcome
from k8snet_lint.reach.sequences import Sequences
from k8snet_lint.resource.admin_policy import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.reach.groups import Group
    from k8snet_lint.reach.ports import PortAtoms
    from k8snet_lint.reach.sequences import Outcomes, Selected
    from k8snet_lint.reach.sides import Cells
    from k8snet_lint.reach.spec import Policy, Stage


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

    def __init__(self, side: Evaluated, levels: Sequence[int], ports: PortAtoms, everyone: int) -> None:
        self._side = side
        self._ports = ports
        self._everyone = everyone
        self._sequences = Sequences(levels, self._level, side.is_naming)

    def cells(self, group: Group) -> Cells:
        """What a group's policies let through."""
        rest: Cells = {self._ports.full_pair: self._everyone}
        for stage, selected in reversed([*self._by_stage(group)]):
            found = self._sequences.outcomes(selected, group.first).items()
            rest = self._side.under(merge((each.ended(passes=stage.passes), bits) for each, bits in found), rest)
        return rest

    def _by_stage(self, group: Group) -> Iterator[tuple[Stage, tuple[Selected, ...]]]:
        """The policies that select a group, by stage, in the order of evaluation."""
        for stage, selected in groupby(sorted(chain(*group.key)), key=lambda each: self._side.policy(each[0]).stage):
            if stage is not None:
                yield stage, tuple(selected)

    def _level(self, selected: tuple[Selected, ...], first: int) -> Outcomes:
        """Policies of one place in the order: NetworkPolicies together, Calico's one after another, others apart."""
        apart: list[Outcomes] = []
        for tier, chosen in groupby(selected, key=lambda each: self._side.policy(each[0]).tier):
            one_by_one = tier in (Tier.ADMIN, Tier.BASELINE)
            apart += (self._chain(part, first) for part in ([[each] for each in chosen] if one_by_one else [[*chosen]]))
        return folded(apart, Outcome.beside)

    def _chain(self, selected: Sequence[Selected], first: int) -> Outcomes:
        """Policies one after another; NetworkPolicies only allow, so that those that surely select are taken as one."""
        ports = self._ports
        links: list[Outcomes] = [{Outcome.untouched(ports.full): self._everyone}]
        networks = [number for number, certain in selected if certain and self._is_network(number)]
        if networks:
            cells = self._side.union(networks, first).items()
            links[0] = merge(
                (Outcome(ports.maybe(masks), 0, 0, 0, ports.full & ~ports.surely(masks)), bits) for masks, bits in cells
            )
        for number, certain in selected:
            if not (certain and self._is_network(number)):
                links.append(self._one(number, first, certain=certain))
        return folded(links, Outcome.then)

    def _is_network(self, number: int) -> bool:
        return self._side.policy(number).tier is Tier.NETWORK_POLICY

    def _one(self, number: int, first: int, *, certain: bool) -> Outcomes:
        settles = self._side.policy(number).settles
        return merge(
            (each.selected(self._ports.full, certain=certain, settles=settles), bits)
            for each, bits in self._side.outcomes(number, first).items()
        )
