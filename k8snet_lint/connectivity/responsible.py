"""The places that make a connection what it is, in few words each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach import Verdict
from k8snet_lint.reach.explanation import Basis
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach.explanation import Explanation, SideExplanation
    from k8snet_lint.source import Location

MOST = 4
_DOES = {"Allow": "allows", "Deny": "denies", "Pass": "passes on"}


class Place(NamedTuple):
    """A place and what it does."""

    location: Location
    message: str


def responsible(explanation: Explanation) -> Iterator[Place]:
    """The places of the directions that decide: those that deny it, or are unknown, else both."""
    blocking = [side for side in explanation.sides if side.verdict is explanation.verdict]
    for side in blocking if explanation.verdict is not Verdict.ALLOWED else explanation.sides:
        yield from _of_side(side)


def _of_side(side: SideExplanation) -> Iterator[Place]:
    way = side.direction.lower()
    for each in side.decisions[:MOST]:
        does = _DOES[each.action.value]
        at = each.peer if each.peer.present else each.rule
        yield Place(at.location, f"{each.policy} {does if each.certain else f'perhaps {does}'} {way}")
    if side.basis is Basis.NO_POLICY and side.subject.workload is not None:
        yield Place(side.subject.workload.name_node.location, f"no policy selects {side.subject.key} for {way}")
    for policy in side.isolating[:MOST] if side.basis is Basis.MESH else ():
        yield Place(policy.name_node.location, f"{policy} decides in the mesh what reaches {side.subject.key}")
    if side.basis in (Basis.NETWORK_POLICY, Basis.CALICO) and not side.decisions:
        for policy in side.isolating[:MOST]:
            yield Place(
                policy.name_node.location, f"{policy} selects {side.subject.key} for {way} and does not allow it"
            )
