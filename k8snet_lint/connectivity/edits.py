"""Where two versions of an object differ, as far as connections depend on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Namespace, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.source import Location

MOST = 6
"""Of an object that differs in more places, as many are named."""


class EditedLine(NamedTuple):
    """A place that differs.

    Shapes: `is_new` tells whether it is in the new version; `what` is `added`, `removed` or `changed`; `path` is that
    within the object, empty for the whole of it.
    """

    location: Location
    is_new: bool
    resource: str
    what: str
    path: str


def edited(old: Resource | None, new: Resource | None) -> tuple[EditedLine, ...]:
    """The places where an object differs; nothing where it differs in what no connection depends on."""
    if new is None or old is None:
        whole = new if new is not None else old
        if whole is None:
            return ()
        what = "removed" if new is None else "added"
        return (EditedLine(whole.name_node.location, new is not None, str(whole), what, ""),)
    found = []
    for before, after in zip(_relevant(old), _relevant(new), strict=True):
        for one, other in _differing(before, after):
            node = other if other is not None and other.present else one if one is not None else other
            if node is not None:
                what = "changed" if _written(one) and _written(other) else "added" if _written(other) else "removed"
                resource = new if node is other else old
                found.append(EditedLine(node.location, node is other, str(resource), what, _path(node, resource)))
    return tuple(dict.fromkeys(found))[:MOST]


def _written(node: Node | None) -> bool:
    return node is not None and node.present


def _relevant(resource: Resource) -> tuple[Node, ...]:
    """The parts of an object that connections depend on."""
    if isinstance(resource, Workload):
        spec = resource.pod_spec
        template = resource.template
        return template.at("metadata", "labels"), spec["hostNetwork"], _ports(resource)
    if isinstance(resource, Namespace):
        return (resource.metadata["labels"],)
    return (resource.spec,)


def _ports(workload: Workload) -> Node:
    """The ports of the only container; of several containers, all of what is written of them."""
    containers = workload.pod_spec["containers"]
    return containers[0]["ports"] if len([*containers]) == 1 else containers


def _differing(old: Node, new: Node) -> Iterator[tuple[Node | None, Node | None]]:
    """The smallest parts that are not alike; items of lists are alike wherever they stand."""
    if old.present == new.present and old.value == new.value:
        return
    if old.is_mapping and new.is_mapping:
        for key in dict.fromkeys((*old.value, *new.value)):
            yield from _differing(old[key], new[key])
    elif old.is_list and new.is_list:
        gone, come = [*old], [*new]
        for each in [*gone]:
            same = next((other for other in come if other.value == each.value), None)
            if same is not None:
                gone.remove(each)
                come.remove(same)
        both = min(len(gone), len(come))
        for one, other in zip(gone[:both], come[:both], strict=True):
            yield from _differing(one, other)
        yield from ((one, None) for one in gone[both:])
        yield from ((None, other) for other in come[both:])
    else:
        yield old, new


def _path(node: Node, resource: Resource) -> str:
    keys = node.path[len(resource.node.path) :]
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
