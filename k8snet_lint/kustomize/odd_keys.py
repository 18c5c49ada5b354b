"""Keys that are no texts: `8080:` without quotes is a number, which kubectl makes a text of and kustomize refuses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.inset import inner_of
from k8snet_lint.kustomize.words import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node

_PLAIN = r"(?:[-+.]?\d[\w.+-]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|true|True|TRUE|false|False|FALSE)"
_SUSPECT = re.compile(rf"(?:^|[{{,?\s-])\s*{_PLAIN}\s*:(?:\s|$)", re.MULTILINE)
_WORDS = ("true", "false", "NaN")
_DAY = re.compile(r"\d{4}-\d\d?-\d\d?")


def odd_keys(root: Node) -> Iterator[Node]:
    """The values of a document whose keys are numbers, booleans or days as they are written."""
    if not _searched(inner_of(root).source.text):
        return
    pending = [root]
    while pending:
        node = pending.pop()
        pending.extend(node if node.is_list else [])
        for key, below in node.items():
            pending.append(below)
            if not key[:1].isalpha() or key in _WORDS:
                word = inner_of(below).locate_key(below.path).text
                if not isinstance(resolved(word), str) or _DAY.fullmatch(word):
                    yield below


@lru_cache(maxsize=64)
def _searched(text: str) -> bool:
    return _SUSPECT.search(text) is not None
