"""Workloads found by their pods' labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.selector import Operator, Requirement, Selector
from k8snet_lint.spellings import NO_SPELLINGS, spellings_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.resource import Workload
    from k8snet_lint.spellings import Spellings


class PodIndex:
    """Some workloads, indexed so that a selector costs what it selects, not what there is."""

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self.workloads = tuple(workloads)
        self._position = {workload: position for position, workload in enumerate(self.workloads)}
        self._by_label: dict[tuple[str, str], list[Workload]] = {}
        self._operated: dict[tuple[str, ...], list[Workload]] = {}
        self._memo: dict[Selector, tuple[Workload, ...]] = {Selector(): self.workloads}
        for workload in self.workloads:
            if workload.supplied_prefixes:
                self._operated.setdefault(workload.supplied_prefixes, []).append(workload)
            for label in workload.pod_labels.items():
                self._by_label.setdefault(label, []).append(workload)

    def matching(self, selector: Selector) -> tuple[Workload, ...]:
        """The workloads whose pods are selected, in the order of the index."""
        found = self._memo.get(selector)
        if found is None:
            found = self._memo[selector] = self._search(selector)
        return found

    def labelled(self, key: str, value: str) -> Sequence[Workload]:
        """The workloads whose pods carry that label."""
        return self._by_label.get((key, value), ())

    def spellings(self, key: str) -> Spellings:
        """The values that a label has on any of the pods, in the order of the index."""
        return self._spellings.get(key, NO_SPELLINGS)

    @cached_property
    def _spellings(self) -> Mapping[str, Spellings]:
        return spellings_by(self._by_label)

    @cached_property
    def torn(self) -> tuple[Workload, ...]:
        """The workloads that do not select their own pods."""
        return tuple(
            each
            for each in self.workloads
            if not (each.selector.is_empty or each.selector.invalid or selects(each.selector, each))
        )

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

    def _search(self, selector: Selector) -> tuple[Workload, ...]:
        if selector.invalid:
            return ()
        equalities = [self._equal(each) for each in selector.requirements if each.operator is Operator.IN]
        if not equalities:
            return tuple(self._left(selector))
        found = (workload for workload in {*min(equalities, key=len)} if selects(selector, workload))
        return tuple(sorted(found, key=self._position.__getitem__))

    def _equal(self, requirement: Requirement) -> list[Workload]:
        """The workloads whose pods have one of some values, and those whose controller may supply it."""
        found = [workload for value in requirement.values for workload in self.labelled(requirement.key, value)]
        for prefixes, workloads in self._operated.items():
            if requirement.key.startswith(prefixes):
                found += workloads
        return found

    def _left(self, selector: Selector) -> Iterator[Workload]:
        """The workloads that a selector without equalities holds for; those that it names by `NotIn` cost nothing."""
        others = tuple(each for each in selector.requirements if each.operator is not Operator.NOT_IN)
        named = {
            workload
            for requirement in selector.requirements
            if requirement.operator is Operator.NOT_IN
            for value in requirement.values
            for workload in self.labelled(requirement.key, value)
        }
        rest = Selector(others)
        for workload in self.workloads:
            if workload in named:
                if workload.supplied_prefixes and selects(selector, workload):
                    yield workload
            elif not others or selects(rest, workload):
                yield workload


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
