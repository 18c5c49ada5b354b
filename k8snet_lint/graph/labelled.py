"""What has the labels that a selector asks for, wherever it lives, found by the labels of its own metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.selector import Operator
from k8snet_lint.spellings import NO_SPELLINGS, spellings_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snet_lint.resource import Resource
    from k8snet_lint.selector import Selector
    from k8snet_lint.spellings import Spellings


class Labelled:
    """What has some labels, in the order of files: one value for all who ask for the same labels."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.resources = tuple(resources)
        self._within: dict[tuple[str, ...], tuple[Resource, ...]] = {(): self.resources}

    def within(self, namespaces: tuple[str, ...]) -> tuple[Resource, ...]:
        """Those of some namespaces; all for none."""
        if namespaces not in self._within:
            found = [each for namespace in dict.fromkeys(namespaces) for each in self.by_namespace.get(namespace, ())]
            self._within[namespaces] = tuple(self.resources[number] for number in sorted(found))
        return self._within[namespaces]

    @cached_property
    def by_namespace(self) -> Mapping[str, Sequence[int]]:
        """The places of those of each namespace."""
        found: dict[str, list[int]] = {}
        for number, each in enumerate(self.resources):
            found.setdefault(each.namespace, []).append(number)
        return found

    @cached_property
    def is_fixed(self) -> bool:
        """Whether nothing decides any more where they go."""
        return all(each.is_fixed for each in self.resources)


class ByLabel:
    """Resources by their own labels, which are not those of their pods."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._all = resources
        self._found: dict[Selector, Labelled] = {}
        self._by_label: dict[tuple[str, str], list[Resource]] = {}
        for resource in resources:
            for label in resource.labels.items():
                self._by_label.setdefault(label, []).append(resource)

    def matching(self, selector: Selector) -> Labelled:
        """Those that a selector means."""
        if selector not in self._found:
            fitting = (each for each in self._candidates(selector) if selector.matches(each.labels))
            self._found[selector] = Labelled(tuple(fitting))
        return self._found[selector]

    def having(self, key: str, value: str) -> Sequence[Resource]:
        """Those with a label."""
        return self._by_label.get((key, value), ())

    def values(self, key: str) -> Spellings:
        """The values that a label has on any of them."""
        return self._values.get(key, NO_SPELLINGS)

    @cached_property
    def _values(self) -> Mapping[str, Spellings]:
        return spellings_by(self._by_label)

    def _candidates(self, selector: Selector) -> Sequence[Resource]:
        """Those with one of the labels that are asked for, the rarest; all where none is asked for."""
        asked = (
            [self.having(each.key, value) for value in each.values]
            for each in selector.requirements
            if each.operator is Operator.IN
        )
        rarest = min(asked, key=lambda found: sum(map(len, found)), default=[self._all])
        if len(rarest) == 1:
            return rarest[0]
        return sorted((each for found in rarest for each in found), key=self._places.__getitem__)

    @cached_property
    def _places(self) -> Mapping[Resource, int]:
        return {resource: number for number, resource in enumerate(self._all)}
