"""The schemas of kinds that are shipped, below `schemas/kubernetes/`: `GROUP/KIND_VERSION.json`, in lower case."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from k8snet_lint.shipped import shipped
from k8snet_lint.validation.glance import Glance

if TYPE_CHECKING:
    from pathlib import Path

    from k8snet_lint.validation.validator import SchemaValidator

_SHARED = re.compile(r'"(?:\.\./)?([a-z]+)\.json#/')
"""A reference into a file of definitions, which stands right below `kubernetes/`."""


@cache
def validator_of(api_version: str, kind: str) -> SchemaValidator | None:
    """What judges objects of a kind in that version; None where no schema is shipped for it."""
    from k8snet_lint.validation.validator import SchemaValidator  # noqa: PLC0415 - for objects that a glance does not accept

    schema = _schema_of(api_version, kind)
    return None if schema is None else SchemaValidator(schema)


@cache
def glance_of(api_version: str, kind: str) -> Glance | None:
    """What tells that an object of a kind in that version is valid; None where no schema is shipped for it."""
    schema = _schema_of(api_version, kind)
    return None if schema is None else Glance(schema)


@cache
def _schema_of(api_version: str, kind: str) -> dict[str, Any] | None:
    group, _, version = api_version.rpartition("/")
    path = _files().get(f"{group or 'core'}/{kind.lower()}_{version}")
    if path is None:
        return None
    schema = json.loads(path.read_text(encoding="utf-8"))
    if schema["title"] != f"{api_version} {kind}":
        return None
    if "$ref" in schema:
        path = path.with_name(schema["$ref"])
    return _whole(path)


@cache
def _files() -> dict[str, Path]:
    """Every kind's file by its path without the suffix."""
    return {f"{path.parent.name}/{path.stem}": path for path in (shipped("schemas") / "kubernetes").glob("*/*.json")}


def _whole(path: Path) -> dict[str, Any]:
    """A kind's schema with the definitions of the shared files that it needs, each file's under its name."""
    text = path.read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(_within(text))
    needed = dict.fromkeys(_SHARED.findall(text))
    while missing := [name for name in needed if name not in whole.setdefault("$defs", {})]:
        for name in missing:
            shared = _shared(name)
            whole["$defs"][name] = json.loads(_within(shared.replace('"#/', f'"#/$defs/{name}/')))
            needed |= dict.fromkeys(_SHARED.findall(shared))
    return whole


def _within(text: str) -> str:
    """A schema's text with the references to shared files made references within the whole."""
    return _SHARED.sub(r'"#/$defs/\1/', text)


@cache
def _shared(name: str) -> str:
    path = shipped("schemas") / "kubernetes" / f"{name}.json"
    return path.read_text(encoding="utf-8")
