"""What policies allow: exact connections between workloads, addresses and what stands for the rest of the cluster."""

from k8snet_lint.reach.connections import ALL, NONE, Connections, Protocol
from k8snet_lint.reach.diff import ChangeKind, Diff, Difference, Held, Risk
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind
from k8snet_lint.reach.explanation import Basis, Decision, Edit, EditKind, Explanation, Miss, SideExplanation
from k8snet_lint.reach.exposure import Exposure, Opening, Scope
from k8snet_lint.reach.paths import (
    BrokenPath,
    PathKind,
    RoutePath,
    ServicePath,
    published_paths,
    route_paths,
    service_paths,
)
from k8snet_lint.reach.peers import Peers
from k8snet_lint.reach.profile import PROFILES, Profile
from k8snet_lint.reach.reach import Pair, Reach, Rectangle
from k8snet_lint.reach.spec import Degraded
from k8snet_lint.reach.verdict import Allowed, Cause, Reason, Ruling, Verdict

__all__ = [
    "ALL",
    "NONE",
    "PROFILES",
    "Allowed",
    "Basis",
    "BrokenPath",
    "Cause",
    "ChangeKind",
    "Connections",
    "Decision",
    "Degraded",
    "Diff",
    "Difference",
    "Edit",
    "EditKind",
    "Endpoint",
    "EndpointKind",
    "Explanation",
    "Exposure",
    "Held",
    "Miss",
    "Opening",
    "Pair",
    "PathKind",
    "Peers",
    "Profile",
    "Protocol",
    "Reach",
    "Reason",
    "Rectangle",
    "Risk",
    "RoutePath",
    "Ruling",
    "Scope",
    "ServicePath",
    "SideExplanation",
    "Verdict",
    "published_paths",
    "route_paths",
    "service_paths",
]
