"""Crowds of objects of one sort: what `benchmarks.crowds` makes is what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.crowds import CROWDS, MEMBERS, Crowd
from benchmarks.questions import Questions, answered
from k8snet_lint.loader import LoadOptions, load
from tests.support import lint_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("name", CROWDS)
def test_a_crowd_is_read_and_judged(tmp_path: Path, name: str) -> None:
    objects = []
    for members in (10, 30):
        Crowd(name, members).write(tmp_path / str(members))
        loaded = load([str(tmp_path / str(members))], LoadOptions())
        assert not loaded.problems
        objects.append(sum(len(unit.objects) for world in loaded.worlds for unit in world.units))
    assert objects[1] >= 30 if name in MEMBERS else objects[1] >= objects[0] > 0


@pytest.mark.parametrize(("name", "asked"), [("common policies", 8), ("hosts of one Ingress", 5)])
def test_questions_are_asked_of_a_crowd_and_a_version_of_it(tmp_path: Path, name: str, asked: int) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    Crowd(name, 10).write(old)
    Crowd(name, 10, changed=True).write(new)
    lines = Questions(str(old), str(new), tmp_path).lines()
    assert len(lines) == asked
    assert all(answered(line, _at_once).characters for line in lines.values())


def _at_once(work: Callable[[], object]) -> float:
    work()
    return 0.0


def test_more_workloads_than_a_dozen_that_lack_a_port_are_told_of_once() -> None:
    text = "\n---\n".join(part for number in range(40) for part in MEMBERS["one label"](number))
    found = [line for line in lint_text(text) if "has no endpoint for 'http'" in line and "Service/shop/s7 " in line]
    assert len(found) == 1
    assert "and in 19 more workloads" in found[0]
