"""Kustomizations whose fields are spelt in another case: `Resources`, which kustomize takes for `resources`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize.fields import ENTRIES, KNOWN, MAPPINGS, SPEC, WITHIN
from k8snet_lint.kustomize.replacements import OPTIONS as REPLACED
from k8snet_lint.kustomize.replacements import SELECTOR, SOURCE, TARGET
from k8snet_lint.kustomize.target import FIELDS
from k8snet_lint.manifest import AsWritten, Node

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from k8snet_lint.manifest import Path
    from k8snet_lint.source import Location

    Names = dict[str, Any]
    """The fields of a mapping, or of a list's mappings, each with the fields below it."""


def _plain(names: Iterable[str], **below: Names) -> Names:
    return {**{name: {} for name in names}, **below}


_SOURCE = _plain(SOURCE, options=_plain(REPLACED))
_TARGET = _plain(TARGET, select=_plain(SELECTOR), reject=_plain(SELECTOR), options=_plain(REPLACED))
_BELOW = {
    **{field: {name: _plain(fields) for name, fields in below.items()} for field, below in WITHIN.items()},
    "labels": {"fields": _plain(SPEC)},
    "patches": {"target": _plain(FIELDS)},
    "patchesJson6902": {"target": _plain(FIELDS)},
    "replacements": {"source": _SOURCE, "targets": _TARGET},
}
NAMES: Names = {
    **_plain(KNOWN),
    **{field: _plain(fields or ()) for field, fields in MAPPINGS.items()},
    **{field: _plain(fields, **_BELOW.get(field, {})) for field, fields in ENTRIES.items()},
}
"""All fields of a kustomization; what a mapping without any holds is for its author to choose."""


class Respelt(AsWritten):
    """A kustomization with its fields as kustomize spells them; its places are those of what is written."""

    __slots__ = ("_written", "source", "value")

    def __init__(self, written: Node, value: Any) -> None:  # noqa: ANN401 - as YAML
        self._written = written
        self.source = written.document.source
        self.value = value

    def locate(self, path: Path) -> Location:
        """Where the value at `path` is written; for an absent one, its nearest written ancestor."""
        return self._found(path).location

    def locate_key(self, path: Path) -> Location:
        """Where the key (or the list item) at `path` is written; else the nearest written ancestor."""
        return self._found(path).key_location

    def _found(self, path: Path) -> Node:
        node, names = self._written, NAMES
        for key in path:
            if isinstance(key, str):
                keys = node.value if isinstance(node.value, dict) else {}
                node = node[next((each for each in keys if _spelt(each, names, keys) == key), key)]
                names = names.get(key, {})
            else:
                node = node[key]
        return node


def respelt(kustomization: Node) -> Node:
    """A kustomization as kustomize reads it: the very Node, unless a field is spelt in another case."""
    value = _respelt(kustomization.value, NAMES)
    return kustomization if value == kustomization.value else Node(Respelt(kustomization, value), value)


def _respelt(value: Any, names: Names) -> Any:  # noqa: ANN401 - as YAML
    if isinstance(value, list) and names:
        return [_respelt(item, names) for item in value]
    if not isinstance(value, dict) or not names:
        return value
    spelt = {_spelt(key, names, value): held for key, held in value.items()}
    return {name: _respelt(held, names.get(name, {})) for name, held in spelt.items()}


def _spelt(key: str, names: Names, keys: Container[str]) -> str:
    """The field that a key means, the key itself where it means none or where that one is there as well."""
    if key in names:
        return key
    meant = next((name for name in names if name.lower() == key.lower()), key)
    return key if meant in keys else meant
