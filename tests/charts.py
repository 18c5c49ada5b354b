"""What the tests of charts share: the fixtures' charts, and what renders them."""

from __future__ import annotations

import io
import os
import platform
import shutil
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.helm.chart import Chart
from k8snet_lint.helm.installed import renderer
from k8snet_lint.helm.package import Package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.helm.renderer import Renderer

CHARTS = Path(__file__).parent / "fixtures" / "helm"


def chart(name: str) -> Chart:
    """A chart of the fixtures."""
    directory = str(CHARTS / name)
    return Chart.read(directory, name, (directory,))


def planted(*names: str) -> None:
    """Copy charts of the fixtures to `charts` in the working directory."""
    for name in names:
        shutil.copytree(CHARTS / name, Path("charts", name))


def packed(files: Mapping[str, bytes]) -> bytes:
    """The archive of a packed chart."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def helm() -> Renderer:
    """What renders charts; the test is skipped where nothing does, but fails in CI, which installs it."""
    found = renderer()
    if found is None:
        if os.environ.get("CI") == "true" and (platform.system(), platform.machine()) == ("Linux", "x86_64"):
            pytest.fail("neither helm-python-sdk nor helm is installed")
        pytest.skip("neither helm-python-sdk nor helm is installed")
    return found


def package(seconds: float) -> Package:
    """The Python package with a bound of its own; the test is skipped where it is not installed."""
    spec = find_spec("helm_python")
    if spec is None or spec.origin is None:
        pytest.skip("helm-python-sdk is not installed")
    return Package(str(Path(spec.origin).parents[1]), seconds)
