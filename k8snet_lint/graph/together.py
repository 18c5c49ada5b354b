"""Whether objects come into one namespace: their own files may leave that to whatever applies them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Generic, TypeVar

from k8snet_lint.loader.names import above
from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.resource import EnginePolicy, NetworkPolicy, Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

R = TypeVar("R", bound=Resource)


class Companions(Generic[R]):
    """Of objects that are in one namespace, as far as anything tells, those that surely come into one with another.

    What names no namespace, or that of a release of which nobody tells it, does so with what one build or chart makes,
    or with what lies in one directory with it, or above or below it. Two charts may be released wherever.
    """

    def __init__(self, objects: Iterable[R]) -> None:
        self._settled: list[R] = []
        self._built: dict[str, list[R]] = {}
        self._at: dict[str, list[R]] = {}
        self._below: dict[str, list[R]] = {}
        for each in objects:
            if each.is_fixed or each.cluster_scoped:
                self._settled.append(each)
            elif each.unit.kind is not UnitKind.PLAIN:
                self._built.setdefault(each.unit.name, []).append(each)
            else:
                self._at.setdefault(each.directory, []).append(each)
                for directory in above(each.directory):
                    self._below.setdefault(directory, []).append(each)

    def of(self, resource: Resource) -> Iterator[R]:
        """Those that surely come into one namespace with that resource, which is of the namespace too."""
        if resource.is_fixed:
            return iter(self._settled)
        settled = (each for each in self._settled if each.cluster_scoped)
        if resource.unit.kind is not UnitKind.PLAIN:
            return chain(settled, self._built.get(resource.unit.name, ()))
        directory = resource.directory
        holding = (self._at.get(each, ()) for each in (directory, *above(directory)))
        return chain(settled, *holding, self._below.get(directory, ()))


def are_for(policies: Sequence[Resource], pods: Resource) -> bool:
    """Whether one of the policies that select some pods is surely for them: it says their labels, or goes with them."""
    return any(map(says_labels, policies)) or any(Companions(policies).of(pods))


def says_labels(policy: Resource) -> bool:
    """Whether a policy is for pods by their labels, and not for all of some namespaces."""
    if isinstance(policy, NetworkPolicy):
        return not policy.pod_selector.is_empty
    return isinstance(policy, EnginePolicy) and any(not each.pods.is_empty for each in policy.subjects)
