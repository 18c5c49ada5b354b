"""What several parts of a world hold, so that none of them knows all that has to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.policy_references import pods_within
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
    yield from map(wanting, _labels(resource))
    for _, namespace, name in names_wanted(resource):
        yield wanting(f"{namespace}/{name}" if namespace else name)
    if isinstance(resource, Gateway):
        yield wanting(resource.class_node.text)


def _labels(resource: Resource) -> Iterator[str]:
    """The selectors by which it is for pods, and those of other namespaces by which it admits them."""
    if isinstance(resource, Service):
        yield str(resource.selector)
    elif isinstance(resource, NetworkPolicy):
        yield str(resource.pod_selector)
        for rule in resource.effective_rules:
            for peer in rule.peers:
                yield from _within(peer.pod_selector, peer.namespace_selector)
    elif isinstance(resource, EnginePolicy):
        for meant in (*resource.subjects, *resource.peers):
            yield str(meant.pods)
            yield from _within(meant.pods, meant.namespaces)


def _within(pods: Selector | None, namespaces: Selector | None) -> Iterator[str]:
    if namespaces is not None:
        yield str(namespaces)
        if pods is not None:
            yield pods_within(pods, namespaces)
