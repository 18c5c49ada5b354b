"""Measurements within one process, printed as JSON: loading, rules one by one, SARIF.

Run by `benchmarks.run`, each in a process of its own, so that none inherits another's memory.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import yaml

from benchmarks.questions import Answered, Questions, answered
from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.engine import lint
from k8snet_lint.graph import Graph
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.reporters import Style, reporter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from k8snet_lint.declare import Check, Rule
    from k8snet_lint.loader import Loaded

ROUNDS = 5
FEWEST_ROUNDS, MOST_ROUNDS = 2, 5
FAST = 2.1
"""What grows by more, as its input doubles, is measured again."""

NOTABLE = 0.03
"""Seconds; the growth of what takes less is noise."""

SUFFIXES = (".yaml", ".yml")
CRD = b"kind: CustomResourceDefinition\n"
RESULTS = 25_000


def loading(directory: str) -> dict[str, float]:
    """Seconds that our loader and CSafeLoader take for the same files, in turns; all bytes, and those of CRDs."""
    texts = [path.read_bytes() for path in sorted(Path(directory).rglob("*")) if path.suffix in SUFFIXES]
    documents = (document for text in texts for document in text.split(b"\n---"))
    definitions = sum(len(document) for document in documents if CRD in document)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_timed(lambda: load([directory], LoadOptions(render=False))))
        theirs.append(_timed(lambda: [_loaded_by_yaml(text) for text in texts]))
    return {"ours": median(ours), "theirs": median(theirs), "bytes": sum(map(len, texts)), "definitions": definitions}


def _loaded_by_yaml(text: bytes) -> list[object]:
    """The documents of a file up to the first that CSafeLoader does not read, such as a chart's template."""
    documents: list[object] = []
    with suppress(yaml.YAMLError, ValueError, TypeError):
        documents.extend(yaml.load_all(text, yaml.CSafeLoader))
    return documents


def rules(half: str, full: str) -> dict[str, list[float]]:
    """Seconds that each rule takes on two clusters, what it asks of a graph for the first time included."""
    clusters = [load([directory], LoadOptions()) for directory in (half, full)]
    return {
        rule.id: [min(_judging(rule, rule.check, cluster) for _ in range(ROUNDS)) for cluster in clusters]
        for rule in registry.load().rules.values()
        if rule.check is not None
    }


def _judging(rule: Rule, check: Check, loaded: Loaded) -> float:
    graphs = Graph.of_worlds(loaded.worlds, Config().facts)
    return _timed(partial(_judge, rule, check, graphs))


def _judge(rule: Rule, check: Check, graphs: Sequence[Graph]) -> None:
    options = registry.options_of(rule, {}, "")
    for graph in graphs:
        deque(check(graph) if options is None else check(graph, options), maxlen=0)


def crowd(half: str, full: str) -> dict[str, list[float]]:
    """Seconds that each rule takes on two crowds, one rule after the other on one graph, as in a check.

    The least of a few rounds, each on fresh graphs. There are more rounds as long as something seems to grow faster
    than its input: what is noise goes away, and the rest stays.
    """
    crowds = [load([directory], LoadOptions()) for directory in (half, full)]
    gc.freeze()
    found = _round(crowds)
    for turn in range(1, MOST_ROUNDS):
        if turn >= FEWEST_ROUNDS and all(after < FAST * before for before, after in found.values() if after > NOTABLE):
            break
        again = _round(crowds)
        found = {rule: [*map(min, costs, again[rule])] for rule, costs in found.items()}
    return found


def _round(crowds: Sequence[Loaded]) -> dict[str, list[float]]:
    graphs = [Graph.of_worlds(each.worlds, Config().facts) for each in crowds]
    return {
        rule.id: [_timed(partial(_judge, rule, rule.check, each), collect=False) for each in graphs]
        for rule in registry.load().rules.values()
        if rule.check is not None
    }


def answers(*directories: str) -> dict[str, list[Answered]]:
    """What each question costs, asked of two crowds; each is given with a version in which a little differs.

    The least of a few rounds. The first round also pays for imports.
    """
    found: dict[str, list[Answered]] = {}
    for old, new in zip(directories[::2], directories[1::2], strict=True):
        with tempfile.TemporaryDirectory() as directory:
            for name, line in Questions(old, new, Path(directory)).lines().items():
                found.setdefault(name, []).append(min(answered(line, _timed) for _ in range(FEWEST_ROUNDS)))
    return found


def sarif(directory: str) -> dict[str, float]:
    """Seconds that a SARIF log of 25,000 results takes, sarif-om's import included, and its size in bytes."""
    report = lint(load([directory], LoadOptions()), registry.load(), Config(), datetime.now(UTC).strftime("%Y-%m-%d"))
    report = report._replace(findings=report.open[:RESULTS])
    written: list[str] = []
    seconds = _timed(lambda: written.append(reporter("sarif")(report, Style())))
    return {"seconds": seconds, "results": len(report.findings), "bytes": len(written[0])}


def _timed(work: Callable[[], object], *, collect: bool = True) -> float:
    """Seconds of processor time, without the cyclic collector's, whose passes fall on whoever runs when one is due."""
    if collect:
        gc.collect()
    gc.disable()
    before = time.process_time()
    kept = work()
    seconds = time.process_time() - before
    gc.enable()
    del kept
    return seconds


def main() -> None:
    """`python -m benchmarks.inside loading|sarif DIRECTORY`, `… rules|crowd HALF FULL`, `… answers` with four."""
    measurements: dict[str, Callable[..., object]] = {
        "loading": loading,
        "rules": rules,
        "crowd": crowd,
        "sarif": sarif,
        "answers": answers,
    }
    json.dump(measurements[sys.argv[1]](*sys.argv[2:]), sys.stdout)


if __name__ == "__main__":
    main()
