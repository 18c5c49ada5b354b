"""Which worlds' own resources touch which of those that all worlds share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.joined import Joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.graph.parts.ties import Tie, Ties
    from k8snet_lint.resource import Resource

Worlds = frozenset[int]
"""The numbers of some worlds."""


def touching(common: Sequence[Resource], own: Sequence[Sequence[Resource]], ties: Ties) -> list[Worlds]:
    """For each of the shared resources, the worlds that own something which it hangs together with.

    What the shared ones have in common joins them in every world; what a world owns joins those that it touches there
    alone.
    """
    joined: Joined[Tie] = Joined()
    known: set[Tie] = set()
    for each in common:
        first, *others = ties.of(each)
        known.update((first, *others))
        for other in others:
            joined.join(first, other)
    touched: dict[Tie, set[int]] = {}
    for number, resources in enumerate(own):
        for each in resources:
            for tie in known.intersection(ties.of(each)):
                touched.setdefault(joined.leader(tie), set()).add(number)
    found = {leader: frozenset(worlds) for leader, worlds in touched.items()}
    return [found.get(joined.leader(ties.first(each)), frozenset()) for each in common]
