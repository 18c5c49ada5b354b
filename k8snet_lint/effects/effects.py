"""One analysis of a world and what is read off it: each part is imported, and worked out, once it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource import EnginePolicy, Ingress, NetworkPolicy, Service
from k8snet_lint.resource.admin_policy import AdminPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from k8snet_lint.effects.cluster_dns import CutOff
    from k8snet_lint.effects.cluster_policies import Accept, ClusterPolicies, Collision, DeniedDNS, Shadowed
    from k8snet_lint.effects.declared import Blocked
    from k8snet_lint.effects.entrances import Entrances
    from k8snet_lint.effects.mistakes import Mistakes, Shut, Shutting
    from k8snet_lint.effects.networks import Depending
    from k8snet_lint.effects.openings import Openings
    from k8snet_lint.effects.policy_ports import Misnamed
    from k8snet_lint.effects.redundancy import Denied, Redundancy, Redundant, RedundantPolicy
    from k8snet_lint.effects.services import Unreachable
    from k8snet_lint.effects.traffic import Traffic
    from k8snet_lint.effects.ways import Closed, Entrance
    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.resource import Workload

ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "Route"})


class Effects:
    """What the policies of a world do. `reach` answers who can connect to whom; nothing is computed unasked.

    Where there are no policies, or nothing publishes anything, the analysis is not even imported.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    @staticmethod
    def of(graph: Graph) -> Effects:
        """The one judgement of a graph, which all rules share."""
        memo = vars(graph)
        found = memo.get("_effects")
        if not isinstance(found, Effects):
            found = memo["_effects"] = Effects(graph)
        return found

    @cached_property
    def reach(self) -> Reach:
        """Who can connect to whom; the cluster's name servers and its API server can be asked about too."""
        from k8snet_lint.effects.cluster_dns import CLUSTER_DNS  # noqa: PLC0415 - most runs never ask
        from k8snet_lint.reach import Reach  # noqa: PLC0415
        from k8snet_lint.reach.engine import API_SERVER  # noqa: PLC0415

        return Reach(self.graph, extra=(*CLUSTER_DNS, API_SERVER))

    # ── pods and what they need ──────────────────────────────────────────────────────────────────────

    @cached_property
    def cut_off_from_dns(self) -> tuple[CutOff, ...]:
        """Workloads that may not ask the cluster's name servers."""
        if not self._isolates:
            return ()
        from k8snet_lint.effects.cluster_dns import ClusterDNS  # noqa: PLC0415

        return tuple(ClusterDNS(self.reach).cut_off())

    @cached_property
    def unreachable_services(self) -> tuple[Unreachable, ...]:
        """Ports of Services that nobody can reach, and that nothing in the set is known to want to."""
        if not self._has_policies:
            return ()
        from k8snet_lint.effects.services import Services  # noqa: PLC0415

        return tuple(Services(self.reach, self._traffic.consumed, self._mistakes).unreachable())

    @cached_property
    def blocked_traffic(self) -> tuple[tuple[Blocked, tuple[Blocked, ...]], ...]:
        """Traffic that objects of the set declare and policies deny: one of what each policy denies, and the others.

        What a mistake denies that another finding names is left to that one, here and for ways in.
        """
        if not self._has_policies:
            return ()
        from k8snet_lint.effects.declared import grouped  # noqa: PLC0415

        return tuple(grouped([each for each, mistakes in self._blocked if not mistakes]))

    # ── ways in ──────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def closed_entrances(self) -> tuple[tuple[Closed, tuple[Closed, ...]], ...]:
        """Ways for outside traffic that policies close: one of what each policy closes, and the others."""
        if not (self._has_policies and self._publishes):
            return ()
        from k8snet_lint.effects.ways import grouped  # noqa: PLC0415

        return tuple(grouped(each for each, mistakes in self._closed if not mistakes))

    @cached_property
    def public_workloads(self) -> dict[Workload, Entrance]:
        """The workloads that anyone on the Internet can reach, each with the first way there."""
        return self._entrances.public() if self._publishes else {}

    @cached_property
    def exposed_workloads(self) -> tuple[tuple[Workload, Entrance], ...]:
        """Those of them that isolation is a question for, but for what carries the traffic of Ingresses."""
        public, isolation, roles = self.public_workloads, self.graph.isolation, self.graph.roles
        return tuple(
            (workload, public[workload])
            for namespace in (isolation.namespaces if public else ())
            for workload in isolation.judged(namespace)
            if workload in public and not roles.is_ingress_controller(workload)
        )

    @cached_property
    def openings(self) -> Openings:
        """Ports of Services that anyone on the Internet connects to straight, as far as anything here tells."""
        from k8snet_lint.effects.openings import Openings  # noqa: PLC0415

        return Openings(self.graph, self.reach if self._has_policies else None)

    def public_routes(self, served: Callable[[str, Workload, int], str]) -> Iterable[tuple[Entrance, str]]:
        """Ports of workloads that Ingresses and routes open to the Internet, with what is served there, if anything."""
        return self._entrances.public_routes(served) if self._routes else ()

    def reaches_metadata(self, workload: Workload) -> bool:
        """Whether a workload's pods surely may connect to the cloud's metadata service."""
        return self._entrances.reaches_metadata(workload)

    # ── NetworkPolicies ──────────────────────────────────────────────────────────────────────────────

    @cached_property
    def misnamed_ports(self) -> tuple[Misnamed, ...]:
        """Ports of policies that are a Service's instead of its pods'."""
        if not self._isolates:
            return ()
        from k8snet_lint.effects.policy_ports import PolicyPorts  # noqa: PLC0415

        return tuple(PolicyPorts(self.reach).misnamed())

    @cached_property
    def redundant_rules(self) -> tuple[Redundant, ...]:
        """Rules that add nothing to others for the same pods."""
        return self._redundancy.rules if self._isolates else ()

    @cached_property
    def redundant_policies(self) -> tuple[RedundantPolicy, ...]:
        """Policies that add nothing to others for the same pods."""
        return tuple(self._redundancy.policies()) if self._isolates else ()

    @cached_property
    def denied_rules(self) -> tuple[Denied, ...]:
        """Rules all of whose connections the policies of the other end deny."""
        return tuple(self._redundancy.denied()) if self._isolates else ()

    @cached_property
    def depending_on_network(self) -> tuple[Depending, ...]:
        """Parts of policies that networks read differently."""
        if not self._isolates:
            return ()
        from k8snet_lint.effects.networks import Networks  # noqa: PLC0415

        return tuple(Networks(self.reach).depending())

    def shut_by(self, at: Node) -> Shutting:
        """The ways that a mistake in a policy closes, though something of the set asks for them."""
        from k8snet_lint.effects.mistakes import Shutting  # noqa: PLC0415

        return Shutting.of(self._shut.get(at, ()) if self._has_policies else ())

    # ── policies of the cluster's administrator ──────────────────────────────────────────────────────

    @cached_property
    def collisions(self) -> tuple[Collision, ...]:
        """Policies of one priority that disagree."""
        return tuple(self._cluster_policies.collisions()) if self._rules_all else ()

    @cached_property
    def shadowed_rules(self) -> tuple[Shadowed, ...]:
        """Rules that are never asked."""
        return tuple(self._cluster_policies.shadowed()) if self._rules_all else ()

    @cached_property
    def broad_accepts(self) -> tuple[Accept, ...]:
        """Rules that let everyone in, or out, before any NetworkPolicy is asked."""
        return tuple(self._cluster_policies.broad_accepts()) if self._rules_all else ()

    @cached_property
    def denied_dns(self) -> tuple[DeniedDNS, ...]:
        """Rules that deny queries to the cluster's name servers."""
        return tuple(self._cluster_policies.denied_dns()) if self._rules_all else ()

    # ── inside ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def _isolates(self) -> bool:
        graph = self.graph.settled
        return bool(graph.select(NetworkPolicy) or graph.select(EnginePolicy))

    @property
    def _rules_all(self) -> bool:
        return bool(self.graph.select(AdminPolicy))

    @property
    def _has_policies(self) -> bool:
        return self._isolates or self._rules_all

    @cached_property
    def _publishes(self) -> bool:
        """Whether something leads outside traffic in."""
        return self._routes or any(each.type_name == "LoadBalancer" for each in self.graph.select(Service))

    @cached_property
    def _routes(self) -> bool:
        """Whether there is an Ingress or a route."""
        return bool(self.graph.select(Ingress)) or any(each.kind in ROUTES for each in self.graph.resources)

    @cached_property
    def _entrances(self) -> Entrances:
        from k8snet_lint.effects.entrances import Entrances  # noqa: PLC0415

        return Entrances(self.reach)

    @cached_property
    def _traffic(self) -> Traffic:
        from k8snet_lint.effects.traffic import Traffic  # noqa: PLC0415

        return Traffic(self.reach)

    @cached_property
    def _mistakes(self) -> Mistakes:
        from k8snet_lint.effects.mistakes import Mistakes  # noqa: PLC0415

        return Mistakes(self.graph, lambda: self.misnamed_ports)

    @cached_property
    def _blocked(self) -> tuple[tuple[Blocked, Sequence[tuple[Node, Shut]]], ...]:
        """Declared traffic that policies deny, with the mistakes by which they do."""
        return tuple((each, self._mistakes.of_traffic(each)) for each in self._traffic.blocked())

    @cached_property
    def _closed(self) -> tuple[tuple[Closed, Sequence[tuple[Node, Shut]]], ...]:
        """Ways in that policies close, with the mistakes by which they do."""
        found = self._entrances.closed() if self._publishes else ()
        return tuple((each, self._mistakes.of_entrance(each)) for each in found)

    @cached_property
    def _shut(self) -> dict[Node, list[Shut]]:
        found: dict[Node, list[Shut]] = {}
        for _, mistakes in (*self._blocked, *self._closed):
            for at, shut in mistakes:
                found.setdefault(at, []).append(shut)
        return found

    @cached_property
    def _redundancy(self) -> Redundancy:
        from k8snet_lint.effects.redundancy import Redundancy  # noqa: PLC0415

        return Redundancy(self.reach)

    @cached_property
    def _cluster_policies(self) -> ClusterPolicies:
        from k8snet_lint.effects.cluster_policies import ClusterPolicies  # noqa: PLC0415

        return ClusterPolicies(self.reach.whole)
