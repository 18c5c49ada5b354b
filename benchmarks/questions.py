"""Commands that answer questions about a tree: who connects to whom, what differs, why, if intents hold, the graph."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from click.testing import CliRunner

from k8snet_lint.cli.group import cli

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

PORT = "8080"


class Answered(NamedTuple):
    """What an answer costs: seconds of processor time, and characters."""

    seconds: float
    characters: int


class Questions:
    """The command lines of each question; `new` is a version of the tree in which a little differs."""

    def __init__(self, old: str, new: str, directory: Path) -> None:
        self._old = old
        self._new = new
        self._intents = directory / "intents.yaml"

    def lines(self) -> Mapping[str, Sequence[str]]:
        """By their names; of a tree without workloads nothing is asked that needs ends."""
        found = {
            "connections": ("connections", self._old),
            "connections --exposure": ("connections", "--exposure", self._old),
            "connections diff": ("connections", "diff", self._old, self._new),
            "graph": ("graph", self._old),
            "graph -f json": ("graph", "-f", "json", self._old),
        }
        ends = dict(self._ends())
        for name, (source, target) in ends.items():
            found[f"why, {name}"] = ("why", source, target, PORT, self._old)
        if ends:
            self._intents.write_text(json.dumps({"version": 1, "intents": [*_intents(ends.values())]}), "utf-8")
            found["verify"] = ("verify", str(self._intents), self._old)
        return {name: (*line, "--no-config") for name, line in found.items()}

    def _ends(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Two workloads, and the namespace with most of them on both ends, as far as there are any."""
        said = CliRunner().invoke(cli, ["connections", "-f", "json", "--no-config", self._old]).stdout
        spaces = {space: keys for world in json.loads(said)["worlds"] for space, keys in world["namespaces"].items()}
        if any(spaces.values()):
            every = [key for keys in spaces.values() for key in keys]
            yield "workloads", (every[0], every[-1])
        named = {space: keys for space, keys in spaces.items() if space}
        if named:
            most = max(named, key=lambda space: len(named[space]))
            yield "namespaces", (f"{most}/", f"{most}/")


def _intents(ends: Iterable[tuple[str, str]]) -> Iterator[Mapping[str, object]]:
    for source, target in ends:
        for kind in ("allow", "deny", "only"):
            yield {kind: {"from": source, "to": target, "ports": [int(PORT)]}}


def answered(line: Sequence[str], timed: Callable[[Callable[[], object]], float]) -> Answered:
    """What one command costs, run in this process."""
    said: list[str] = []
    seconds = timed(lambda: said.append(CliRunner().invoke(cli, [*line], catch_exceptions=False).stdout))
    return Answered(seconds, len(said[0]))
