"""Name resolution: which pods may send to the cluster's name servers (Kubernetes, *DNS for Services and Pods*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.effects.containment import means_others
from k8snet_lint.effects.mending import rejected
from k8snet_lint.graph.roles import is_name_server
from k8snet_lint.reach.connections import Connections
from k8snet_lint.reach.endpoints import ANY_LABEL, Endpoint, EndpointKind
from k8snet_lint.reach.spec import Block, Entities, Pods
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, EnginePolicy, NetworkPolicy, Workload
from k8snet_lint.resource.admin_policy import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.manifest import Node
    from k8snet_lint.reach import Reach
    from k8snet_lint.reach.compiled import CompiledRule
    from k8snet_lint.reach.groups import Group
    from k8snet_lint.reach.spec import Rule
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

API_SERVER = Connections.port("TCP", 6443)
"""Where the API server listens, and hardly anything else (kube-apiserver `--secure-port`)."""


class CutOff(NamedTuple):
    """Workloads that policies isolate for egress without letting them look up names.

    Shapes: `policy` is the one to mend, `policies` all that isolate them; `talks` tells that something else is
    allowed, `to_addresses` that it is nothing but addresses, `to_api_server` nothing but the API server; `own` are the
    addresses of name servers that the pods ask instead of the cluster's; `over_tcp` is a rule that lets queries out, by
    TCP alone.
    """

    policy: Resource
    policies: tuple[Resource, ...]
    workloads: tuple[Workload, ...]
    talks: bool
    to_addresses: bool
    to_api_server: bool
    own: tuple[str, ...]
    over_tcp: Node | None

    @property
    def at(self) -> Node:
        """The rules for egress, or where they would stand."""
        written = (self.policy.spec[key] for key in ("egress", "policyTypes", "types"))
        return next((node for node in written if node.present), self.policy.spec)

    @property
    def asked(self) -> str:
        """Whom the pods ask, for a message."""
        return f"name server {', '.join(self.own)}" if self.own else "the cluster's DNS"

    @property
    def help(self) -> str:
        """What lets queries out, as the policy's engine has it."""
        dns_rule = self.policy.dns_rule if isinstance(self.policy, NetworkPolicy | EnginePolicy) else ""
        if self.own and not isinstance(self.policy, NetworkPolicy):
            return f"allow egress to {', '.join(self.own)} on UDP and TCP port 53"
        if self.over_tcp is not None and isinstance(self.policy, NetworkPolicy):
            return "add {protocol: UDP, port: 53} beside port 53, which is TCP's where no protocol is written"
        return f"add the egress rule {allowing_queries_to(self.own) if self.own else dns_rule}"


class ClusterDNS:
    """The cluster's name servers, as egress policies see them."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._engine = engine = reach.engine
        self._rejected = rejected(reach)
        self._servers = 0
        written = [each for each in reach.workloads if each.workload and is_name_server(each.workload)]
        for each in (*CLUSTER_DNS, *written):
            self._servers |= 1 << engine.universe.class_of(each)
        queries = QUERIES
        for port in (port for each in written if each.workload for port in each.workload.ports):
            if port.number and port.protocol == "UDP" and port.name.startswith("dns"):
                queries |= Connections.port("UDP", port.number)
        self._mask = engine.ports.mask(queries)

    @property
    def server(self) -> int:
        """The class of the name servers' pods."""
        return self._engine.universe.class_of(KUBE_DNS)

    def cut_off(self) -> Iterator[CutOff]:
        """Workloads that policies surely keep from every name server, those of one policy together."""
        universe = self._engine.universe
        found: dict[tuple[int, bool, tuple[str, ...]], list[Workload]] = {}
        groups: dict[tuple[int, bool, tuple[str, ...]], Group] = {}
        for number, group in enumerate(self._engine.egress.groups):
            rules = self._allowing(group)
            if not self._isolates(group) or self._admits(number) or any(map(self._may_mean, rules)):
                continue
            if any(means_others(peer) for rule in rules for peer in rule.rule.peers):
                universe = self._reach.whole.engine.universe  # name servers may be anywhere
            for each in universe.endpoints(group.bits & universe.workloads & ~self._rejected):
                if each.workload and self._asks(each, number):
                    key = (self._to_mend(group), self._talks(number, rules), _own_servers(each.workload))
                    found.setdefault(key, []).append(each.workload)
                    groups.setdefault(key, group)
        for key, workloads in found.items():
            (policy, talks, own), rules = key, self._allowing(groups[key])
            yield CutOff(
                self._engine.policies[policy].resource,
                tuple(self._engine.policies[each].resource for each in _selecting(groups[key])),
                tuple(workloads),
                talks,
                all(isinstance(peer, Block) for rule in rules for peer in rule.rule.peers),
                bool(rules) and all(_is_for_api_server(rule.rule) for rule in rules),
                own,
                None if own else next((rule.rule.node for rule in rules if self._is_over_tcp(rule)), None),
            )

    def _isolates(self, group: Group) -> bool:
        """Whether some policy surely isolates the pods: a NetworkPolicy, or one of Calico that is for their egress."""
        return self._engine.egress.isolates(group) or any(
            certain and Direction.EGRESS in self._engine.compiled[each].rules for each, certain in group.key[3]
        )

    def _talks(self, number: int, rules: Sequence[CompiledRule]) -> bool:
        """Whether the pods may connect to others; of ordered rules, one before may deny what another allows."""
        side, universe = self._engine.egress, self._engine.universe
        if not side.groups[number].key[3]:
            return bool(rules)
        return side.may_let_through(number, universe.all & ~universe.on_host, self._engine.ports.full)

    def _allowing(self, group: Group) -> list[CompiledRule]:
        return [rule for each in _selecting(group) for rule in self._rules(each)]

    def _is_over_tcp(self, rule: CompiledRule) -> bool:
        """Whether a rule names the port of queries, and the name servers, and leaves UDP out."""
        tcp = self._engine.ports.mask(Connections.port("TCP", 53))
        named = rule.numbers & tcp and rule.numbers != self._engine.ports.full
        return bool(named and rule.peers.maybe & self._servers)

    def _rules(self, policy: int) -> tuple[CompiledRule, ...]:
        return tuple(
            rule for rule in self._engine.compiled[policy].rules[Direction.EGRESS] if rule.rule.action is Action.ALLOW
        )

    def _admits(self, number: int) -> bool:
        """Whether all policies together may let queries out to a name server, or to some address."""
        wanted = self._servers | self._engine.universe.addresses
        return self._engine.egress.may_let_through(number, wanted, self._mask)

    def _may_mean(self, rule: CompiledRule) -> bool:
        """Whether a rule is for name servers: those known, or others that it looks for elsewhere or on nodes."""
        masks = rule.numbers
        for port in rule.names:
            masks |= self._mask if port.name.startswith("dns") and port.protocol != "TCP" else 0
        if not masks & self._mask:
            return False
        if rule.peers.maybe & (self._servers | self._engine.universe.addresses):
            return True
        explicit = masks != self._engine.ports.full
        return explicit and any(
            isinstance(peer, Entities) or (isinstance(peer, Pods) and peer.namespaces is not None)
            for peer in rule.rule.peers
        )

    def _to_mend(self, group: Group) -> int:
        """The policy that lets out something else, and of several one that is not for every pod."""
        return max(
            _selecting(group),
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
        servers = _own_servers(workload)
        return bool(servers) and not any(self._reaches(number, text) for text in servers)

    def _reaches(self, number: int, address: str) -> bool:
        try:
            wanted = self._reach.addresses(address).bits
        except ValueError:
            return True
        return self._engine.egress.may_let_through(number, wanted, self._mask)


def allowing_queries_to(addresses: Iterable[str]) -> str:
    """A rule of a NetworkPolicy that lets queries out to name servers."""
    peers = (f"{{ipBlock: {{cidr: {each}/{128 if ':' in each else 32}}}}}" for each in addresses)
    return f"{{to: [{', '.join(peers)}], ports: [{{protocol: UDP, port: 53}}, {{protocol: TCP, port: 53}}]}}"


def _is_for_api_server(rule: Rule) -> bool:
    """Whether a rule is for the API server, whose address pods are given in `KUBERNETES_SERVICE_HOST`."""
    if all(isinstance(peer, Entities) and peer.names == ("kube-apiserver",) for peer in rule.peers):
        return True
    return bool(rule.ports) and all(port.connections == API_SERVER for port in rule.ports)


def _selecting(group: Group) -> tuple[int, ...]:
    """The NetworkPolicies, and the policies of Cilium and Calico, that select a group."""
    return tuple(number for number, _ in (*group.key[1], *group.key[3]))


def _own_servers(workload: Workload) -> tuple[str, ...]:
    """The name servers that pods ask instead of the cluster's (`dnsPolicy: None`)."""
    if workload.pod_spec["dnsPolicy"].text != "None":
        return ()
    return tuple(each.text for each in workload.pod_spec.at("dnsConfig", "nameservers"))
