"""Crowds within one policy: its rules or its peers, and the pods that they are for."""

# ruff: noqa: E501 - a manifest in flow style is best read in one piece
from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Whole


def _peers_of_one(members: int) -> Iterator[str]:
    """A policy with many peers, of which every other means no pods, many blocks and many ports."""
    peers = ", ".join(f"{{podSelector: {{matchLabels: {{app: a{i}}}}}}}" for i in range(members))
    blocks = ", ".join(f"{{ipBlock: {{cidr: 10.{i // 250}.{i % 250}.0/24}}}}" for i in range(members))
    ports = ", ".join(f"{{port: {8_000 + i}}}" for i in range(members))
    rules = f"ingress: [{{from: [{peers}], ports: [{ports}]}}], egress: [{{to: [{blocks}]}}]"
    yield policy("web", f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], {rules}}}")
    yield from (deployment(f"d{i}", f"a{i}", HTTP) for i in range(0, members, 2))


def _misspelt_peers_of_one(members: int) -> Iterator[str]:
    """A policy that admits many clients, all of them misspelt, and the clients, which are told to connect."""
    peers = ", ".join(f"{{podSelector: {{matchLabels: {{app: clietn-{i}}}}}}}" for i in range(members))
    yield policy("web", f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{from: [{peers}]}}]}}")
    yield deployment("web", "web", HTTP)
    yield service("web", "web")
    for i in range(members):
        yield f"{deployment(f'd{i}', f'client-{i}', HTTP)}\n      - {{name: of, image: a, env: [{{name: A, value: 'http://web:80'}}]}}"


def _rules_of_one(members: int) -> Iterator[str]:
    """A policy with many rules, each with a peer, a block and a port of its own."""
    rules = ", ".join(
        f"{{from: [{{podSelector: {{matchLabels: {{app: a{i}}}}}}}, {{ipBlock: {{cidr: 0.0.0.0/0, except: [10.{i // 250}.{i % 250}.0/24]}}}}], ports: [{{port: {8_000 + i}}}]}}"
        for i in range(members)
    )
    yield policy("web", f"{{podSelector: {{}}, ingress: [{rules}]}}")
    yield from (deployment(f"d{i}", f"a{i}", HTTP) for i in range(0, members, 2))


def _calico_rules_of_one(members: int) -> Iterator[str]:
    """A policy of Calico with many rules, and one of Cilium with many."""
    rules = ", ".join(
        f"{{action: {('Allow', 'Deny')[i % 2]}, protocol: TCP, source: {{selector: app == 'a{i}'}}, destination: {{ports: [{8_000 + i}]}}}}"
        for i in range(members)
    )
    yield manifest(
        "projectcalico.org/v3",
        "NetworkPolicy",
        "web",
        f"spec: {{selector: all(), types: [Ingress], ingress: [{rules}]}}",
    )
    rules = ", ".join(
        f"{{fromEndpoints: [{{matchLabels: {{app: a{i}}}}}], toPorts: [{{ports: [{{port: '{8_000 + i}', protocol: TCP}}]}}]}}"
        for i in range(members)
    )
    yield manifest(
        "cilium.io/v2", "CiliumNetworkPolicy", "web", f"spec: {{endpointSelector: {{}}, ingress: [{rules}]}}"
    )
    yield from (deployment(f"d{i}", f"a{i}", HTTP) for i in range(0, members, 2))


def _blocks_of_two(members: int) -> Iterator[str]:
    """Two policies with the same blocks, in an order of their own."""
    blocks = [f"{{ipBlock: {{cidr: 10.{i // 250}.{i % 250}.0/24}}}}" for i in range(members)]
    yield deployment("web", "web", HTTP)
    for name, listed in (("some", blocks), ("others", blocks[::-1])):
        yield policy(
            name, f"{{podSelector: {{}}, ingress: [{{from: [{', '.join(listed)}], ports: [{{port: 8080}}]}}]}}"
        )


def _namespaces_of_two(members: int) -> Iterator[str]:
    """Two policies that admit the same pods of many namespaces."""
    peers = ", ".join(
        f"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: team-{i}}}}}, podSelector: {{matchLabels: {{app: web}}}}}}"
        for i in range(members)
    )
    yield from (deployment("web", "web", HTTP, f"team-{i}") for i in range(members))
    for name in ("some", "others"):
        yield policy(name, f"{{podSelector: {{}}, ingress: [{{from: [{peers}], ports: [{{port: 8080}}]}}]}}", "team-0")


def _named_ports_of_one(members: int) -> Iterator[str]:
    """Two policies that name many ports of one container, and as many that it has not."""
    yield deployment("web", "web", ", ".join(f"{{name: p{i}, containerPort: {2_000 + i}}}" for i in range(members)))
    ports = ", ".join(f"{{port: p{i}}}" for i in range(2 * members))
    for name in ("some", "others"):
        yield policy(name, f"{{podSelector: {{}}, ingress: [{{from: [{{podSelector: {{}}}}], ports: [{ports}]}}]}}")


LISTS: Mapping[str, Whole] = {
    "peers of one policy": _peers_of_one,
    "misspelt peers of one policy": _misspelt_peers_of_one,
    "rules of one policy": _rules_of_one,
    "rules of policies of engines": _calico_rules_of_one,
    "blocks of two policies": _blocks_of_two,
    "namespaces of two policies": _namespaces_of_two,
    "named ports of one policy": _named_ports_of_one,
}
