"""Whatever is written where something else belongs, the analysis answers."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8snet_lint.reach import BrokenPath, Reach, published_paths, route_paths
from k8snet_lint.reach.exposure import Exposure
from tests.conformance_adapter import plain_graph
from tests.random_worlds import Worlds

JUNK: tuple[Any, ...] = (None, "", "x", 0, -1, 80.5, True, [], {}, [None], [[]], {"x": None}, "10.0.0.0/33", 10**30)


def spoiled(value: Any, random: Random, chance: float) -> Any:  # noqa: ANN401
    """The same manifest with something else in a few places."""
    if random.random() < chance:
        return random.choice(JUNK)
    if isinstance(value, dict):
        return {key: spoiled(item, random, chance) for key, item in value.items()}
    if isinstance(value, list):
        return [spoiled(item, random, chance) for item in value]
    return value


@settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=2**48))
def test_nothing_that_is_written_stops_the_analysis(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - worlds, not secrets
    manifests = [
        {
            **each,
            "spec": spoiled(each.get("spec", {}), random, 0.05),
            "status": spoiled(each.get("status"), random, 0.2),
        }
        for each in Worlds(random).manifests()
    ]
    reach = Reach(plain_graph(manifests))
    for rectangle in reach.rectangles():
        assert rectangle.connections
        assert str(rectangle.sources)
    for source in reach.workloads.endpoints[:3]:
        for target in reach.workloads.endpoints[:3]:
            explanation = reach.why(source, target, "TCP", 80)
            assert explanation.verdict == reach.verdict(source, target, "TCP", 80).verdict
    assert all(each.message and each.effect for each in reach.degraded)
    for each in (*route_paths(reach), *published_paths(reach)):
        assert isinstance(each, BrokenPath) or each.path.number is None or each.ruling(reach) is not None
    for opening in Exposure(reach).all():
        assert opening.every <= opening.some <= opening.perhaps
