"""Which endpoints are in the namespaces that a peer means."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from k8snet_lint.graph.namespaces import UNSET
from k8snet_lint.reach.bits import EMPTY, Bounds
from k8snet_lint.selector import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from k8snet_lint.graph import Namespaces
    from k8snet_lint.graph.names import Names
    from k8snet_lint.reach.vocabulary import Vocabulary
    from k8snet_lint.selector import Selector

KNOWN: Mapping[str, Mapping[str, str]] = {
    "openshift-ingress": {
        "network.openshift.io/policy-group": "ingress",
        "policy-group.network.openshift.io/ingress": "",
    }
}
"""Labels of namespaces that a platform makes (OpenShift, *Network policy*)."""


class SpaceClasses:
    """Namespaces that all policies treat alike, so that their pods can be too."""

    def __init__(self, namespaces: Namespaces, vocabulary: Vocabulary) -> None:
        self._own = vocabulary.namespaces
        self._marks: dict[str, list[tuple[int, bool]]] = {}
        told_apart = namespaces.of({*namespaces.names} - self._own)
        for index, selector in enumerate(vocabulary.namespace_selectors if told_apart else ()):
            for found, certain in zip(namespaces.matching(selector), (True, False), strict=True):
                for name in min(told_apart & found, told_apart - found, key=len):
                    self._marks.setdefault(name, []).append((index, certain))

    def key(self, name: str) -> Hashable:
        """What tells a namespace apart; its name where policies live in it.

        For each selector, those are marked that it means, or those that it does not mean where these are fewer.
        """
        return name if name in self._own or name == UNSET else tuple(self._marks.get(name, ()))


class Spaces:
    """Endpoints by namespace.

    Shapes: endpoints are bits; None is the namespace of those whose namespace is not known.
    """

    def __init__(self, namespaces: Namespaces, inside: Iterable[tuple[str | None, int]]) -> None:
        self._namespaces = namespaces
        self._known = {*namespaces.names, UNSET}
        self._bits: dict[str | None, int] = {}
        self._all = 0
        for name, bits in inside:
            self._bits[name] = self._bits.get(name, 0) | bits
            self._all |= bits
        self._inside = reduce(or_, map(self._bits.__getitem__, namespaces.of(self._bits)), 0)
        self._foreign = [name for name in self._bits if name is not None and name not in self._known]
        self._memo: dict[Selector, Bounds] = {}

    def own(self, namespace: str) -> Bounds:
        """The endpoints of a policy's own namespace; what sets none may turn out to be in it."""
        surely = self._bits.get(namespace, 0)
        if namespace == UNSET:
            return Bounds(surely, self._all)
        return Bounds(surely, surely | self._bits.get(UNSET, 0) | self._bits.get(None, 0))

    def matching(self, selector: Selector) -> Bounds:
        """The endpoints of the namespaces that a selector means."""
        found = self._memo.get(selector)
        if found is None:
            found = self._memo[selector] = self._search(selector)
        return found

    def _search(self, selector: Selector) -> Bounds:
        if selector.invalid:
            return EMPTY
        if selector.is_empty:
            return Bounds(self._all, self._all)
        sure, doubtful = self._namespaces.matching(selector)
        surely, maybe = self._united(sure), self._united(doubtful)
        for name in self._foreign:
            labels = {**KNOWN.get(name, {}), NAME_LABEL: name}
            known = [each for each in selector.requirements if each.key in labels and not each.is_unfinished]
            if all(each.admits(labels) for each in known):
                certain = len(known) == len(selector.requirements)
                surely |= self._bits[name] if certain else 0
                maybe |= self._bits[name]
        return Bounds(surely, surely | maybe | self._bits.get(None, 0))

    def _united(self, names: Names) -> int:
        """The endpoints of some namespaces, by those of the others where these are fewer."""
        others = names.others
        if len(names) <= len(others):
            return reduce(or_, (self._bits.get(name, 0) for name in names), 0)
        return self._inside & ~reduce(or_, (self._bits.get(name, 0) for name in others), 0)
