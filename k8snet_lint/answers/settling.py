"""What would settle a verdict that the manifests leave unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reach import Reason

if TYPE_CHECKING:
    from k8snet_lint.reach import Cause

ACTS = {
    Reason.NAMESPACE_LABELS: "add the Namespace {} to the manifests, or its labels to assume.namespaces",
    Reason.NAMESPACE_UNSET: "write metadata.namespace, or say --namespace",
    Reason.CONTROLLER_LABEL: "select by a label of the pod template instead of {}",
    Reason.POD_ADDRESS: "select pods by their labels, or say cluster.pod-cidrs",
    Reason.HOST_NETWORK: "allow the addresses of the nodes; no manifest tells which node traffic comes from",
    Reason.NODE_LABELS: "name the nodes by their addresses",
    Reason.MESH_AUTHORIZATION: "let {} judge by ports alone; manifests show neither identities nor requests",
    Reason.MESH_MEMBERSHIP: "add the Namespace of {} to the manifests, with the label by which its pods join the mesh",
    Reason.PEER_UNKNOWN: "add the manifests of {}, and ask about its workload",
    Reason.NAMED_PORT: "write the number instead of the name {}",
    Reason.PRIORITY_TIE: "give the two policies different priorities",
    Reason.MIXED_POLICIES: "write both policies in one API version",
    Reason.DOMAIN_NAME: "name the addresses instead of {}",
    Reason.SOURCE_ADDRESS: "keep the source's address (externalTrafficPolicy: Local), or allow the nodes",
    Reason.HAIRPIN: "allow {} by a rule of its own policies, for ingress and egress",
    Reason.PEER_UNREAD: "name the pods by their labels, or the addresses",
    Reason.REQUEST_RULES: "ask about a port without such rules; connections are made, and requests refused",
    Reason.AUTHENTICATION: "leave authentication out; no manifest tells whether both ends can prove who they are",
    Reason.OTHER_NETWORK: "say the network that enforces it as cluster.cni",
    Reason.SERVICE_ACCOUNT: "name the service accounts, or select pods by their own labels",
    Reason.SOURCE_PORT: "leave out the ports of the source",
    Reason.TIER: "add the Tier {} to the manifests",
    Reason.MEMBERS_DIFFER: "ask about one of the set",
}
"""An act for every reason, with a place for what it is about."""


def settling(cause: Cause) -> str:
    """What to do, as an act."""
    return ACTS[cause.reason].format(f"'{cause.detail}'")
