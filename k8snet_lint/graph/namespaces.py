"""Namespaces of a world and what is known of their labels."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.names import NameIndex, Names
from k8snet_lint.graph.parts.beyond import HOMED, HOMELESS, NOTHING
from k8snet_lint.resource import Resource
from k8snet_lint.selector import NAME_LABEL, Operator
from k8snet_lint.spellings import NO_SPELLINGS, Spellings, spellings_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.parts.beyond import Beyond
    from k8snet_lint.resource import Namespace
    from k8snet_lint.selector import Selector
    from k8snet_lint.spellings import Spellings

UNSET = ""
"""The namespace of what names none: a class of its own, and `default` only where no namespace is written anywhere."""


def named_by(selector: Selector) -> bool:
    """Whether a selector says by their names which namespaces it means, so that no other can be among them."""
    return bool(selector.requirements) and all(
        each.key == NAME_LABEL and each.operator is Operator.IN for each in selector.requirements
    )


class Namespaces:
    """Every namespace that something in the world is in, is named by, or is assumed to be.

    The API server labels each with its own name (KEP-2161). All other labels are known only where the
    Namespace object is in the world or its labels were assumed.
    """

    def __init__(
        self, resources: Iterable[Resource], written: Iterable[Namespace], facts: Facts, beyond: Beyond = NOTHING
    ) -> None:
        self.written: Mapping[str, Namespace] = {namespace.name: namespace for namespace in written}
        self._assumed = facts.assumed.namespaces
        self._first: dict[str, Resource] = {}
        self._beyond = beyond
        self._holds_unset = False
        for resource in resources:
            if resource.namespace:
                self._first.setdefault(resource.namespace, resource)
            elif not self._holds_unset:
                self._holds_unset = type(resource) is not Resource and not resource.cluster_scoped
        self.names = tuple(sorted({*self._first, *self.written, *self._assumed} - {UNSET}))
        self._memo: dict[Selector, tuple[Names, Names]] = {}
        self._labels: dict[str, Mapping[str, str]] = {}

    @cached_property
    def unset_is_default(self) -> bool:
        """Whether nothing names a namespace anywhere, so that all is applied to the default one."""
        return not self._first and not self.written and not self._beyond.holds(HOMED)

    def labels(self, name: str) -> Mapping[str, str]:
        """The labels that are known, the name's own among them."""
        found = self._labels.get(name)
        if found is None:
            found = self._labels[name] = self._known_labels(name)
        return found

    def _known_labels(self, name: str) -> Mapping[str, str]:
        label = name or ("default" if self.unset_is_default else "")
        known: Mapping[str, str] = {NAME_LABEL: label} if label else {}
        if name in self.written:
            return {**self.written[name].labels, **known}
        return {**self._assumed.get(name, {}), **known}

    def knows(self, name: str) -> bool:
        """Whether all of its labels are known."""
        return name in self.written or bool(self._assumed.get(name))

    def first_in(self, name: str) -> Resource | None:
        """The first resource that says it is in that namespace."""
        return self._first.get(name)

    def spellings(self, key: str) -> Spellings:
        """The known values of a label, in the order of the namespaces' names."""
        return self._spellings.get(key, NO_SPELLINGS)

    def labelled(self, key: str, value: str) -> Sequence[str]:
        """The namespaces that are known to carry that label."""
        return self._labelled.get(key, {}).get(value, ())

    def matching(self, selector: Selector) -> tuple[Names, Names]:
        """The namespaces that the selector holds for, and those for which unknown labels decide.

        The unset namespace, an empty name, is among the candidates where something is in it.
        """
        found = self._memo.get(selector)
        if found is None:
            surely, maybe = self._search(selector)
            found = self._memo[selector] = Names(self._index, surely), Names(self._index, maybe)
        return found

    def of(self, names: Iterable[str | None]) -> Names:
        """Those of some names that are among the namespaces."""
        return Names(self._index, self._index.those(names))

    def _search(self, selector: Selector) -> tuple[int, int]:
        if selector.invalid:
            return 0, 0
        if selector.is_unfinished:
            surely = self._meeting(selector)[0]
            return surely, reduce(or_, self._meeting(selector.where(lambda each: not each.is_unfinished))) & ~surely
        return self._meeting(selector)

    def _meeting(self, selector: Selector) -> tuple[int, int]:
        index, known = self._index, self._known
        on_name = [requirement for requirement in selector.requirements if requirement.key == NAME_LABEL]
        others = len(on_name) < len(selector.requirements)
        surely, unknown = known & index.meeting(selector.requirements), index.all & ~known
        if not on_name:
            return (surely, unknown) if others else (surely | unknown, 0)
        unnamed = unknown & index.those(() if self.unset_is_default else (UNSET,))
        named = unknown & ~unnamed & index.meeting(on_name)
        return (surely, unnamed | named) if others else (surely | named, unnamed)

    @cached_property
    def _index(self) -> NameIndex:
        unset = self._holds_unset or self._beyond.holds(HOMELESS)
        return NameIndex(((UNSET, *self.names) if unset else self.names), self.labels)

    @cached_property
    def _known(self) -> int:
        return self._index.those(name for name in self.names if self.knows(name))

    @cached_property
    def _spellings(self) -> Mapping[str, Spellings]:
        return spellings_by((key, value) for key, values in self._labelled.items() for value in values)

    @cached_property
    def _labelled(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for name in self.names:
            for key, value in self.labels(name).items():
                found.setdefault(key, {}).setdefault(value, []).append(name)
        return found
