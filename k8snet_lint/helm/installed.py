"""What renders charts on this machine: the Python package of the extra, or the program `helm`."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint.helm.package import Package
from k8snet_lint.helm.program import Program

if TYPE_CHECKING:
    from k8snet_lint.helm.renderer import Renderer

SECONDS = 15.0
"""How long a chart may render; the largest public ones take a second."""


def renderer() -> Renderer | None:
    """What renders charts here, None where nothing does."""
    spec = find_spec("helm_python")
    if spec is not None and spec.origin:
        return Package(str(Path(spec.origin).parents[1]), SECONDS)
    program = shutil.which("helm")
    return Program(program, SECONDS) if program else None
