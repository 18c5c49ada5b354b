"""What Istio's AuthorizationPolicies make of the TCP connections to each workload, as far as manifests tell.

The order is Istio's: CUSTOM, then DENY, then ALLOW, of which one has to match as soon as one selects the workload. A
rule that asks for identities or HTTP is not for manifests to decide; no rule at all, or an empty one, is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.mesh.members import Membership
from k8snet_lint.graph.mesh.signs import ROOT
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service, Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.mesh.members import Members
    from k8snet_lint.graph.mesh.policies import MeshPolicies
    from k8snet_lint.resource.istio_security import AuthorizationPolicy

PAST_THE_PROXY = ("traffic.sidecar.istio.io/excludeInboundPorts", "traffic.sidecar.istio.io/includeInboundPorts")
"""Annotations by which connections go past the sidecar."""


class MeshRuling(NamedTuple):
    """What the policies of a mesh make of the TCP connections to some pods.

    Shapes: `closed` tells that they surely let in none; otherwise they let in some, nobody can tell which, or with
    `outside` none, unless the pods are not in the mesh at all.
    """

    closed: bool
    policies: tuple[AuthorizationPolicy, ...]
    outside: bool = False


class MeshRulings:
    """A ruling for each workload to which some policy is not indifferent."""

    def __init__(self, graph: Graph, members: Members, policies: MeshPolicies) -> None:
        self._graph = graph
        self._members = members
        self._policies = policies

    def of(self, workload: Workload) -> MeshRuling | None:
        """The ruling on a workload; None where every connection gets through as if there were no mesh."""
        return self._rulings.get(workload)

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces of the workloads that some policy is not indifferent to."""
        return frozenset(workload.namespace for workload in self._rulings)

    @cached_property
    def _rulings(self) -> dict[Workload, MeshRuling]:
        surely, perhaps = self._selecting
        found = {}
        for workload in {**surely, **perhaps}:
            ruling = self._ruling(workload, surely.get(workload, ()), perhaps.get(workload, ()))
            if ruling is not None:
                found[workload] = ruling
        return found

    def _ruling(
        self, workload: Workload, surely: Iterable[AuthorizationPolicy], perhaps: Iterable[AuthorizationPolicy]
    ) -> MeshRuling | None:
        membership = self._members.of(workload)
        if membership is Membership.OUTSIDE:
            return None
        among = tuple(policy for policy in surely if policy.action != "AUDIT")
        doubtful = tuple(policy for policy in perhaps if policy.action != "AUDIT")
        told = workload.pod_annotations
        certain = membership is not Membership.UNKNOWN and not any(key in told for key in PAST_THE_PROXY)
        closing = _closing(among)
        if closing:
            outside = membership is Membership.UNKNOWN
            return MeshRuling(closed=certain, policies=closing, outside=outside)
        restricting = (*_restricting(among), *(policy for policy in doubtful if _may_restrict(policy)))
        return MeshRuling(closed=False, policies=restricting) if restricting else None

    @cached_property
    def _selecting(self) -> tuple[dict[Workload, list[AuthorizationPolicy]], dict[Workload, list[AuthorizationPolicy]]]:
        """The policies that surely select each workload, and those that may."""
        surely: dict[Workload, list[AuthorizationPolicy]] = {}
        perhaps: dict[Workload, list[AuthorizationPolicy]] = {}
        for policy in self._policies.authorizations:
            subjects = self._policies.subjects(policy)
            for workload in subjects or ():
                surely.setdefault(workload, []).append(policy)
            for workload in self._doubtful(policy) if subjects is None else self._loose(policy):
                perhaps.setdefault(workload, []).append(policy)
        return surely, perhaps

    def _doubtful(self, policy: AuthorizationPolicy) -> Iterator[Workload]:
        """The pods of the Services that it names; of labels that only a controller knows, all of its namespace."""
        if not policy.targets:
            yield from self._graph.pods(policy.namespace).workloads
        for target in policy.targets:
            for service in self._graph.named(Service, policy.namespace, target["name"].text):
                if target["kind"].text == "Service":
                    yield from self._graph.endpoints(service)

    def _loose(self, policy: AuthorizationPolicy) -> Iterator[Workload]:
        """The pods that are in its namespace only if one of the two, which name none, is put there."""
        if policy.namespace == ROOT:
            return
        graph = self._graph.settled
        pods = graph.pods("") if policy.namespace else graph.all_pods
        yield from (each for each in pods.matching(policy.selector) if each.namespace != policy.namespace)


def _closing(policies: tuple[AuthorizationPolicy, ...]) -> tuple[AuthorizationPolicy, ...]:
    """The policies that let nothing through, whatever else there is."""
    denying = tuple(policy for policy in policies if policy.action == "DENY" and policy.everything is not None)
    allowing = tuple(policy for policy in policies if policy.action == "ALLOW")
    return denying or (allowing if all(policy.allows_nothing for policy in allowing) else ())


def _restricting(policies: tuple[AuthorizationPolicy, ...]) -> Iterator[AuthorizationPolicy]:
    """The policies that may keep something out, given that all of them are in force."""
    open_to_all = any(policy.action == "ALLOW" and policy.everything is not None for policy in policies)
    for policy in policies:
        if _may_restrict(policy) and not (policy.action == "ALLOW" and open_to_all):
            yield policy


def _may_restrict(policy: AuthorizationPolicy) -> bool:
    """Whether it keeps anything out where it is alone."""
    return policy.everything is None if policy.action == "ALLOW" else bool(policy.rules)
