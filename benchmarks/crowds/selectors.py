"""Crowds of pods and of policies that tell them apart, or leave some out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _all_pods_but_one(number: int) -> Iterator[str]:
    """Policies for all pods but one, from all pods but one."""
    yield deployment(f"d{number}", f"a{number}", HTTP)
    others = _others(number)
    yield policy(
        f"p{number}",
        f"{{podSelector: {others}, ingress: [{{from: [{{podSelector: {others}}}], ports: [{{port: http}}]}}]}}",
    )


def _others(number: int) -> str:
    return f"{{matchExpressions: [{{key: app, operator: NotIn, values: [a{number}]}}]}}"


def _to_all_pods_but_one(number: int) -> Iterator[str]:
    """Policies that let out to the pods of all Services but one, by the port of the Services and by its name."""
    yield deployment(f"d{number}", f"a{number}", HTTP)
    yield service(f"s{number}", f"a{number}")
    rule = f"{{to: [{{podSelector: {_others(number)}}}], ports: [{{port: 80}}, {{port: http}}]}}"
    yield policy(
        f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}, policyTypes: [Egress], egress: [{rule}]}}"
    )


def _keys(number: int) -> Iterator[str]:
    """Pods with a label of a key of their own, and policies for those that have it or have it not."""
    yield deployment(f"d{number}", f"a{number}, k{number}: x", HTTP)
    for operator in ("Exists", "DoesNotExist"):
        pods = f"{{matchExpressions: [{{key: k{number}, operator: {operator}}}]}}"
        rule = f"{{from: [{{podSelector: {pods}}}], ports: [{{port: http}}]}}"
        yield policy(f"p{number}-{operator.lower()}", f"{{podSelector: {pods}, ingress: [{rule}]}}")


def _one_port_name(number: int) -> Iterator[str]:
    """Pods that call ports of their own by one name, and policies that let out to all of them by it."""
    yield deployment(f"d{number}", f"a{number}", f"{{name: http, containerPort: {2_000 + number}}}")
    rule = "{to: [{podSelector: {}}], ports: [{port: http}]}"
    yield policy(
        f"p{number}", f"{{podSelector: {{matchLabels: {{app: a{number}}}}}, policyTypes: [Egress], egress: [{rule}]}}"
    )


CROWDS: Mapping[str, Member] = {
    "all pods but one": _all_pods_but_one,
    "to all pods but one": _to_all_pods_but_one,
    "keys of labels": _keys,
    "one name of ports": _one_port_name,
}
