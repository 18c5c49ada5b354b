"""All pairs of some classes, in sets that are treated alike: as few as there are answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach.rows import every_row
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach.engine import Engine


class Block(NamedTuple):
    """Every source with every target, and the pair of masks that holds from one to the other."""

    sources: int
    targets: int
    masks: int


def blocks(engine: Engine, sources: int, targets: int) -> Iterator[Block]:
    """Each pair of some classes once, also those for which nothing is let through."""
    left = sources
    for bits, cells in every_row(engine, sources, targets):
        left &= ~bits
        rest = targets
        for masks, into in cells.items():
            rest &= ~into
            yield Block(bits, into, masks)
        if rest:
            yield Block(bits, rest, 0)
    if left and targets:
        yield Block(left, targets, 0)
