"""What the measurements share: the program, the clusters written so far, how often and how large."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.crowds import Crowd
    from benchmarks.overlays import Overlays
    from benchmarks.processes import Command
    from benchmarks.synthetic import Cluster

    Tree = Cluster | Crowd | Overlays


class Bench:
    """Writes synthetic clusters below a directory, each once, and knows how to call what is measured.

    Shapes: `rounds` is how many runs a median is of; `size` documents are compared with twice as many.
    """

    def __init__(self, directory: Path, *, rounds: int, size: int) -> None:
        self.rounds = rounds
        self.size = size
        self._directory = directory
        self._written: dict[Tree, str] = {}
        script = shutil.which("k8snet-lint", path=str(Path(sys.executable).parent))
        self.program: Command = (script,) if script else (sys.executable, "-m", "k8snet_lint")

    def tree(self, tree: Tree) -> str:
        """The directory that holds the cluster or the repository."""
        if tree not in self._written:
            directory = self._directory / str(len(self._written))
            tree.write(directory)
            self._written[tree] = str(directory)
        return self._written[tree]

    def check(self, tree: Tree) -> Command:
        """The command that checks it; the last word is its directory."""
        return (*self.program, "check", "--no-config", self.tree(tree))

    def inside(self, what: str, *directories: str) -> dict[str, Any]:
        """A measurement of `benchmarks.inside`, made in a process of its own."""
        command = (sys.executable, "-m", "benchmarks.inside", what, *directories)
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        measured: dict[str, Any] = json.loads(done.stdout)
        return measured
