"""Keys that are no texts: `8080:` without quotes is a number, which kubectl makes a text of and kustomize refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize.inset import inner_of
from k8snet_lint.kustomize.words import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node

_WORDS = ("true", "false", "NaN")
_DAY = re.compile(r"\d{4}-\d\d?-\d\d?")


def odd_keys(root: Node) -> Iterator[Node]:
    """The values of a document whose keys are numbers, booleans or days as they are written."""
    pending = [root] if _may_hold_any(root.value) else []
    while pending:
        node = pending.pop()
        pending.extend(node if node.is_list else [])
        for key, below in node.items():
            pending.append(below)
            if _may_be_odd(key):
                word = inner_of(below).locate_key(below.path).text
                if not isinstance(resolved(word), str) or _DAY.fullmatch(word):
                    yield below


def _may_hold_any(value: Any) -> bool:  # noqa: ANN401 - as YAML
    if isinstance(value, dict):
        return any(_may_be_odd(key) or _may_hold_any(below) for key, below in value.items())
    return isinstance(value, list) and any(map(_may_hold_any, value))


def _may_be_odd(key: str) -> bool:
    return not key[:1].isalpha() or key in _WORDS
