"""Kustomizations, built: from a tree of files to objects whose every value knows where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize.files import Entry, EntryKind, Files, Resources

if TYPE_CHECKING:
    from k8snet_lint.kustomize.building import Built, build
    from k8snet_lint.kustomize.document import BuiltDocument
    from k8snet_lint.kustomize.draft import Written
    from k8snet_lint.kustomize.flaw import Flaw, FlawCode

__all__ = [
    "Built",
    "BuiltDocument",
    "Entry",
    "EntryKind",
    "Files",
    "Flaw",
    "FlawCode",
    "Resources",
    "Written",
    "build",
]

_HOMES = {
    "Built": "building",
    "BuiltDocument": "document",
    "Flaw": "flaw",
    "FlawCode": "flaw",
    "Written": "draft",
    "build": "building",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module holds
    """Import what builds when it is first used: few trees hold kustomizations."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - that is the point

    value = getattr(import_module(f"k8snet_lint.kustomize.{home}"), name)
    globals()[name] = value
    return value
