"""The analysis and the slow evaluator agree on whatever worlds chance makes; laws that hold of every world."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8snet_lint.facts import Cni
from k8snet_lint.reach import Profile, Reach
from k8snet_lint.resource import Workload
from tests.conformance_adapter import plain_graph
from tests.random_worlds import ADDRESSES, PORTS, PROTOCOLS, Worlds
from tests.slow_reach import Pod, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.reach import Peers

seeds = st.integers(min_value=0, max_value=2**48)
many = settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
some = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))

WORDS = {frozenset({True}): "allowed", frozenset({False}): "denied", frozenset({True, False}): "unknown"}


def ends(reach: Reach, world: World) -> Iterator[tuple[Pod | str, Peers]]:
    """Every pod and a few addresses, as the two evaluators know them."""
    workloads = {each.name: each for each in reach.graph.select(Workload)}
    for pod in world.pods:
        yield pod, reach.peers(workloads[pod.name])
    for address in ADDRESSES:
        yield address, reach.addresses(address)


def disagreements(manifests: Sequence[dict[str, Any]], random: Random, profile: Profile | None = None) -> list[str]:
    """Connections on which the two evaluators differ, a line each."""
    world, reach = World(manifests), Reach(plain_graph(manifests), profile)
    known = list(ends(reach, world))
    found = []
    for source, from_peers in known:
        for target, to_peers in known:
            if source is target or (isinstance(source, str) and isinstance(target, str)):
                continue
            protocol, port = random.choice(PROTOCOLS), random.choice((*PORTS, 443))
            expected = WORDS[frozenset(world.verdicts(source, target, protocol, port))]
            ruling = reach.verdict(from_peers, to_peers, protocol, port)
            if ruling.verdict != expected or (expected == "unknown" and not ruling.causes):
                found.append(f"{from_peers} -> {to_peers} {port}/{protocol}: expected {expected}, found {ruling}")
    return found


def world_of(seed: int, *, doubts: bool = True) -> list[dict[str, Any]]:
    return Worlds(Random(seed), doubts=doubts).manifests()  # noqa: S311 - worlds, not secrets


@pytest.mark.parametrize("batch", range(8))
def test_it_agrees_with_the_slow_evaluator(batch: int) -> None:
    @many
    @given(seeds)
    def agrees(seed: int) -> None:
        seed = seed * 8 + batch
        manifests = world_of(seed, doubts=batch < 6)
        found = disagreements(manifests, Random(seed))  # noqa: S311
        assert not found, "\n".join([*found, json.dumps(manifests)])

    agrees()


@pytest.mark.parametrize("batch", range(4))
def test_it_agrees_with_the_slow_evaluator_on_policies_of_cilium(batch: int) -> None:
    profile = Profile(Cni.CILIUM, blocks_match_pods=False)

    @many
    @given(seeds)
    def agrees(seed: int) -> None:
        seed = seed * 4 + batch
        manifests = Worlds(Random(seed), doubts=batch < 3, cilium=True).manifests()  # noqa: S311
        found = disagreements(manifests, Random(seed), profile)  # noqa: S311
        assert not found, "\n".join([*found, json.dumps(manifests)])

    agrees()
