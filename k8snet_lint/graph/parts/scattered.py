"""What several parts of a world hold, so that none of them knows all that has to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.references import names_wanted
from k8snet_lint.resource import EnginePolicy, Gateway, NetworkPolicy, Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.resource import Resource
    from k8snet_lint.selector import Selector

Mark = tuple[str, str]
"""Something that resources have in common whatever their namespaces are, and of what sort it is."""


def in_directory(directory: str) -> Mark:
    """Their files lie in it."""
    return "directory", directory


def wanting(wanted: str) -> Mark:
    """They refer to it, by labels or by a name."""
    return "wanted", wanted


def scattered(parts: Iterable[Iterable[Resource]], shown: Iterable[Resource]) -> frozenset[Mark]:
    """The marks of resources of several parts; the directories of what is `shown` by all of them do not count."""
    seen = {mark for each in shown for mark in _wants(each)}
    found: set[Mark] = set()
    for resources in parts:
        marks = {mark for each in resources for mark in (in_directory(each.directory), *_wants(each))}
        found |= seen & marks
        seen |= marks
    return frozenset(found)


def _wants(resource: Resource) -> Iterator[Mark]:
    yield from (wanting(str(selector)) for selector in _selectors(resource))
    for _, namespace, name in names_wanted(resource):
        yield wanting(f"{namespace}/{name}" if namespace else name)
    if isinstance(resource, Gateway):
        yield wanting(resource.class_node.text)


def _selectors(resource: Resource) -> Iterator[Selector]:
    """The selectors of pods by which it is for them."""
    if isinstance(resource, Service):
        yield resource.selector
    elif isinstance(resource, NetworkPolicy):
        yield resource.pod_selector
    elif isinstance(resource, EnginePolicy):
        yield from (meant.pods for meant in resource.subjects)
