"""Measures k8snet-lint and prints what it costs, as Markdown: `python -m benchmarks.run`.

Times are of whole processes where nothing else is said, medians of interleaved runs. Ratios hold on other machines,
times do not.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench import Bench
from benchmarks.crowds import CROWDS, Crowd
from benchmarks.inside import NOTABLE
from benchmarks.overlays import Overlays
from benchmarks.processes import interleaved
from benchmarks.synthetic import Cluster, Style
from benchmarks.table import Figure, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHAPES = {
    "a file per app": Cluster(),
    "a file per namespace": Cluster(style=Style.FILE_PER_NAMESPACE),
    "one file": Cluster(style=Style.ONE_FILE),
    "one namespace": Cluster(namespace_size=0),
    "defects everywhere": Cluster(defective=True),
    "defects everywhere, one namespace": Cluster(defective=True, namespace_size=0),
    "with CRDs": Cluster(weighty=True),
}
SLOWEST = 10


def start_up(bench: Bench) -> Iterator[Figure]:
    """What it costs to begin."""
    bare, version, one_file = "bare interpreter", "`--version`", "one file"
    costs = interleaved(
        {
            bare: (sys.executable, "-c", "pass"),
            version: (*bench.program, "--version"),
            one_file: bench.check(Cluster(6, style=Style.ONE_FILE)),
        },
        bench.rounds * 3,
    )
    yield Figure(bare, costs[bare].seconds * 1000, "ms")
    for name, must, aim in ((version, 60, 35), (one_file, 150, 100)):
        ratio = f"{costs[name].seconds / costs[bare].seconds:.1f} x a bare interpreter"
        yield Figure(name, costs[name].seconds * 1000, "ms", must, aim, ratio)


def sizes(bench: Bench, *, large: bool) -> Iterator[Figure]:
    """Whole checks by the number of documents."""
    bounds = {1_000: ((0.5, 0.25), (0, 0)), 10_000: ((2.5, 1.5), (250, 200))}
    if large:
        bounds[100_000] = ((25, 15), (1_500, 1_200))
    costs = interleaved({size: bench.check(Cluster(size)) for size in bounds}, bench.rounds)
    for size, (times, memories) in bounds.items():
        per_document = f"{costs[size].seconds / size * 1e6:.0f} µs a document"
        yield Figure(f"{size:,} documents", costs[size].seconds, "s", *times, per_document)
        yield Figure(f"{size:,} documents, peak memory", costs[size].megabytes, "MB", *memories)


def peer(bench: Bench, checkov: str) -> Iterator[Figure]:
    """Checkov on the same thousand documents."""
    ours = bench.check(Cluster(1_000))
    theirs = (checkov, "--framework", "kubernetes", "--quiet", "--compact", "--directory", ours[-1])
    costs = interleaved({"ours": ours, "theirs": theirs}, 1)
    ratio = f"{costs['theirs'].seconds / costs['ours'].seconds:.0f} x ours, {costs['theirs'].megabytes:.0f} MB"
    yield Figure("1,000 documents, Checkov", costs["theirs"].seconds, "s", note=ratio)


def loading(bench: Bench, trees: Sequence[str]) -> Iterator[Figure]:
    """The loader against PyYAML's CSafeLoader over the same bytes, in one process.

    The stricter bound is for real trees of which at least a third is CRDs, as is usual.
    """
    size = bench.size
    synthetic = {name: bench.tree(SHAPES[name].of(size)) for name in ("a file per app", "one file", "with CRDs")}
    for name, directory in {**synthetic, **{Path(tree).name: tree for tree in trees}}.items():
        cost = bench.inside("loading", directory)
        share = cost["definitions"] / cost["bytes"]
        must, aim = (0.25, 0.1) if directory in trees and share > 1 / 3 else (0.7, 0.35)
        speed = f"{cost['bytes'] / cost['ours'] / 1e6:.1f} MB/s of {cost['bytes'] / 1e6:.1f} MB, CRDs {share:.0%}"
        yield Figure(f"loading, {name}", cost["ours"] / cost["theirs"], "x CSafeLoader", must, aim, speed)


def growth(bench: Bench) -> Iterator[Figure]:
    """Twice the documents, how many times the time: the processor's, where the system tells it."""
    size = bench.size
    for name, shape in SHAPES.items():
        costs = interleaved({each: bench.check(shape.of(each)) for each in (size, 2 * size)}, bench.rounds)
        half, full = ((cost.processor or cost.seconds) for cost in (costs[size], costs[2 * size]))
        seconds = f"{costs[2 * size].seconds:.2f} s, {costs[2 * size].megabytes:.0f} MB for {2 * size:,} documents"
        yield Figure(f"growth, {name}", full / half, "x", 2.3, 2.1, seconds)


def overlays(bench: Bench) -> Iterator[Figure]:
    """Applications with three overlays each, which are three worlds: twice as many, how many times the time."""
    sizes = (50, 100, 200)
    costs = interleaved({apps: bench.check(Overlays(apps)) for apps in sizes}, bench.rounds)
    for apps in sizes:
        cost = costs[apps]
        yield Figure(f"{apps} applications, 3 overlays each", cost.seconds, "s", note=f"{cost.megabytes:.0f} MB")
    for half, full in itertools.pairwise(sizes):
        before, after = ((cost.processor or cost.seconds) for cost in (costs[half], costs[full]))
        yield Figure(f"growth, {half} to {full} applications with overlays", after / before, "x", 2.3, 2.1)


def worlds(bench: Bench) -> Iterator[Figure]:
    """Environments of ten applications that share a thousand others: twice as many, how many times the time.

    So too for as many environments whose shared applications a Gateway leads to.
    """
    counts = (5, 10, 20)
    checks = {count: bench.check(Overlays(10, shared=1_000, environments=count)) for count in counts}
    routed = bench.check(Overlays(10, shared=1_000, environments=counts[-1], routed=True))
    costs = interleaved({**checks, "routed": routed}, bench.rounds)
    for count in counts:
        cost = costs[count]
        yield Figure(f"{count} worlds that share 1,000 apps", cost.seconds, "s", note=f"{cost.megabytes:.0f} MB")
    for half, full in itertools.pairwise(counts):
        before, after = ((cost.processor or cost.seconds) for cost in (costs[half], costs[full]))
        yield Figure(f"growth, {half} to {full} worlds that share 1,000 apps", after / before, "x", 1.6, 1.4)
    without, with_routes = ((cost.processor or cost.seconds) for cost in (costs[counts[-1]], costs["routed"]))
    name = f"growth, {counts[-1]} worlds that share 1,000 apps with a Gateway's routes to them"
    yield Figure(name, with_routes / without, "x", 1.8, 1.6)


def slowest_rules(bench: Bench) -> Iterator[Figure]:
    """The rules that cost most, each on a graph of its own, with their growth."""
    for name in ("defects everywhere", "defects everywhere, one namespace"):
        directories = (bench.tree(SHAPES[name].of(size)) for size in (bench.size, 2 * bench.size))
        costs = bench.inside("rules", *directories)
        for rule, (half, full) in sorted(costs.items(), key=lambda cost: -cost[1][1])[:SLOWEST]:
            cost = f"{full * 1000:.0f} ms for {2 * bench.size:,} documents"
            yield Figure(f"growth, `{rule}`, {name}", full / half, "x", 2.3, 2.1, cost)


def crowds(bench: Bench) -> Iterator[Figure]:
    """Thousands of objects of one sort: twice as many, how many times the time of the rule that grows fastest."""
    size = bench.size // 10
    for name in CROWDS:
        costs = bench.inside("crowd", *(bench.tree(Crowd(name, each)) for each in (size, 2 * size)))
        costly = {rule: cost for rule, cost in costs.items() if cost[1] >= NOTABLE}
        rule, (half, full) = max(costly.items(), key=lambda cost: cost[1][1] / cost[1][0], default=("none", (1.0, 1.0)))
        cost = f"{full * 1000:.0f} ms for {2 * size:,} members"
        yield Figure(f"growth, `{rule}`, {name}", full / half, "x", 2.3, 2.1, cost)


def questions(bench: Bench) -> Iterator[Figure]:
    """The same crowds, and the question whose answer takes longer fastest; it may as far as the answer is longer."""
    size = bench.size // 25
    for name in CROWDS:
        crowds = (Crowd(name, each, changed) for each in (size, 2 * size) for changed in (False, True))
        costs = bench.inside("answers", *map(bench.tree, crowds))
        growth = {name: _growth(*cost) for name, cost in costs.items() if cost[1][0] >= NOTABLE}
        question = max(growth, key=growth.__getitem__, default="none")
        (_, (seconds, characters)) = costs.get(question, ((0, 0), (0, 0)))
        cost = f"{seconds * 1000:.0f} ms and {characters / 1e6:.1f} MB for {2 * size:,} members"
        yield Figure(f"growth, `{question}`, {name}", growth.get(question, 1.0), "x", 2.3, 2.1, cost)


def _growth(half: tuple[float, int], full: tuple[float, int]) -> float:
    """How many times the time, where the answer is more than twice as long as much less."""
    return full[0] / half[0] * min(1, 2 * half[1] / full[1])


def sarif(bench: Bench) -> Iterator[Figure]:
    """A SARIF log as long as code scanning accepts, from a report that is there."""
    cost = bench.inside("sarif", bench.tree(Cluster(25_000, defective=True)))
    written = f"{cost['bytes'] / 1e6:.0f} MB"
    yield Figure(f"SARIF of {cost['results']:,.0f} results", cost["seconds"], "s", 3, 1.5, written)


def main() -> None:
    """Measure, and print a table as each group of figures is done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--checkov", metavar="PROGRAM", help="Checkov's program, in an environment of its own")
    parser.add_argument("--tree", action="append", default=[], metavar="DIR", help="a real tree to load; repeatable")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller clusters: noisy")
    parser.add_argument("--large", action="store_true", help="100,000 documents too")
    given = parser.parse_args()
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    load = f", load average {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}{load}")
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(Path(directory), rounds=1 if given.quick else 5, size=1_000 if given.quick else 5_000)
        groups = [start_up(bench), sizes(bench, large=given.large)]
        if given.checkov:
            groups.append(peer(bench, given.checkov))
        groups += [loading(bench, given.tree), growth(bench), overlays(bench), worlds(bench)]
        groups += [slowest_rules(bench), crowds(bench), questions(bench), sarif(bench)]
        for figures in groups:
            print("\n" + "\n".join(table(figures)), flush=True)


if __name__ == "__main__":
    main()
