"""The repositories of overlays that the benchmarks measure are built, not passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.overlays import Overlays
from k8snet_lint.loader import LoadOptions, UnitKind, load

if TYPE_CHECKING:
    from pathlib import Path


def test_every_overlay_is_built_and_every_environment_is_a_world(tmp_path: Path) -> None:
    Overlays(apps=2, shared=1, environments=3).write(tmp_path)
    loaded = load((str(tmp_path),), LoadOptions())
    assert [world.name for world in loaded.worlds] == ["env-01", "env-02", "env-03"]
    assert [unit.reason for unit in loaded.units if unit.kind is UnitKind.RAW] == []
    assert {len(world.units) for world in loaded.worlds} == {3}
