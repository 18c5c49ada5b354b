"""All pairs at once, compressed: sources that are treated alike make a row, and a row's targets fall into few sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach.admitting import Admitting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.sides import Cells

Row = tuple[int, "Cells"]
"""Sources, and their targets by the pair of masks that holds for them."""


def rows(engine: Engine, sources: int, targets: int) -> Iterator[Row]:
    """The rows of some sources; together they hold once every pair for which anything is let through.

    Addresses have connections with workloads only.
    """
    universe = engine.universe
    inside = targets & universe.workloads
    yield from every_row(engine, sources & universe.workloads, targets)
    yield from every_row(engine, sources & ~universe.workloads, inside)


def every_row(engine: Engine, sources: int, targets: int) -> Iterator[Row]:
    """The same, with connections between ends of which neither is a workload."""
    if not sources or not targets:
        return
    for bits, group, into in Admitting(engine, sources, targets).rows():
        found: Cells = {}
        for out_masks, out_bits in engine.egress.cells(group).items():
            for in_masks, in_bits in into.items():
                masks = out_masks & in_masks
                if masks:
                    both = out_bits & in_bits
                    if both:
                        found[masks] = found.get(masks, 0) | both
        if found:
            yield bits, engine.mesh.over(found)
