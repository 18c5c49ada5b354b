"""What policies allow: exact connections between workloads, addresses and what stands for the rest of the cluster.

Explanations, differences and exposure, for which a check has no use, are had from their modules.
"""

from k8snet_lint.reach.connections import ALL, NONE, Connections, Protocol
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind
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
    "BrokenPath",
    "Cause",
    "Connections",
    "Degraded",
    "Endpoint",
    "EndpointKind",
    "Pair",
    "PathKind",
    "Peers",
    "Profile",
    "Protocol",
    "Reach",
    "Reason",
    "Rectangle",
    "RoutePath",
    "Ruling",
    "ServicePath",
    "Verdict",
    "published_paths",
    "route_paths",
    "service_paths",
]
