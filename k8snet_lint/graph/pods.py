"""Workloads found by their pods' labels."""

from __future__ import annotations

from functools import reduce
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.bitset import set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.graph.chosen import Chosen
from k8snet_lint.nearest import is_near
from k8snet_lint.placeholder import is_open
from k8snet_lint.selector import Operator, Requirement, Selector
from k8snet_lint.spellings import NO_SPELLINGS, spellings_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snet_lint.resource import Workload
    from k8snet_lint.spellings import Spellings

LOOKED_THROUGH = 100
"""Of hundreds of keys of labels, as many are searched for one that is nearly spelt so."""


class PodIndex:
    """Some workloads, indexed so that a selector costs what it selects, not what there is."""

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self.workloads = tuple(workloads)
        self._position = {workload: position for position, workload in enumerate(self.workloads)}
        self._by_label: dict[tuple[str, str], list[Workload]] = {}
        self._operated: dict[tuple[str, ...], list[Workload]] = {}
        self._memo: dict[Selector, Sequence[Workload]] = {Selector(): self.workloads}
        for workload in self.workloads:
            if workload.supplied_prefixes:
                self._operated.setdefault(workload.supplied_prefixes, []).append(workload)
            for label in workload.pod_labels.items():
                self._by_label.setdefault(label, []).append(workload)

    def matching(self, selector: Selector) -> Sequence[Workload]:
        """The workloads whose pods are selected, in the order of the index."""
        found = self._memo.get(selector)
        if found is None:
            found = self._memo[selector] = self._search(selector)
        return found

    def may_mean(self, selector: Selector) -> bool:
        """Whether texts that are still to be filled in decide if it selects any that it does not select as written."""
        if selector.is_unfinished:
            return True
        return any(
            all(each.key in keys or each.admits(workload.pod_labels) for each in selector.requirements)
            for workload, keys in self._unfinished.items()
        )

    @cached_property
    def _unfinished(self) -> dict[Workload, set[str]]:
        """The workloads with labels whose values are still to be filled in, and the keys of those."""
        found: dict[Workload, set[str]] = {}
        for (key, value), workloads in self._by_label.items():
            for workload in workloads if is_open(value) else ():
                found.setdefault(workload, set()).add(key)
        return found

    def may_opt_in(self, selector: Selector) -> bool:
        """Whether it asks for a switch that nobody has turned on yet of the pods that are meant, which are there."""
        rest = selector.where(lambda each: not each.is_switch)
        return rest != selector and (rest.is_empty or bool(self.matching(rest)))

    def labelled(self, key: str, value: str) -> Sequence[Workload]:
        """The workloads whose pods carry that label."""
        return self._by_label.get((key, value), ())

    def carry(self, key: str) -> bool:
        """Whether any of the pods has a label of that key, or of one that it may be a slip of."""
        return key in self._by_key or any(is_near(key, each) for each in islice(self._by_key, LOOKED_THROUGH))

    def spellings(self, key: str) -> Spellings:
        """The values that a label has on any of the pods, in the order of the index."""
        return self._spellings.get(key, NO_SPELLINGS)

    @cached_property
    def _spellings(self) -> Mapping[str, Spellings]:
        return spellings_by(self._by_label)

    @cached_property
    def torn(self) -> tuple[Workload, ...]:
        """The workloads that do not select their own pods."""
        return tuple(each for each in self.workloads if each.mismatch is not None)

    def torn_from(self, key: str, values: Iterable[str]) -> tuple[Workload, ...]:
        """Those of them that select pods by one of some values of a label."""
        return tuple(workload for value in values for workload in self._torn_by_label.get((key, value), ()))

    @cached_property
    def _torn_by_label(self) -> dict[tuple[str, str], list[Workload]]:
        found: dict[tuple[str, str], list[Workload]] = {}
        for workload in self.torn:
            for requirement in workload.selector.requirements:
                if requirement.operator is Operator.IN and len(requirement.values) == 1:
                    found.setdefault((requirement.key, *requirement.values), []).append(workload)
        return found

    def staged(self, selector: Selector) -> tuple[Workload, ...]:
        """The Argo Rollouts that give the labels which a selector wants to the pods of a stage, as of their canary."""
        wanted = next((each for each in selector.requirements if each.operator is Operator.IN), None)
        labels = [("", "")] if wanted is None else [(wanted.key, value) for value in wanted.values]
        among = (each for label in labels for each in self._stages.get(label, ()))
        found = {workload for workload, own in among if selector.matches(own)}
        return tuple(sorted(found, key=self._position.__getitem__))

    @cached_property
    def _stages(self) -> dict[tuple[str, str], list[tuple[Workload, Mapping[str, str]]]]:
        """The stages of Rollouts by each of their labels, and all of them by an empty one."""
        found: dict[tuple[str, str], list[tuple[Workload, Mapping[str, str]]]] = {}
        for workload in self.workloads:
            for own in workload.stages:
                for label in (*own.items(), ("", "")):
                    found.setdefault(label, []).append((workload, own))
        return found

    def _search(self, selector: Selector) -> Sequence[Workload]:
        if selector.invalid:
            return ()
        equalities = [self._equal(each) for each in selector.requirements if each.operator is Operator.IN]
        if not equalities:
            return Chosen(self.workloads, self._meeting(selector.requirements))
        found = (workload for workload in {*min(equalities, key=len)} if selects(selector, workload))
        return tuple(sorted(found, key=self._position.__getitem__))

    def _equal(self, requirement: Requirement) -> list[Workload]:
        """The workloads whose pods have one of some values, and those whose controller may supply it."""
        found = [workload for value in requirement.values for workload in self.labelled(requirement.key, value)]
        for prefixes, workloads in self._operated.items():
            if requirement.key.startswith(prefixes):
                found += workloads
        return found

    def _meeting(self, requirements: Iterable[Requirement]) -> int:
        """The workloads whose pods meet all of some requirements, by their places."""
        found = everything = (1 << len(self.workloads)) - 1
        for each in requirements:
            told = self._places(self._telling(each))
            may = (self._places(those) for key, those in self._operated.items() if each.key.startswith(key))
            met = everything & ~told if each.operator.is_negative else told
            found &= reduce(or_, may, met)
        return found

    def _telling(self, requirement: Requirement) -> Iterable[Workload]:
        """The workloads whose pods have the label of a requirement, with one of its values where it has some."""
        if not requirement.operator.has_values:
            return self._by_key.get(requirement.key, ())
        return (workload for value in requirement.values for workload in self.labelled(requirement.key, value))

    def _places(self, workloads: Iterable[Workload]) -> int:
        return set_of(map(self._position.__getitem__, workloads))

    @cached_property
    def _by_key(self) -> dict[str, list[Workload]]:
        found: dict[str, list[Workload]] = {}
        for (key, _), workloads in self._by_label.items():
            found.setdefault(key, []).extend(workloads)
        return found


def selects(selector: Selector, workload: Workload) -> bool:
    """Whether the selector holds for the pods; labels that only their controller knows count as meeting it."""
    prefixes = workload.supplied_prefixes
    if not prefixes:
        return selector.matches(workload.pod_labels)
    return not selector.invalid and all(
        requirement.admits(workload.pod_labels) or _is_supplied(requirement, prefixes)
        for requirement in selector.requirements
    )


def _is_supplied(requirement: Requirement, prefixes: tuple[str, ...]) -> bool:
    return requirement.key.startswith(prefixes)
