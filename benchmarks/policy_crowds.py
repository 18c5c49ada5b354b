"""Crowds of policies: hundreds for the same pods, or about all other namespaces."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def _common(number: int) -> Iterator[str]:
    """Policies for all pods beside one for each, every one with a peer and a port of its own."""
    yield deployment(f"d{number}", f"a{number}", HTTP)
    peer = f"{{podSelector: {{matchLabels: {{app: a{number + 1}}}}}}}"
    rule = f"ingress: [{{from: [{peer}], ports: [{{port: {8000 + number}}}]}}]"
    yield policy(f"all{number}", f"{{podSelector: {{}}, {rule}}}")
    yield policy(f"own{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}, {rule}}}")


def _everywhere(number: int) -> Iterator[str]:
    """Namespaces that let out to everywhere, and to their own pods besides."""
    own = f"team-{number}"
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    yield deployment("web", "web", HTTP, own)
    rules = f"{{to: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}]}}, {{to: [{{podSelector: {{}}}}], ports: [{{port: {8000 + number}}}]}}"
    yield policy("out", f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{rules}]}}", own)


def _one_subject_blocks(number: int) -> Iterator[str]:
    """Policies for the same pods, each about all addresses but some, on a port of its own."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    yield deployment(f"d{number}", f"a{number}", HTTP)
    block = f"{{ipBlock: {{cidr: 0.0.0.0/0, except: [10.{number // 250}.{number % 250}.0/24]}}}}"
    rule = f"{{to: [{block}], ports: [{{port: {8000 + number}}}]}}"
    yield policy(
        f"p{number}", f"{{podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [Egress], egress: [{rule}]}}"
    )


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


def _in_no_namespace(number: int) -> Iterator[str]:
    """Policies and workloads in no namespace, which may be the ones of any other."""
    yield deployment(f"d{number}", f"a{number}", HTTP, "")
    peer = f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}"
    rule = f"ingress: [{{from: [{peer}], ports: [{{port: {8000 + number}}}]}}]"
    yield policy(f"p{number}", f"{{podSelector: {{}}, {rule}}}", "")
    yield deployment("web", "web", HTTP, f"team-{number}")
    yield policy("web", "{podSelector: {matchLabels: {app: web}}}", f"team-{number}")


CROWDS: Mapping[str, Callable[[int], Iterator[str]]] = {
    "common policies": _common,
    "out to everywhere": _everywhere,
    "one subject, blocks": _one_subject_blocks,
    "one subject, Calico": _one_subject_calico,
    "one subject, Cilium": _one_subject_cilium,
    "tiers of Calico": _tiers,
    "default denies": _default_denies,
    "in no namespace": _in_no_namespace,
}
