"""Crowds of objects that name Services in their settings, and of custom resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _mentions(number: int) -> Iterator[str]:
    """Settings that name Services, of which every other is missing, of one namespace and of others."""
    urls = f"a: http://s{number}:80, b: 'http://s{number + 1}.shop.svc.cluster.local:8080/x', c: 'postgres://x@db{number}.other:5432'"
    yield manifest("v1", "ConfigMap", f"c{number}", f"data: {{{urls}}}")
    yield deployment(f"d{number}", f"a{number}", HTTP)
    if number % 2:
        yield service(f"s{number}", f"a{number}")


def _monitors(number: int) -> Iterator[str]:
    """Monitors that select Services and pods."""
    api, label = "monitoring.coreos.com/v1", f"{{matchLabels: {{app: a{number}}}}}"
    yield manifest(api, "ServiceMonitor", f"m{number}", f"spec: {{selector: {label}, endpoints: [{{port: http}}]}}")
    any_of = "namespaceSelector: {any: true}"
    yield manifest(
        api, "PodMonitor", f"m{number}", f"spec: {{selector: {label}, {any_of}, podMetricsEndpoints: [{{port: http}}]}}"
    )
    yield deployment(f"d{number}", f"a{number}", HTTP)
    yield service(f"s{number}", f"a{number}")


def _operators(number: int) -> Iterator[str]:
    """Databases of an operator, whose Services it makes, and whoever names them."""
    yield manifest("postgresql.cnpg.io/v1", "Cluster", f"pg{number}", "spec: {instances: 1}")
    urls = f"a: 'postgres://x@pg{number}-rw:5432', b: 'http://gone{number}:80'"
    yield manifest("v1", "ConfigMap", f"c{number}", f"data: {{{urls}}}")


def _settings(number: int) -> Iterator[str]:
    """Workloads with hosts in their variables, and a ConfigMap that all take."""
    if number == 0:
        yield manifest("v1", "ConfigMap", "common", "data: {a: 'http://s1:80', b: 'http://s2:80'}")
    env = f"env: [{{name: URL, value: 'http://s{number + 1}:80'}}], envFrom: [{{configMapRef: {{name: common}}}}]"
    yield deployment(f"d{number}", f"a{number}", HTTP).replace(", ports:", f", {env}, ports:")
    yield service(f"s{number}", f"a{number}")
    peer = f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}"
    yield policy(f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}, ingress: [{{from: [{peer}]}}]}}")


def _custom(number: int) -> Iterator[str]:
    """A definition of a kind, and an object of it."""
    group, plural = f"g{number}.example.org", f"things{number}"
    schema = "{type: object, properties: {spec: {type: object, required: [size], properties: {size: {type: integer}}}}}"
    yield manifest(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        f"{plural}.{group}",
        f"spec:\n  group: {group}\n  scope: Namespaced\n  names: {{kind: Thing{number}, plural: {plural}}}\n"
        f"  versions: [{{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {schema}}}}}]",
        "",
    )
    yield manifest(f"{group}/v1", f"Thing{number}", "it", "spec: {size: 3, color: red}")


def _one_part(number: int) -> Iterator[str]:
    """Services with one label that all have and monitors that ask for it, each beside another label or namespace."""
    api, part = "monitoring.coreos.com/v1", "part: all"
    labels = f", labels: {{app: a{number}, {part}}}"
    yield manifest("v1", "Service", f"s{number}", "spec: {ports: [{name: http, port: 80}]}", "shop", labels)
    both = f"spec: {{selector: {{matchLabels: {{app: b{number}, {part}}}}}, endpoints: [{{port: http}}]}}"
    yield manifest(api, "ServiceMonitor", f"m{number}", both)
    alone = f"spec: {{selector: {{matchLabels: {{{part}}}}}, endpoints: [{{port: http}}]}}"
    yield manifest(api, "ServiceMonitor", "all", alone, f"team-{number}")


CROWDS: Mapping[str, Member] = {
    "mentions": _mentions,
    "monitors": _monitors,
    "operators": _operators,
    "settings of workloads": _settings,
    "custom resources": _custom,
    "monitors of one label": _one_part,
}
