"""What we build is what `kubectl kustomize` builds: over real trees, over our own, over the committed results."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from k8snet_lint.loader import UnitKind
from k8snet_lint.loader.root import COMPONENT
from tests.kustomize_support import kubectl, objects_in, objects_of, unit_at

CASES = sorted(path for path in (Path(__file__).parent / "fixtures" / "kustomize").iterdir() if path.is_dir())
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
NOT_BUILT = ("validators", "helmCharts")
"""What a reason for not building may name, besides a component that others complete and what is remote."""


needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl, the oracle, is not on PATH")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_of_ours_is_built_as_kubectl_built_it(case: Path) -> None:
    unit = unit_at(case)
    assert (unit.kind, unit.reason) == (UnitKind.BUILT, "")
    assert objects_of(unit) == objects_in((case / "expected.yaml").read_text(encoding="utf-8"))


@needs_kubectl
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_committed_is_what_kubectl_builds(case: Path) -> None:
    text = kubectl(case)
    assert text is not None
    assert objects_in(text) == objects_in((case / "expected.yaml").read_text(encoding="utf-8"))


@needs_kubectl
def test_real_kustomizations_are_built_as_kubectl_builds_them(shared: Path) -> None:
    same = 0
    wrong = []
    for directory in sorted({path.parent for name in NAMES for path in (shared / "corpus").rglob(name)}):
        text = kubectl(directory)
        unit = unit_at(directory)
        if text is None:
            if unit.kind is not UnitKind.RAW:
                wrong.append(f"{directory}: built, though kubectl refuses")
        elif unit.kind is UnitKind.BUILT:
            same += 1
            if objects_of(unit) != objects_in(text):
                wrong.append(f"{directory}: built differently")
        elif unit.reason != COMPONENT and not unit.reason.startswith(NOT_BUILT):
            wrong.append(f"{directory}: not built: {unit.reason}")
    assert wrong == []
    assert same > 100
