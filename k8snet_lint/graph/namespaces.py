"""Namespaces of a world and what is known of their labels."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snet_lint.resource import Resource
from k8snet_lint.selector import Operator
from k8snet_lint.spellings import Spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.resource import Namespace
    from k8snet_lint.selector import Requirement, Selector

NAME_LABEL = "kubernetes.io/metadata.name"
UNSET = ""
"""The namespace of what names none: a class of its own, and `default` only where no namespace is written anywhere."""


class Namespaces:
    """Every namespace that something in the world is in, is named by, or is assumed to be.

    The API server labels each with its own name (KEP-2161). All other labels are known only where the
    Namespace object is in the world or its labels were assumed.
    """

    def __init__(self, resources: Iterable[Resource], written: Iterable[Namespace], facts: Facts) -> None:
        self.written: Mapping[str, Namespace] = {namespace.name: namespace for namespace in written}
        self._assumed = facts.assumed.namespaces
        self._first: dict[str, Resource] = {}
        self._holds_unset = False
        for resource in resources:
            if resource.namespace:
                self._first.setdefault(resource.namespace, resource)
            elif not self._holds_unset:
                self._holds_unset = type(resource) is not Resource and not resource.cluster_scoped
        self.unset_is_default = not self._first and not self.written
        self.names = tuple(sorted({*self._first, *self.written, *self._assumed} - {UNSET}))
        self._memo: dict[Selector, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._spellings: dict[str, Spellings] = {}
        self._labels: dict[str, Mapping[str, str]] = {}

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
        found = self._spellings.get(key)
        if found is None:
            found = self._spellings[key] = Spellings(self._labelled.get(key, ()))
        return found

    def labelled(self, key: str, value: str) -> Sequence[str]:
        """The namespaces that are known to carry that label."""
        return self._labelled.get(key, {}).get(value, ())

    def matching(self, selector: Selector) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The namespaces that the selector holds for, and those for which unknown labels decide.

        The unset namespace, an empty name, is among the candidates where something is in it.
        """
        found = self._memo.get(selector)
        if found is None:
            found = self._memo[selector] = self._search(selector)
        return found

    def _search(self, selector: Selector) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if selector.invalid:
            return (), ()
        on_name = [requirement for requirement in selector.requirements if requirement.key == NAME_LABEL]
        others = [requirement for requirement in selector.requirements if requirement.key != NAME_LABEL]
        known, unknown = self._candidates(on_name, others)
        if all(each.operator is Operator.NOT_IN for each in selector.requirements):
            named = {
                name
                for each in selector.requirements
                for value in each.values
                for name in self.labelled(each.key, value)
            }
            surely = [name for name in known if name not in named] if named else [*known]
        else:
            surely = [name for name in known if selector.matches(self.labels(name))]
        if not on_name:
            return (tuple(surely), unknown) if others else ((*unknown, *surely), ())
        maybe = []
        for name in unknown:
            labels = self.labels(name)
            if not labels:
                maybe.append(name)
            elif all(requirement.admits(labels) for requirement in on_name):
                (maybe if others else surely).append(name)
        return tuple(surely), tuple(maybe)

    def _candidates(
        self, on_name: Sequence[Requirement], others: Sequence[Requirement]
    ) -> tuple[Iterable[str], tuple[str, ...]]:
        """The namespaces to look at, those whose labels are all known and the others: as few as an index can tell."""
        for requirement in on_name:
            if requirement.operator is Operator.IN:
                named = [*self._unset, *(value for value in requirement.values if value in self._name_set)]
                return [n for n in named if self.knows(n)], tuple(n for n in named if not self.knows(n))
        listed = [
            [name for value in requirement.values for name in self.labelled(requirement.key, value)]
            for requirement in others
            if requirement.operator is Operator.IN
        ]
        return min(listed, key=len, default=self._known), self._unknown

    @cached_property
    def _unset(self) -> tuple[str, ...]:
        return (UNSET,) if self._holds_unset else ()

    @cached_property
    def _name_set(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _known(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if self.knows(name))

    @cached_property
    def _unknown(self) -> tuple[str, ...]:
        return (*self._unset, *(name for name in self.names if not self.knows(name)))

    @cached_property
    def _labelled(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for name in self.names:
            for key, value in self.labels(name).items():
                found.setdefault(key, {}).setdefault(value, []).append(name)
        return found
