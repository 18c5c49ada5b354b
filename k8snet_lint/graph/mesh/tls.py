"""Where a mesh does without mutual TLS, or does not check whom it talks to."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.mesh.members import Members, Membership
from k8snet_lint.graph.mesh.signs import ROOT
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Namespace, Workload
from k8snet_lint.resource.istio import DestinationRule
from k8snet_lint.resource.istio_security import PeerAuthentication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.mesh.hosts import Hosts
    from k8snet_lint.graph.mesh.policies import MeshPolicies
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.resource.istio import ClientTLS

LENIENT = ("PERMISSIVE", "DISABLE")
SKIPPED = ("config.linkerd.io/skip-inbound-ports", "config.linkerd.io/skip-outbound-ports")
CALLED_FROM_OUTSIDE = frozenset({443, 6443, 8443, 9443, 10250, 15020, 15021, 15090})
"""Ports that the API server, the kubelet or a scraper calls, which are in no mesh; most speak TLS of their own."""

WORDS = ("health", "probe", "live", "ready", "metrics", "prom", "status", "webhook")
"""What the names of such ports hold."""


class Laxity(enum.Enum):
    """In which way the client's TLS settings fall short."""

    PLAIN = "plain"
    UNVERIFIED = "unverified"
    UNVOUCHED = "unvouched"


class LaxClient(NamedTuple):
    """TLS settings of a DestinationRule that give up what the mesh has."""

    rule: DestinationRule
    tls: ClientTLS
    laxity: Laxity


class LaxPort(NamedTuple):
    """A port for which a PeerAuthentication makes an exception; `known` tells whether its pods are."""

    policy: PeerAuthentication
    port: int
    mode: Node
    known: bool


class MeshTLS:
    """What PeerAuthentications, DestinationRules and Linkerd's annotations give up."""

    def __init__(self, graph: Graph, hosts: Hosts, policies: MeshPolicies) -> None:
        self._graph = graph
        self._hosts = hosts
        self._policies = policies

    @cached_property
    def lenient(self) -> tuple[PeerAuthentication, ...]:
        """The policies that take plain text on every port."""
        return tuple(each for each in self._graph.select(PeerAuthentication) if each.mode.text in LENIENT)

    @cached_property
    def lenient_ports(self) -> tuple[LaxPort, ...]:
        """The single ports on which plain text is taken, for no reason that shows."""
        return tuple(
            LaxPort(policy, port, mode, bool(subjects))
            for policy in self._graph.select(PeerAuthentication)
            for port, mode in policy.port_modes
            if mode.text in LENIENT and port not in CALLED_FROM_OUTSIDE
            for subjects in (self._policies.subjects(policy) or (),)
            if not any(_is_called_from_outside(workload, port) for workload in subjects)
        )

    @cached_property
    def lax_clients(self) -> tuple[LaxClient, ...]:
        """The TLS settings towards hosts of the cluster that encrypt nothing or verify nobody."""
        return tuple(
            LaxClient(rule, tls, laxity)
            for rule in self._graph.select(DestinationRule)
            for tls in rule.tls
            for laxity in (self._laxity(rule, tls),)
            if laxity is not None
        )

    @cached_property
    def skipped(self) -> tuple[tuple[Resource, Node, str], ...]:
        """The ports that Linkerd's proxy is told to leave alone."""
        return tuple(
            (resource, node, ", ".join(ports))
            for resource, node in self._skip_annotations()
            for ports in (_numbers(node.value, resource),)
            if ports
        )

    def _laxity(self, rule: DestinationRule, tls: ClientTLS) -> Laxity | None:
        mode = tls.mode.text
        if mode not in ("DISABLE", "SIMPLE", "MUTUAL") or not self._is_inside(rule):
            return None
        if mode == "DISABLE":
            return None if self._is_outside_mesh(rule) else Laxity.PLAIN
        if tls.node["insecureSkipVerify"].value is True:
            return Laxity.UNVERIFIED
        by_secret = tls.node["credentialName"] and rule.is_for_some_workloads
        return None if tls.node["caCertificates"] or by_secret else Laxity.UNVOUCHED

    def _is_inside(self, rule: DestinationRule) -> bool:
        """Whether no public authority vouches for the host: it is the cluster's own, and not of the control plane."""
        text = rule.host.text
        host = self._hosts.host(text, rule.namespace)
        if (host.namespace, host.service) == ("default", "kubernetes") or host.namespace == ROOT:
            return False
        found = self._hosts.find(text, rule)
        external = any(entry.is_external for entry in found.entries)
        return not external and bool(host.service or text.endswith((".local", ".svc")))

    def _is_outside_mesh(self, rule: DestinationRule) -> bool:
        """Whether all pods behind the host are known to be in no mesh, or are none of the cluster's."""
        services = self._hosts.find(rule.host.text, rule).services
        workloads = [workload for service in services for workload in self._graph.endpoints(service)]
        if services and not any(service.selects_pods for service in services):
            return True
        members = Members(self._graph)
        return bool(workloads) and all(members.of(workload) is Membership.OUTSIDE for workload in workloads)

    def _skip_annotations(self) -> Iterator[tuple[Resource, Node]]:
        for key in SKIPPED:
            for namespace in self._graph.select(Namespace):
                if key in namespace.annotations:
                    yield namespace, namespace.annotation(key)
            for workload in self._graph.select(Workload):
                if key in workload.pod_annotations:
                    yield workload, workload.template.at("metadata", "annotations", key)


def _is_called_from_outside(workload: Workload, port: int) -> bool:
    """Whether the kubelet, a scraper or the API server is who calls a port."""
    names = {each.name for each in workload.ports if each.number == port}
    if any(word in name for name in names for word in WORDS):
        return True
    if workload.pod_annotations.get("prometheus.io/port") == str(port):
        return True
    called = [handler.port.value for container in workload.containers for handler in container.handlers]
    return port in called or any(name in called for name in names)


def _numbers(written: object, resource: Resource) -> tuple[str, ...]:
    """The ports of an annotation, those left out that are called from outside the mesh anyway."""
    ports = [part.strip() for part in str(written).split(",") if part.strip()]
    workload = resource if isinstance(resource, Workload) else None
    return tuple(port for port in ports if not _is_excused(port, workload))


def _is_excused(port: str, workload: Workload | None) -> bool:
    if not port.isdecimal():
        return False
    number = int(port)
    return number in CALLED_FROM_OUTSIDE or (workload is not None and _is_called_from_outside(workload, number))
