"""Name resolution: which pods may send to the cluster's name servers (Kubernetes, *DNS for Services and Pods*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.effects.containment import means_others
from k8snet_lint.graph.roles import is_name_server
from k8snet_lint.reach.connections import Connections
from k8snet_lint.reach.endpoints import ANY_LABEL, Endpoint, EndpointKind
from k8snet_lint.reach.spec import Block, Pods
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, Workload
from k8snet_lint.resource.admin_policy import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.reach.sides import Group
    from k8snet_lint.resource import Resource

KUBE_DNS = Endpoint(
    EndpointKind.STRANGER,
    "cluster DNS",
    "kube-system",
    labels={"k8s-app": "kube-dns"},
    unknown_labels=ANY_LABEL,
    whole=False,
)
OPENSHIFT_DNS = Endpoint(
    EndpointKind.STRANGER,
    "cluster DNS of OpenShift",
    "openshift-dns",
    labels={"dns.operator.openshift.io/daemonset-dns": "default"},
    unknown_labels=ANY_LABEL,
    whole=False,
)
CLUSTER_DNS = (KUBE_DNS, OPENSHIFT_DNS)
"""The name servers' pods as every distribution runs them, known though they are hardly ever in the set."""

QUERIES = Connections.port("UDP", 53) | Connections.port("UDP", 5353)
"""Where queries go: OpenShift's name servers listen on 5353."""


class CutOff(NamedTuple):
    """Workloads that policies isolate for egress without letting them look up names.

    Shapes: `policy` is the one to mend, `policies` all that isolate them; `talks` tells that something else is
    allowed, `to_addresses` that it is nothing but addresses.
    """

    policy: Resource
    policies: tuple[Resource, ...]
    workloads: tuple[Workload, ...]
    talks: bool
    to_addresses: bool


class ClusterDNS:
    """The cluster's name servers, as egress policies see them."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._engine = engine = reach.engine
        self._mask = engine.ports.mask(QUERIES)
        self._servers = 0
        written = (each for each in reach.workloads if each.workload and is_name_server(each.workload))
        for each in (*CLUSTER_DNS, *written):
            self._servers |= 1 << engine.universe.class_of(each)

    @property
    def server(self) -> int:
        """The class of the name servers' pods."""
        return self._engine.universe.class_of(KUBE_DNS)

    def cut_off(self) -> Iterator[CutOff]:
        """Workloads that NetworkPolicies surely keep from every name server, those of one policy together."""
        side, universe = self._engine.egress, self._engine.universe
        found: dict[tuple[int, bool], list[tuple[Workload, ...]]] = {}
        groups: dict[tuple[int, bool], Group] = {}
        for number, group in enumerate(side.groups):
            rules = [(policy, rule) for policy, _ in group.key[1] for rule in self._rules(policy)]
            if not side.isolates(group) or self._admits(number) or any(self._may_mean(rule) for _, rule in rules):
                continue
            if any(means_others(peer) for _, rule in rules for peer in rule.rule.peers):
                universe = self._reach.whole.engine.universe  # name servers may be anywhere
            among = universe.endpoints(group.bits & universe.workloads)
            workloads = tuple(each.workload for each in among if each.workload and self._asks(each, number))
            if workloads:
                key = (self._to_mend(group), bool(rules))
                found.setdefault(key, []).append(workloads)
                groups.setdefault(key, group)
        for (policy, talks), parts in found.items():
            numbers = [each for each, _ in groups[policy, talks].key[1]]
            rules = [(each, rule) for each in numbers for rule in self._rules(each)]
            yield CutOff(
                self._engine.policies[policy].resource,
                tuple(self._engine.policies[each].resource for each in numbers),
                tuple(workload for part in parts for workload in part),
                talks,
                all(isinstance(peer, Block) for _, rule in rules for peer in rule.rule.peers),
            )

    def _rules(self, policy: int) -> tuple[CompiledRule, ...]:
        return tuple(
            rule for rule in self._engine.compiled[policy].rules[Direction.EGRESS] if rule.rule.action is Action.ALLOW
        )

    def _admits(self, number: int) -> bool:
        """Whether all policies together may let queries out to a name server, or to some address."""
        wanted = self._servers | self._engine.universe.addresses
        return self._engine.egress.may_let_through(number, wanted, self._mask)

    def _may_mean(self, rule: CompiledRule) -> bool:
        """Whether a rule is for name servers: those known, or others that it looks for in other namespaces."""
        masks = rule.numbers
        for port in rule.names:
            masks |= self._mask if port.name.startswith("dns") and port.protocol != "TCP" else 0
        if not masks & self._mask:
            return False
        if rule.peers.maybe & (self._servers | self._engine.universe.addresses):
            return True
        explicit = masks != self._engine.ports.full
        return explicit and any(isinstance(peer, Pods) and peer.namespaces is not None for peer in rule.rule.peers)

    def _to_mend(self, group: Group) -> int:
        """The policy that lets out something else, and of several one that is not for every pod."""
        numbers = [number for number, _ in group.key[1]]
        return max(
            numbers,
            key=lambda each: (bool(self._rules(each)), not self._engine.policies[each].subject.pods.is_empty, -each),
        )

    def _asks(self, endpoint: Endpoint, number: int) -> bool:
        """Whether the pods ask the cluster's name servers, or others that are out of reach too."""
        workload = endpoint.workload
        if workload is None or is_name_server(workload) or not workload.containers:
            return False
        how = workload.pod_spec["dnsPolicy"].text
        if how != "None":
            return how != "Default"
        servers = [each.text for each in workload.pod_spec.at("dnsConfig", "nameservers")]
        return bool(servers) and not any(self._reaches(number, text) for text in servers)

    def _reaches(self, number: int, address: str) -> bool:
        try:
            wanted = self._reach.addresses(address).bits
        except ValueError:
            return True
        return self._engine.egress.may_let_through(number, wanted, self._mask)
