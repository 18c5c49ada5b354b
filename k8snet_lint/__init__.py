"""k8snet-lint: what rule authors import. Everything here is loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.version import __version__

if TYPE_CHECKING:
    from k8snet_lint.declare import Evidence, Preset, Problem, Rule, Severity, diagnostic, rule
    from k8snet_lint.effects import Effects
    from k8snet_lint.graph import Absence, Graph, NearMiss, Relation, Unresolved
    from k8snet_lint.manifest import Node
    from k8snet_lint.nearest import did_you_mean, listed
    from k8snet_lint.quoting import quoted
    from k8snet_lint.resource import Resource
    from k8snet_lint.selector import Selector

__all__ = [
    "Absence",
    "Effects",
    "Evidence",
    "Graph",
    "NearMiss",
    "Node",
    "Preset",
    "Problem",
    "Relation",
    "Resource",
    "Rule",
    "Selector",
    "Severity",
    "Unresolved",
    "__version__",
    "diagnostic",
    "did_you_mean",
    "listed",
    "quoted",
    "rule",
]

_HOMES = {
    "Absence": "graph",
    "Effects": "effects",
    "Evidence": "declare",
    "Graph": "graph",
    "NearMiss": "graph",
    "Node": "manifest",
    "Preset": "declare",
    "Problem": "declare",
    "Relation": "graph",
    "Resource": "resource",
    "Rule": "declare",
    "Selector": "selector",
    "Severity": "declare",
    "Unresolved": "graph",
    "diagnostic": "declare",
    "did_you_mean": "nearest",
    "listed": "nearest",
    "quoted": "quoting",
    "rule": "declare",
}


def __getattr__(name: str) -> object:
    """The public name, from the module that defines it (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'k8snet_lint' has no attribute '{name}'"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - only for whoever asks

    value = getattr(import_module(f"k8snet_lint.{home}"), name)
    globals()[name] = value
    return value
