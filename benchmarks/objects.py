"""Objects of crowds, written in flow style, which is shorter and is read at the same cost. All is invented."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Member = Callable[[int], Iterator[str]]
    """What writes the objects that one member of a crowd comes with, by its number."""

    Whole = Callable[[int], Iterator[str]]
    """What writes the objects of a crowd of so many members."""


def manifest(api_version: str, kind: str, name: str, rest: str, namespace: str = "shop", more: str = "") -> str:
    """An object, `rest` below its metadata and `more` in it."""
    placed = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}{placed}{more}}}\n{rest}"


def deployment(name: str, label: str, port: str, namespace: str = "shop", pod: str = "") -> str:
    """A Deployment whose pods have the label `app`; `pod` goes before its containers."""
    return manifest(
        "apps/v1",
        "Deployment",
        name,
        f"spec:\n  selector: {{matchLabels: {{app: {label}}}}}\n  template:\n    metadata: {{labels: {{app: {label}}}}}\n"
        f"    spec:\n      {pod}containers:\n      - {{name: main, image: registry.example.org/{name}, ports: [{port}]}}",
        namespace,
    )


def service(name: str, label: str, target: str = "http", namespace: str = "shop", more: str = "") -> str:
    """A Service for the pods of a label, on port 80."""
    spec = f"spec: {{selector: {{app: {label}}}, ports: [{{name: http, port: 80, targetPort: {target}}}]{more}}}"
    return manifest("v1", "Service", name, spec, namespace)


def policy(name: str, spec: str, namespace: str = "shop", api: str = "networking.k8s.io/v1") -> str:
    """A NetworkPolicy."""
    return manifest(api, "NetworkPolicy", name, f"spec: {spec}", namespace)


HTTP = "{name: http, containerPort: 8080}"
