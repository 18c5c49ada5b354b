"""What `why` and `verify` make of many pairs at once is what each pair says for itself, whatever world chance makes."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8snet_lint.connectivity.ends import End
from k8snet_lint.connectivity.held import HeldBetween
from k8snet_lint.connectivity.pairs import Pairs
from k8snet_lint.connectivity.ports import AskedPort
from k8snet_lint.reach import ALL, Connections, Reach, Verdict
from tests.conformance_adapter import plain_graph
from tests.random_worlds import Worlds

if TYPE_CHECKING:
    from k8snet_lint.reach import Endpoint

seeds = st.integers(min_value=0, max_value=2**48)
laws = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def some_ends(seed: int) -> tuple[Random, Reach, list[list[Endpoint]]]:
    """A world and two sets of its endpoints, which may have some in common."""
    random = Random(seed)  # noqa: S311 - worlds, not secrets
    reach = Reach.of(plain_graph(Worlds(random).manifests()))
    every = [*reach.engine.universe.endpoints(reach.engine.universe.all)]
    return random, reach, [random.sample(every, random.randint(1, min(6, len(every)))) for _ in range(2)]


def is_left_out(source: Endpoint, target: Endpoint, ends: list[list[Endpoint]]) -> bool:
    """Whether a workload is asked about itself beside others."""
    return source is target and (source.is_lone or any(len(each) > 1 for each in ends))


@laws
@given(seeds)
def test_kinds_of_pairs_have_the_verdicts_of_the_pairs(seed: int) -> None:
    random, reach, ends = some_ends(seed)
    of = reach.engine.universe.class_of
    sources, targets = ({of(each): each for each in reversed(found)} for found in ends)
    port = random.choice((80, 81, 8080))
    pairs = Pairs(reach, End("", tuple(ends[0])), End("", tuple(ends[1])), AskedPort.of(str(port)))
    alone = len(ends[0]) == len(ends[1]) == 1
    verdicts = {
        (source.key, target.key): reach.verdict(source, target, "TCP", port).verdict
        for source in sources.values()
        for target in targets.values()
        if source is not target or not source.is_lone or alone
    }
    for verdict in Verdict:
        count = [*verdicts.values()].count(verdict)
        assert pairs.count(verdict) == count
        if count:
            first = pairs.first(verdict)
            assert verdicts[first.source.key, first.target.key] is first.verdict is verdict


@laws
@given(seeds)
def test_what_holds_between_ends_is_what_holds_for_the_pairs(seed: int) -> None:
    random, reach, ends = some_ends(seed)
    asked = {each: random.choice((ALL, Connections.port("TCP", 80))) for each in ends[1]}
    held = HeldBetween(reach, ends[0], asked)
    pairs = [
        (target, source, reach.allowed(source, target))
        for target in asked
        for source in ends[0]
        if not is_left_out(source, target, ends)
    ]
    denied = [(s, t, asked[t] - each.possible) for t, s, each in pairs if asked[t] - each.possible]
    allowed = [(s, t, asked[t] & each.definite) for t, s, each in pairs if asked[t] & each.definite]
    unknown = [(s, t, asked[t] & each.unknown) for t, s, each in pairs if asked[t] & each.unknown]
    assert held.first(lambda part: part.denied) == (denied[0] if denied else None)
    assert held.first(lambda part: part.allowed) == (allowed[0] if allowed else None)
    assert held.first(lambda part: part.unknown) == (unknown[0] if unknown else None)
    assert any(part.allowed for part in held.parts) == bool(allowed)
