"""Crowds of policies of Calico and Cilium."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _cilium(number: int) -> Iterator[str]:
    """A workload with a policy of Cilium in its namespace and one of the cluster."""
    mine, other = f"{{matchLabels: {{app: a{number}}}}}", f"{{matchLabels: {{app: a{number + 1}}}}}"
    ports = "toPorts: [{ports: [{port: '8080', protocol: TCP}]}]"
    rules = (
        f"endpointSelector: {mine}, ingress: [{{fromEndpoints: [{other}], {ports}}}],"
        f" egress: [{{toEndpoints: [{other}], {ports}}}, {{toCIDR: [10.{number % 250}.0.0/16]}}, {{toEntities: [world]}}]"
    )
    yield manifest("cilium.io/v2", "CiliumNetworkPolicy", f"c{number}", f"spec: {{{rules}}}")
    yield manifest("cilium.io/v2", "CiliumClusterwideNetworkPolicy", f"w{number}", f"spec: {{{rules}}}", "")
    yield deployment(f"d{number}", f"a{number}", HTTP)


def _calico(number: int) -> Iterator[str]:
    """A workload with policies of Calico, in order, and a set of networks."""
    rules = (
        f"types: [Ingress, Egress], ingress: [{{action: Allow, protocol: TCP, source: {{selector: app == 'a{number + 1}'}},"
        f" destination: {{ports: [8080]}}}}], egress: [{{action: Deny, destination: {{selector: set == 's{number}'}}}}, {{action: Pass}}]"
    )
    api = "projectcalico.org/v3"
    yield policy(f"c{number}", f"{{order: {number}, selector: app == 'a{number}', {rules}}}", api=api)
    yield manifest(
        api,
        "GlobalNetworkPolicy",
        f"w{number}",
        f"spec: {{order: {number}, selector: app == 'a{number}', {rules}}}",
        "",
    )
    yield manifest(
        api,
        "GlobalNetworkSet",
        f"s{number}",
        f"spec: {{nets: [10.{number % 250}.0.0/16]}}",
        "",
        f", labels: {{set: s{number}}}",
    )
    yield deployment(f"d{number}", f"a{number}", HTTP)


def _one_subject_calico(number: int) -> Iterator[str]:
    """Policies of Calico, in order, for the same pods."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    yield deployment(f"d{number}", f"a{number}", HTTP)
    denied = f"{{action: Deny, protocol: TCP, source: {{selector: app == 'a{number}'}}, destination: {{ports: [{8000 + number}]}}}}"
    spec = f"spec: {{order: {number}, selector: app == 'web', types: [Ingress], ingress: [{denied}, {{action: Pass}}]}}"
    yield manifest("projectcalico.org/v3", "NetworkPolicy", f"c{number}", spec)


def _one_subject_cilium(number: int) -> Iterator[str]:
    """Policies of Cilium for the same pods that deny what others of them allow, and let out to names."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    yield deployment(f"d{number}", f"a{number}", HTTP)
    ports = f"toPorts: [{{ports: [{{port: '{8000 + number}', protocol: TCP}}]}}]"
    denied = f"ingressDeny: [{{fromEndpoints: [{{matchLabels: {{app: a{number}}}}}], {ports}}}]"
    named = f"egress: [{{toFQDNs: [{{matchName: h{number}.example.org}}], {ports}}}]"
    spec = f"spec: {{endpointSelector: {{matchLabels: {{app: web}}}}, ingress: [{{fromEndpoints: [{{}}]}}], {denied}, {named}}}"
    yield manifest("cilium.io/v2", "CiliumNetworkPolicy", f"c{number}", spec)


def _tiers(number: int) -> Iterator[str]:
    """Tiers of Calico with a policy each, for the pods of one namespace."""
    own, other = f"team-{number}", f"team-{number + 1}"
    yield manifest("projectcalico.org/v3", "Tier", f"t{number}", f"spec: {{order: {number}}}", "")
    rules = f"ingress: [{{action: Allow, source: {{namespaceSelector: team == '{other}'}}}}, {{action: Pass}}]"
    spec = f"spec: {{tier: t{number}, namespaceSelector: team == '{own}', types: [Ingress], {rules}}}"
    yield manifest("projectcalico.org/v3", "GlobalNetworkPolicy", f"t{number}.p", spec, "")
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    yield deployment("web", "web", HTTP, own)


def _default_denies(number: int) -> Iterator[str]:
    """Namespaces that deny everything but their neighbours, one policy of Cilium for each among them."""
    own, other = f"team-{number}", f"team-{number + 1}"
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    yield deployment("web", "web", HTTP, own)
    yield policy("deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}", own)
    peers = f"[{{namespaceSelector: {{matchLabels: {{team: {other}}}}}}}]"
    yield policy("allow", f"{{podSelector: {{}}, ingress: [{{from: {peers}}}]}}", own)
    inside = f"{{matchLabels: {{'k8s:io.kubernetes.pod.namespace': {own}}}}}"
    spec = f"spec: {{endpointSelector: {inside}, ingress: [{{fromEndpoints: [{{matchLabels: {{app: web}}}}]}}]}}"
    yield manifest("cilium.io/v2", "CiliumClusterwideNetworkPolicy", f"w{number}", spec, "")


CROWDS: Mapping[str, Member] = {
    "Cilium": _cilium,
    "Calico": _calico,
    "one subject, Calico": _one_subject_calico,
    "one subject, Cilium": _one_subject_cilium,
    "tiers of Calico": _tiers,
    "default denies": _default_denies,
}
