"""Crowds of policies: hundreds for the same pods, or about all other namespaces."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _except_one(number: int) -> Iterator[str]:
    """A namespace with a policy that admits all namespaces but one."""
    own, other = f"team-{number}", f"team-{number + 1}"
    name_is_not = f"{{key: kubernetes.io/metadata.name, operator: NotIn, values: [{other}]}}"
    team_is_not = f"{{key: team, operator: NotIn, values: [{other}]}}"
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    yield deployment("web", "web", HTTP, own)
    for name, expression in (("by-name", name_is_not), ("by-team", team_is_not)):
        peers = (
            f"[{{namespaceSelector: {{matchExpressions: [{expression}]}}, podSelector: {{matchLabels: {{app: web}}}}}}]"
        )
        yield policy(name, f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], ingress: [{{from: {peers}}}]}}", own)


def _one_subject(number: int) -> Iterator[str]:
    """Policies that are all for the same pods, each with a peer, addresses and ports of its own."""
    if number == 0:
        yield deployment("web", "web", HTTP)
    yield deployment(f"d{number}", f"a{number}", HTTP)
    rule = f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}, {{ipBlock: {{cidr: 10.{number // 250}.{number % 250}.0/24}}}}"
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        ports = f"[{{port: {8000 + number}}}]"
        yield policy(
            f"p{number}-{direction}",
            f"{{podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [{direction.capitalize()}],"
            f" {direction}: [{{{peers}: [{rule}], ports: {ports}}}]}}",
        )


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


def _in_no_namespace(number: int) -> Iterator[str]:
    """Policies and workloads in no namespace, which may be the ones of any other."""
    yield deployment(f"d{number}", f"a{number}", HTTP, "")
    peer = f"{{podSelector: {{matchLabels: {{app: a{number}}}}}}}"
    rule = f"ingress: [{{from: [{peer}], ports: [{{port: {8000 + number}}}]}}]"
    yield policy(f"p{number}", f"{{podSelector: {{}}, {rule}}}", "")
    yield deployment("web", "web", HTTP, f"team-{number}")
    yield policy("web", "{podSelector: {matchLabels: {app: web}}}", f"team-{number}")


def _cluster_policies(number: int) -> Iterator[str]:
    """Policies of the cluster's administrator over namespaces of teams."""
    spec = (
        f"spec: {{tier: Admin, priority: {number % 1000}, subject: {{namespaces: {{matchLabels: {{team: t{number}}}}}}},"
        f" ingress: [{{name: a, action: Deny, from: [{{namespaces: {{matchLabels: {{team: t{number + 1}}}}}}}]}}],"
        f" egress: [{{name: b, action: Accept, to: [{{networks: [10.{number % 250}.0.0/16]}}]}}]}}"
    )
    yield manifest("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", f"p{number}", spec, "")
    yield manifest("v1", "Namespace", f"t{number}", "", "", f", labels: {{team: t{number}}}")
    yield deployment("web", "web", HTTP, f"t{number}")


def _narrow_subjects(number: int) -> Iterator[str]:
    """Policies for pods that share one label and differ by another."""
    labels = f"{{app: web, tier: t{number}}}"
    peer = f"{{podSelector: {{matchLabels: {{app: web, tier: t{number + 1}}}}}}}"
    yield deployment(f"d{number}", f"web, tier: t{number}", HTTP)
    yield policy(
        f"p{number}",
        f"{{podSelector: {{matchLabels: {labels}}}, ingress: [{{from: [{peer}], ports: [{{port: 8080}}]}}]}}",
    )


def _one_priority(number: int) -> Iterator[str]:
    """Policies of the cluster's administrator with the same priority, each for one namespace."""
    own = f"team-{number}"
    subject = f"subject: {{namespaces: {{matchLabels: {{team: {own}}}}}}}"
    denied = "egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}, {namespaces: {}}]}]"
    spec = f"spec: {{priority: 5, {subject}, ingress: [{{action: Deny, from: [{{namespaces: {{}}}}]}}], {denied}}}"
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    yield deployment("web", "web", HTTP, own)
    yield manifest("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", f"a{number}", spec, "")


CROWDS: Mapping[str, Member] = {
    "all namespaces but one": _except_one,
    "one subject": _one_subject,
    "common policies": _common,
    "out to everywhere": _everywhere,
    "one subject, blocks": _one_subject_blocks,
    "in no namespace": _in_no_namespace,
    "cluster policies": _cluster_policies,
    "narrow subjects": _narrow_subjects,
    "one priority": _one_priority,
}
