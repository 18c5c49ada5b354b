"""Plain values to a Config: the small typed reader that decides what is accepted.

It does not say why a value is rejected: `explain` does, from the schema, and tests hold the two to one verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from k8snet_lint.config.model import Config, Override, Suppression
from k8snet_lint.config.values import (
    Reader,
    Rejected,
    T,
    choice,
    cidr,
    date,
    flag,
    glob,
    kubernetes_version,
    many,
    matching,
    opaque,
    port_range,
    table,
    text,
    word,
)
from k8snet_lint.declare import Preset, Severity
from k8snet_lint.facts import Assumed, Cni, Controller, Facts
from k8snet_lint.loader.options import ChartRelease, UnitFiles, WorldUnits

Keys = Mapping[str, Reader[Any]]

# Where a key and the field that it becomes differ by more than their dashes.
_FIELDS = {"assume": "assumed", "domain": "cluster_domain", "node-port-range": "node_ports"}


def _fields(value: object, keys: Keys, required: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The entries of a mapping that has no keys but these, by the names of their fields."""
    if not isinstance(value, dict) or not required <= value.keys() <= keys.keys():
        raise Rejected
    return {_FIELDS.get(key) or key.replace("-", "_"): keys[key](entry) for key, entry in value.items()}


def _record(kind: Callable[..., T], keys: Keys, *required: str) -> Reader[T]:
    return lambda value: kind(**_fields(value, keys, frozenset(required)))


def _namespace(value: object) -> tuple[str, Mapping[str, str]]:
    """An assumed namespace, given by its name or by its name and labels."""
    entry = _fields({"name": value} if isinstance(value, str) else value, _NAMESPACE, frozenset({"name"}))
    return entry["name"], entry.get("labels", MappingProxyType({}))


_words = many(word)
_globs = many(glob)
_names = many(matching(r"[^/\s]+(/[^/\s]+)?"))
_severity = choice({severity.label: severity for severity in Severity})
_severities = table(_severity)

_NAMESPACE: Keys = {"name": word, "labels": table(text)}
_ASSUME: Keys = {
    "complete": flag,
    "namespaces": lambda value: MappingProxyType(dict(many(_namespace)(value))),
    "services": _names,
    "secrets": _names,
    "config-maps": _names,
    "ingress-classes": _words,
    "gateway-classes": _words,
    "gateways": _names,
}
_CONTROLLER: Keys = {"namespace": word, "labels": table(text), "cidrs": many(cidr), "host-network": flag}
_CLUSTER: Keys = {
    "domain": matching(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"),
    "pod-cidrs": many(cidr),
    "service-cidrs": many(cidr),
    "node-port-range": port_range,
    "default-ingress-class": word,
    "internal-ingress-classes": _words,
    "tls-terminated-upstream": flag,
    "cni": choice({cni.value: cni for cni in Cni}),
    "ingress-controller": _record(Controller, _CONTROLLER),
}
_FACTS: Keys = {
    "assume": _record(Assumed, _ASSUME),
    "cluster": lambda value: _fields(value, _CLUSTER),
    "kubernetes-version": kubernetes_version,
    "system-namespaces": lambda value: frozenset(_words(value)),
    "controller-labels": _words,
    "include-jobs": flag,
}
_SUPPRESSION: Keys = {
    "rule": word,
    "resource": matching(r"[^/\s]+(/[^/\s]+){1,2}"),
    "namespace": word,
    "reason": word,
    "expires": date,
}
_OVERRIDE: Keys = {"paths": _globs, "select": _words, "ignore": _words, "severity": _severities}
_CHART: Keys = {
    "path": glob,
    "values": _words,
    "release": matching(r"[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?"),
    "namespace": matching(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
    "name": word,
}
_UNIT: Keys = {"name": word, "paths": _globs, "namespace": matching(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")}
_CONFIG: Keys = {
    "paths": _words,
    "exclude": _globs,
    "preset": choice({preset.value: preset for preset in Preset}),
    "select": _words,
    "ignore": _words,
    "severity": _severities,
    "fail-on": _severity,
    "options": table(opaque),
    "namespace": matching(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
    "charts": many(_record(ChartRelease, _CHART, "path")),
    "units": many(_record(UnitFiles, _UNIT, "name", "paths")),
    "worlds": many(_record(WorldUnits, {"name": word, "units": _globs}, "name", "units")),
    "render": choice({"auto": True, "never": False}),
    "suppressions": many(_record(Suppression, _SUPPRESSION, "rule")),
    "require-reason": flag,
    "inline": flag,
    "overrides": many(_record(Override, _OVERRIDE, "paths")),
    "rules": _words,
    "crds": _words,
    "strict-inputs": flag,
}


def read(value: object) -> Config:
    """The configuration that a file's value stands for.

    Raises Rejected where the value is not of the shape that `schemas/config.schema.json` describes.
    """
    if not isinstance(value, dict):
        raise Rejected
    facts = _fields({key: entry for key, entry in value.items() if key in _FACTS}, _FACTS)
    own = _fields({key: entry for key, entry in value.items() if key not in _FACTS}, _CONFIG)
    return Config(**own, facts=Facts(**facts.pop("cluster", {}), **facts))
