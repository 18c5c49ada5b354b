"""What the tests of kustomizations share: objects as they are built, as text that compares."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint.loader import LoadOptions, UnitKind, load
from k8snet_lint.manifest import parse
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from k8snet_lint.loader import Unit
    from k8snet_lint.manifest import Node

OWN = "kustomize.config.k8s.io/"


def unit_at(directory: Path) -> Unit:
    """The unit of the kustomization in a directory."""
    loaded = load([str(directory)], LoadOptions(read_all_kinds=True))
    built = (unit for unit in loaded.units if unit.kind is not UnitKind.PLAIN)
    (unit,) = [unit for unit in built if Path(unit.name).resolve() == directory.resolve()]
    return unit


def objects_of(unit: Unit) -> list[str]:
    """The unit's objects as JSON, sorted, without its kustomizations."""
    built = (written.node.value for written in unit.objects if not written.api_version.startswith(OWN))
    return sorted(json.dumps(value, sort_keys=True) for value in built)


def objects_in(text: str) -> list[str]:
    """The objects of a text as JSON, sorted."""
    return sorted(json.dumps(document.value, sort_keys=True) for document in parse(Source("-", text)).documents)


def built(unit: Unit, kind: str, name: str) -> Node:
    """The unit's object of a kind and name."""
    (node,) = [
        written.node
        for written in unit.objects
        if (written.kind, written.node.at("metadata", "name").text) == (kind, name)
    ]
    return node


def kubectl(directory: Path) -> str | None:
    """What kubectl builds, or None where it refuses; nothing is fetched."""
    nowhere = {**os.environ, "HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
    ran = subprocess.run(
        ["kubectl", "kustomize", str(directory)], capture_output=True, text=True, check=False, env=nowhere, timeout=60
    )
    return ran.stdout if ran.returncode == 0 else None
