"""Words that are a boolean to kubectl and a text to kustomize, which reads YAML 1.2: `yes`, `off` and their like."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from k8snet_lint.source import Source

_WORD = r"(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)"
_SUSPECT = re.compile(rf"[:\-,\[]\s+{_WORD}\s*(?:$|[,\]}}#])|\[{_WORD}[,\]]", re.MULTILINE)
_WHOLE = re.compile(_WORD)


def as_texts(root: Part) -> None:
    """Make texts of those booleans that kustomize takes for texts."""
    if not _is_suspect(root.node.document.source) or not _holds_boolean(root.plain()):
        return
    pending = [root]
    while pending:
        part = pending.pop()
        if part.is_mapping:
            for key, below in part.fields.items():
                part.fields[key] = _settled(below)
            pending.extend(part.fields.values())
        elif part.is_list:
            part.hold([_settled(item) for item in part.items])
            pending.extend(part.items)


def as_annotations(pairs: Part) -> None:
    """Make texts of the values of annotations, as kustomize does whatever they are: a number as it is written."""
    for key, part in pairs.fields.items():
        value = part.plain()
        if isinstance(value, str):
            continue
        text = ""
        if isinstance(value, bool):
            text = str(value).lower()
        elif isinstance(value, int | float):
            text = part.node.location.text or str(value)
        pairs.fields[key] = Part(part.node, text, part.before)


def _settled(part: Part) -> Part:
    value = part.plain()
    if not isinstance(value, bool):
        return part
    word = part.node.location.text
    return Part(part.node, word) if _WHOLE.fullmatch(word) else part


def _holds_boolean(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_boolean(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_boolean(item) for item in value)
    return isinstance(value, bool)


@lru_cache(maxsize=64)
def _searched(text: str) -> bool:
    return _SUSPECT.search(text) is not None


def _is_suspect(source: Source) -> bool:
    return _searched(source.text)
