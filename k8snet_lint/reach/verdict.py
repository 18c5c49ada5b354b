"""What an answer says: allowed, denied or unknown, and why it is unknown."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach.connections import Connections


class Verdict(enum.StrEnum):
    """Whether a connection is let through; UNKNOWN is what the manifests cannot decide."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


class Reason(enum.StrEnum):
    """Why manifests cannot decide.

    MESH_AUTHORIZATION: a mesh's policy decides by identity or by what is asked of HTTP. MESH_MEMBERSHIP: it is not
    known whether the pods are in the mesh. Of the network itself:

    NAMESPACE_LABELS: a namespace is not in the set, so that its labels are not known. NAMESPACE_UNSET: an object
    names no namespace. CONTROLLER_LABEL: a selector asks for a label that a controller sets. POD_ADDRESS: a block
    of addresses may hold the pod's. HOST_NETWORK: traffic of a node, which its own pods always accept. NODE_LABELS:
    a selector asks for labels of nodes. PEER_UNKNOWN: the pods of a controller, or pods outside the set, are not
    known. NAMED_PORT: containers that are not in the template may have a port of that name, or the network may take
    another pod's. PRIORITY_TIE: two policies of one priority disagree. MIXED_POLICIES: policies of two API versions
    disagree, and nothing says which goes first. DOMAIN_NAME: an address may be that of a name. SOURCE_ADDRESS: the
    source's address may be replaced on the way. HAIRPIN: a pod comes back to itself through a Service, of which the
    API of NetworkPolicy says nothing. PEER_UNREAD: something outside the policy tells whom a peer means.
    REQUEST_RULES: rules beyond ports decide on every request. AUTHENTICATION: both ends have to prove who they are.
    OTHER_NETWORK: the policy is one of another network than the one that was named.
    SERVICE_ACCOUNT: a selector asks for labels of service accounts. SOURCE_PORT: a rule is for some ports of the source
    only. TIER: a policy stands in a tier that is not in the set. MEMBERS_DIFFER: it holds for some of the set that was
    asked about.
    """

    NAMESPACE_LABELS = "namespace-labels"
    NAMESPACE_UNSET = "namespace-unset"
    CONTROLLER_LABEL = "controller-label"
    POD_ADDRESS = "pod-address"
    HOST_NETWORK = "host-network"
    NODE_LABELS = "node-labels"
    MESH_AUTHORIZATION = "mesh-authorization"
    MESH_MEMBERSHIP = "mesh-membership"
    PEER_UNKNOWN = "peer-unknown"
    NAMED_PORT = "named-port"
    PRIORITY_TIE = "priority-tie"
    MIXED_POLICIES = "mixed-policies"
    DOMAIN_NAME = "domain-name"
    SOURCE_ADDRESS = "source-address"
    HAIRPIN = "hairpin"
    PEER_UNREAD = "peer-unread"
    REQUEST_RULES = "request-rules"
    AUTHENTICATION = "authentication"
    OTHER_NETWORK = "other-network"
    SERVICE_ACCOUNT = "service-account"
    SOURCE_PORT = "source-port"
    TIER = "tier"
    MEMBERS_DIFFER = "members-differ"


class Cause(NamedTuple):
    """One reason with what it is about: the places that ask, and the label, name or namespace asked for."""

    reason: Reason
    at: tuple[Node, ...] = ()
    detail: str = ""


class Allowed(NamedTuple):
    """Which connections are allowed: `definite` surely, `possible` perhaps as well; `causes` say what decides.

    Shapes: `definite` is part of `possible`; what is not possible is denied.
    """

    definite: Connections
    possible: Connections
    causes: tuple[Cause, ...] = ()

    @property
    def unknown(self) -> Connections:
        return self.possible - self.definite

    def verdict(self, protocol: str, port: int) -> Verdict:
        """What it says of one port."""
        if self.definite.contains(protocol, port):
            return Verdict.ALLOWED
        return Verdict.UNKNOWN if self.possible.contains(protocol, port) else Verdict.DENIED

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The causes' reasons, each once."""
        return tuple(dict.fromkeys(cause.reason for cause in self.causes))


class Ruling(NamedTuple):
    """The verdict on one connection, and for an unknown one its causes."""

    verdict: Verdict
    causes: tuple[Cause, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The causes' reasons, each once."""
        return tuple(dict.fromkeys(cause.reason for cause in self.causes))


class Reasoned(NamedTuple):
    """The verdict on one connection, and for an unknown one the reasons, without their places."""

    verdict: Verdict
    reasons: frozenset[Reason] = frozenset()
