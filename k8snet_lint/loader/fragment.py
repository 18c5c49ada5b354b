"""Documents that are no objects yet: patches, which something else completes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

POD_SPECS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): ("spec",),
    ("", "ReplicationController"): ("spec", "template", "spec"),
    ("apps", "DaemonSet"): ("spec", "template", "spec"),
    ("apps", "Deployment"): ("spec", "template", "spec"),
    ("apps", "StatefulSet"): ("spec", "template", "spec"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template", "spec"),
    ("batch", "Job"): ("spec", "template", "spec"),
}
"""Where the kinds that are patched most keep their pods, whose containers the API requires (PodSpec)."""

BODIES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): ("webhooks",),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): ("webhooks",),
    ("apiregistration.k8s.io", "APIService"): ("spec",),
    ("monitoring.coreos.com", "ServiceMonitor"): ("spec", "selector"),
}
"""Where other kinds that are patched keep what they are for."""

DIRECTIVES = ("$patch", "$retainKeys", "$setElementOrder", "$deleteFromPrimitiveList")
"""How a strategic merge patch says more than what to merge (`strategicpatch` in apimachinery)."""


def is_fragment(group: str, kind: str, value: object) -> bool:
    """Whether an object looks like a patch: it holds a directive, or lacks what the API requires of its kind."""
    path = POD_SPECS.get((group, kind))
    if path is not None:
        selected = group != "apps" or _at(value, ("spec", "selector")) is not None
        return not selected or not _has_containers(_at(value, path)) or _has_directive(value)
    if (group, kind) == ("", "Service"):
        return not _is_service_spec(_at(value, ("spec",))) or _has_directive(value)
    if (group, kind) == ("networking.k8s.io", "Ingress"):
        return not _has_backend(_at(value, ("spec",))) or _has_directive(value)
    body = BODIES.get((group, kind))
    return (body is not None and _at(value, body) is None) or _has_directive(value)


def _at(value: object, path: tuple[str, ...]) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _has_containers(pod: object) -> bool:
    """Whether a pod has containers, each with a name and an image."""
    containers = _at(pod, ("containers",))
    return (
        isinstance(containers, list)
        and bool(containers)
        and all(isinstance(one, dict) and one.get("name") and one.get("image") for one in containers)
    )


def _is_service_spec(spec: object) -> bool:
    """Whether a Service has ports, or is of a sort that may do without (ServiceSpec.ports)."""
    if not isinstance(spec, dict):
        return False
    return bool(spec.get("ports")) or spec.get("type") == "ExternalName" or spec.get("clusterIP") == "None"


def _has_backend(spec: object) -> bool:
    """Whether an Ingress sends something somewhere: a rule without paths leaves it to a default backend."""
    rules = _at(spec, ("rules",))
    routed = isinstance(rules, list) and any(_at(rule, ("http", "paths")) for rule in rules)
    return routed or any(_at(spec, (key,)) for key in ("defaultBackend", "backend"))


def _has_directive(value: object) -> bool:
    pending = [value]
    seen = set()
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        if isinstance(value, dict):
            seen.add(id(value))
            if any(isinstance(key, str) and key.startswith(DIRECTIVES) for key in value):
                return True
            pending.extend(value.values())
        elif isinstance(value, list):
            seen.add(id(value))
            pending.extend(value)
    return False
