"""The repositories of overlays that the benchmarks measure are built, not passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.overlays import Overlays
from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph
from k8snet_lint.graph.parts.parts import Parts
from k8snet_lint.loader import LoadOptions, UnitKind, load
from k8snet_lint.resource import Gateway, HTTPRoute

if TYPE_CHECKING:
    from pathlib import Path


def test_every_overlay_is_built_and_every_environment_is_a_world(tmp_path: Path) -> None:
    Overlays(apps=2, shared=1, environments=3).write(tmp_path)
    loaded = load((str(tmp_path),), LoadOptions())
    assert [world.name for world in loaded.worlds] == ["env-01", "env-02", "env-03"]
    assert [unit.reason for unit in loaded.units if unit.kind is UnitKind.RAW] == []
    assert {len(world.units) for world in loaded.worlds} == {3}


def test_what_a_gateway_leads_to_is_judged_once_for_all_environments(tmp_path: Path) -> None:
    Overlays(apps=2, shared=4, environments=3, routed=True).write(tmp_path)
    loaded = load((str(tmp_path),), LoadOptions())
    graphs = Graph.of_worlds(loaded.worlds, Facts())
    found = Parts.of(graphs, {id(unit) for unit in loaded.worlds[0].shared})
    assert found is not None
    assert [len(found.untouched.select(kind)) for kind in (Gateway, HTTPRoute)] == [1, 4]
    assert {each.accepted for each in graphs[0].attachments.all} == {"Accepted"}
