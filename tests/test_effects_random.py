"""What is called redundant or shadowed can go: in any world without doubts, nothing changes without it."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8snet_lint.effects import Effects
from k8snet_lint.reach import Reach
from k8snet_lint.resource import Workload
from tests.conformance_adapter import plain_graph
from tests.random_worlds import ADDRESSES, Worlds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

seeds = st.integers(min_value=0, max_value=2**48)
many = settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))

Manifest = dict[str, Any]


def allowed(manifests: Sequence[Manifest]) -> dict[tuple[str, str], object]:
    """Everything that is allowed between pods and a few addresses."""
    reach = Reach.of(plain_graph(manifests))
    pods = {each.name: reach.peers(each) for each in reach.graph.select(Workload)}
    ends = {**pods, **{address: reach.addresses(address) for address in ADDRESSES}}
    answers = {(one, other): reach.allowed(ends[one], ends[other]) for one in ends for other in ends}
    return {pair: (each.definite, each.possible) for pair, each in answers.items() if {*pair} & {*pods}}


def without(manifests: Sequence[Manifest], rules: Iterable[tuple[Resource, Node]]) -> list[Manifest]:
    """The manifests with some rules taken out; the types of their policies stay as they are."""
    found = deepcopy([*manifests])
    places = sorted({(policy.kind, policy.namespace, policy.name, *node.path[-2:]) for policy, node in rules})
    for kind, namespace, name, direction, index in reversed(places):
        (manifest,) = (
            each
            for each in found
            if (each["kind"], each["metadata"].get("namespace") or "", each["metadata"]["name"])
            == (kind, namespace, name)
        )
        if kind == "NetworkPolicy" and not manifest["spec"].get("policyTypes"):
            manifest["spec"]["policyTypes"] = ["Ingress", *(["Egress"] if manifest["spec"].get("egress") else [])]
        del manifest["spec"][direction][index]
    return found


@many
@given(seeds)
def test_nothing_changes_without_redundant_rules(seed: int) -> None:
    manifests = Worlds(Random(seed), doubts=False).manifests()  # noqa: S311 - worlds, not secrets
    found = Effects.of(plain_graph(manifests)).redundant_rules
    assert allowed(without(manifests, ((each.policy, each.rule.node) for each in found))) == allowed(manifests)


@many
@given(seeds)
def test_nothing_changes_without_redundant_policies(seed: int) -> None:
    manifests = Worlds(Random(seed), doubts=False).manifests()  # noqa: S311 - worlds, not secrets
    found = {
        (each.policy.namespace, each.policy.name) for each in Effects.of(plain_graph(manifests)).redundant_policies
    }
    left = [
        each
        for each in manifests
        if each["kind"] != "NetworkPolicy"
        or (each["metadata"].get("namespace") or "", each["metadata"]["name"]) not in found
    ]
    assert allowed(left) == allowed(manifests)


@many
@given(seeds)
def test_nothing_changes_without_shadowed_rules(seed: int) -> None:
    manifests = Worlds(Random(seed), doubts=False).manifests()  # noqa: S311 - worlds, not secrets
    found = Effects.of(plain_graph(manifests)).shadowed_rules
    assert allowed(without(manifests, ((each.policy, each.rule.node) for each in found))) == allowed(manifests)


@many
@given(seeds)
def test_what_is_found_is_there(seed: int) -> None:
    effects = Effects.of(plain_graph(Worlds(Random(seed)).manifests()))  # noqa: S311 - worlds, not secrets
    for each in effects.cut_off_from_dns:
        assert each.workloads
    for half in effects.denied_rules:
        possible = effects.reach.allowed(half.source, half.target).possible
        assert not any(possible & port.connections for port in half.rule.ports if port.connections is not None)
    for collision in effects.collisions:
        assert collision.connections
    for depending in effects.depending_on_network:
        assert depending.pod is not None or len(depending.numbers) > 1
