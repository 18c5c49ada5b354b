"""The schemas of kinds that are shipped, below `schemas/kubernetes/`: `GROUP/KIND_VERSION.json`, in lower case."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from k8snet_lint.shipped import shipped_path
from k8snet_lint.validation.glance import Glance

if TYPE_CHECKING:
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
    directory = os.path.join(_directory(), group or "core")
    name = f"{kind.lower()}_{version}.json"
    if not _holds(_directory(), group or "core") or not _holds(directory, name):
        return None
    schema = json.loads(_text(os.path.join(directory, name)))
    if schema["title"] != f"{api_version} {kind}":
        return None
    return _whole(os.path.join(directory, schema.get("$ref", name)))


@cache
def _directory() -> str:
    return os.path.join(shipped_path("schemas"), "kubernetes")


def _holds(directory: str, name: str) -> bool:
    """Whether an entry has just that name, which manifests give: it may be no name, or a path that leads elsewhere."""
    return name in _names(directory)


@cache
def _names(directory: str) -> frozenset[str]:
    return frozenset(os.listdir(directory) if os.path.isdir(directory) else ())


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _whole(path: str) -> dict[str, Any]:
    """A kind's schema with the definitions of the shared files that it needs, each file's under its name."""
    text = _text(path)
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
    return _text(os.path.join(_directory(), f"{name}.json"))
