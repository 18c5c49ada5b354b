"""The values at a path that goes through lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node


def everywhere(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    """The values at a path in which `*` stands for every item of a list."""
    for position, key in enumerate(path, start=1):
        if key == "*":
            for item in node:
                yield from everywhere(item, path[position:])
            return
        node = node[key]
    yield node
