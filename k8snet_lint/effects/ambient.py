"""Istio's ambient mode, where connections come to pods through a tunnel, of which policies see no port but its own.

Source: Istio documentation, *Ambient and Kubernetes NetworkPolicy*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.mesh.members import Members, Membership

if TYPE_CHECKING:
    from k8snet_lint.reach import Reach
    from k8snet_lint.resource import Workload

HBONE = 15008
"""The port of the tunnel."""


def ports(reach: Reach, workload: Workload, protocol: str, number: int) -> tuple[int, ...]:
    """The ports by one of which policies have to let in what is to come to a port of some pods."""
    tunnelled = protocol == "TCP" and Members(reach.graph).of(workload) is Membership.AMBIENT
    return (number, HBONE) if tunnelled else (number,)


def atoms(reach: Reach, workload: Workload, protocol: str, number: int) -> int:
    """The same ports as a set of the analysis."""
    found = 0
    for each in ports(reach, workload, protocol, number):
        found |= 1 << reach.engine.ports.atom(protocol, each)
    return found
