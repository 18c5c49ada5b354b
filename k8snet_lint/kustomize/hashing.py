"""The hash in the name of a generated object, so that a change of content rolls out what reads it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from k8snet_lint.kustomize.draft import Draft, Drafts

_LETTERS = str.maketrans("013ae", "ghkmt")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def hash_names(drafts: Drafts) -> None:
    """Put the hashes of what generated objects hold after their names."""
    for draft in drafts:
        if draft.is_hashed:
            draft.remember()
            draft.rename(f"{draft.name}-{content_hash(draft)}", draft.root.node)
    drafts.changed()


def content_hash(draft: Draft) -> str:
    """Ten letters and digits of SHA-256 over what the object holds (kustomize's `hasher`).

    Kustomize means to take the name in, and takes an empty one.
    """
    held: dict[str, Any] = {"kind": draft.kind, "name": "", "data": _field(draft, "data")}
    if draft.kind == "Secret":
        held["type"] = draft.root.text("type")
    extra = "stringData" if draft.kind == "Secret" else "binaryData"
    value = draft.root.peek((extra,))
    if isinstance(value, dict):
        held[extra] = value
    return hashlib.sha256(_encoded(held).encode()).hexdigest()[:10].translate(_LETTERS)


def _field(draft: Draft, name: str) -> Any:  # noqa: ANN401 - as YAML
    value = draft.root.peek((name,))
    return "" if value is None else value


def _encoded(value: object) -> str:
    """JSON as Go's `encoding/json` writes it: keys sorted, no spaces, HTML escaped."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for plain, escaped in _ESCAPES.items():
        text = text.replace(plain, escaped)
    return text
