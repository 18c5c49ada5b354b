"""Calico's policies: the analysis and the slow evaluator agree on whatever worlds chance makes."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from k8snet_lint.reach import Reach
from tests.calico_worlds import CalicoWorlds
from tests.conformance_adapter import plain_graph
from tests.random_worlds import PORTS, PROTOCOLS
from tests.slow_calico import CalicoWorld
from tests.test_reach_random import WORDS, ends, many, seeds

if TYPE_CHECKING:
    from collections.abc import Sequence


def disagreements(manifests: Sequence[dict[str, Any]], random: Random, *, exact: bool) -> list[str]:
    """Connections on which the two evaluators differ, a line each; where not exact, the analysis may doubt more."""
    world, reach = CalicoWorld(manifests), Reach.of(plain_graph(manifests))
    known = list(ends(reach, world))
    found = []
    for source, from_peers in known:
        for target, to_peers in known:
            if source is target or (isinstance(source, str) and isinstance(target, str)):
                continue
            protocol, port = random.choice(PROTOCOLS), random.choice((*PORTS, 443))
            expected = WORDS[frozenset(world.verdicts(source, target, protocol, port))]
            ruling = reach.verdict(from_peers, to_peers, protocol, port)
            if ruling.verdict == "unknown" and not exact:
                continue
            if ruling.verdict != expected or (expected == "unknown" and not ruling.causes):
                found.append(f"{from_peers} -> {to_peers} {port}/{protocol}: expected {expected}, found {ruling}")
    return found


@pytest.mark.parametrize("batch", range(6))
def test_it_agrees_with_the_slow_evaluator(batch: int) -> None:
    doubts, inner = batch < 4, batch % 2 == 0

    @many
    @given(seeds)
    def agrees(seed: int) -> None:
        random = Random(seed * 6 + batch)  # noqa: S311 - worlds, not secrets
        manifests = CalicoWorlds(random, doubts=doubts, inner=inner).manifests()
        found = disagreements(manifests, random, exact=not (doubts and inner))
        assert not found, "\n".join([*found, json.dumps(manifests)])

    agrees()
