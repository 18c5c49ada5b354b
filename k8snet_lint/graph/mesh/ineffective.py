"""Istio's policies that do not do what they are there for (security.istio.io)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import Absence, Relation
from k8snet_lint.graph.mesh.members import WAYPOINT, Members, Membership
from k8snet_lint.graph.mesh.signs import ROOT
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service, Workload
from k8snet_lint.resource.istio_security import AuthorizationPolicy, Targeted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.mesh.policies import MeshPolicies
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.istio_security import AuthorizationRule

PLAIN_TCP = frozenset({"tcp", "tls", "https", "mongo", "mysql", "redis", "kafka", "postgres", "postgresql", "udp"})
"""Protocols of ports whose requests the proxy does not read."""


class Ineffective(NamedTuple):
    """What is wrong with a policy, and what mends it; `absence` where a policy that is missing would make it right."""

    at: Node
    text: str
    help: str
    absence: Absence | None = None


class Ineffectiveness:
    """Judges policies one by one, in the light of the others."""

    def __init__(self, graph: Graph, members: Members, policies: MeshPolicies) -> None:
        self._graph = graph
        self._members = members
        self._policies = policies

    @property
    def found(self) -> tuple[Ineffective, ...]:
        """The policies whose words show that they do not do what they are there for."""
        return tuple(each for policy in self._graph.select(Targeted) for each in self._ineffective(policy))

    def _ineffective(self, policy: Targeted) -> Iterator[Ineffective]:
        if policy.selects_gateway_pods:
            yield Ineffective(
                policy.selector_node,
                f"{policy} selects the pods of a Gateway by label, to which policies attach by targetRefs alone",
                "name the Gateway in targetRefs",
            )
        if isinstance(policy, AuthorizationPolicy):
            yield from self._without_effect(policy)
            yield from self._misunderstood(policy)

    def _without_effect(self, policy: AuthorizationPolicy) -> Iterator[Ineffective]:
        action, everything = policy.spec["action"], policy.everything
        if policy.action in ("DENY", "CUSTOM", "AUDIT") and not policy.spec["rules"]:
            text = f"{policy} has no rules, so that it never matches: its action is {policy.action}"
            yield Ineffective(action, text, "add rules; an empty one, {}, matches every request")
        if policy.action != "ALLOW" or everything is None or policy.targets or self._policies.is_for_gateways(policy):
            return
        if self._closes(policy) is None:
            others = self._overruled_by(policy)
            besides = f", whatever {others[0]} says" if others else ", as if there were no policy"
            text = f"{policy} lets every request through{besides}: one of its rules is empty"
            remedy = "name sources or operations in the rule, or delete the policy"
            exception = Absence(covered=policy.selector.is_empty or bool(others))
            yield Ineffective(everything.node, text, remedy, exception)

    def _misunderstood(self, policy: AuthorizationPolicy) -> Iterator[Ineffective]:
        beyond = self._http_beyond_ztunnel(policy)
        if beyond is not None:
            text = f"{policy} asks for '{beyond.key}' in an ambient namespace, where ztunnel reads no HTTP"
            yield Ineffective(
                beyond, text, "bind the policy to a waypoint, or to a Service that uses one, by targetRefs"
            )
            return
        for rule in policy.rules:
            found = self._http_on_tcp(policy, rule)
            if found is not None:
                at, protocols = found
                does = "it never matches" if policy.action == "ALLOW" else "it hits every request"
                text = f"{policy} asks for '{at.key}' where all ports are {protocols}, so that {does}"
                yield Ineffective(at, text, "name the port http if it speaks HTTP, or judge by sources and ports alone")

    def _overruled_by(self, policy: AuthorizationPolicy) -> tuple[AuthorizationPolicy, ...]:
        """The policies with rules of their own that one which allows everything makes pointless."""
        ours = self._policies.subjects(policy)
        return tuple(
            other
            for other in self._policies.authorizations
            if other.action == "ALLOW" and other.rules and other.everything is None and not other.targets
            for theirs in (self._policies.subjects(other),)
            if other.namespace == policy.namespace
            and (policy.selector.is_empty or other.selector == policy.selector or _share(ours, theirs))
        )

    def _closes(self, policy: AuthorizationPolicy) -> AuthorizationPolicy | None:
        """A policy that allows nothing to the same pods, to which this one is an exception."""
        return next(
            (
                other
                for other in self._policies.authorizations
                if other.allows_nothing and not other.targets
                if other.namespace in (policy.namespace, ROOT)
                if other.selector.is_empty or _share(self._policies.subjects(policy), self._policies.subjects(other))
            ),
            None,
        )

    def _http_beyond_ztunnel(self, policy: AuthorizationPolicy) -> Node | None:
        """What of a policy only a waypoint could enforce, in an ambient namespace where none does."""
        asked = next((at for rule in policy.rules for at in rule.http_attributes), None)
        if (
            asked is None
            or self._policies.is_mesh_wide(policy)
            or policy.selects_gateway_pods
            or self._policies.is_for_gateways(policy)
        ):
            return None
        if policy.targets:
            return asked if self._lacks_waypoint(policy) else None
        subjects = self._policies.subjects(policy)
        if subjects:
            found = {self._members.of(workload) for workload in subjects}
            return asked if found == {Membership.AMBIENT} else None
        return asked if self._members.of_namespace(policy.namespace) is Membership.AMBIENT else None

    def _http_on_tcp(self, policy: AuthorizationPolicy, rule: AuthorizationRule) -> tuple[Node, str] | None:
        """What a rule asks of HTTP, and the protocol that all ports have that it is for."""
        asked = next(rule.http_attributes, None)
        subjects = self._policies.subjects(policy)
        if asked is None or not subjects or policy.targets or policy.selector.is_empty:
            return None
        protocols = {
            _protocol(port.name, port.node["appProtocol"].text)
            for workload in subjects
            for edge in self._graph.sources(workload, Relation.SELECTS, Service)
            if isinstance(edge.source, Service)
            for port in edge.source.ports
            if not rule.ports or not rule.ports.isdisjoint((str(port.target), str(port.number)))
        }
        return (asked, ", ".join(sorted(protocols))) if protocols and protocols <= PLAIN_TCP else None

    def _lacks_waypoint(self, policy: AuthorizationPolicy) -> bool:
        """Whether all Services that it names are known to be served without a waypoint."""
        if self._members.of_namespace(policy.namespace) is not Membership.AMBIENT:
            return False
        named = [
            service
            for target in policy.targets
            for service in self._graph.named(Service, policy.namespace, target["name"].text)
            if target["kind"].text == "Service"
        ]
        return len(named) == len(policy.targets) and not any(
            self._members.has_waypoint(policy.namespace) or each.labels.get(WAYPOINT, "none") != "none"
            for each in named
        )


def _share(ours: Sequence[Workload] | None, theirs: Sequence[Workload] | None) -> bool:
    return bool(ours and theirs) and not set(ours or ()).isdisjoint(theirs or ())


def _protocol(name: str, app_protocol: str) -> str:
    """The protocol of a port as istiod reads it: `appProtocol`, else what its name starts with."""
    return (app_protocol or name.partition("-")[0]).lower()
