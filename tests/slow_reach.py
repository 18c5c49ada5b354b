"""A slow, obvious evaluator of policies, written from the API's documentation and apart from the analysis.

It looks at one connection of two pods at a time, in the manifests as they are written. What manifests leave open (a
namespace's labels, a pod's address, the order of two policies) it tries out, each doubt on its own, and returns every
verdict that came of it.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import permutations, product
from typing import TYPE_CHECKING, Any

from tests import slow_cilium

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Manifest = dict[str, Any]
Maybe = bool | None
"""None is a doubt."""

NAME = "kubernetes.io/metadata.name"
CONTROLLER_LABEL = "pod-template-hash"
PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "240.0.0.0/4")
GROUP = "policy.networking.k8s.io"


class World:
    """Some manifests."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self.namespaces = {
            m["metadata"]["name"]: m["metadata"].get("labels", {}) for m in manifests if m["kind"] == "Namespace"
        }
        self.pods = [Pod(m) for m in manifests if m["kind"] in ("Pod", "Deployment")]
        self.network_policies = [m for m in manifests if m["kind"] == "NetworkPolicy"]
        self.cilium = [m for m in manifests if slow_cilium.is_cilium(m)]
        self.admin = [m for m in manifests if is_admin(m)]
        self.baseline = [m for m in manifests if is_baseline(m)]

    def verdicts(self, source: Pod | str, target: Pod | str, protocol: str, port: int) -> set[bool]:
        """Every answer that is possible: allowed (true) or not."""
        egress = self._direction("egress", source, target, target, protocol, port)
        ingress = self._direction("ingress", target, source, target, protocol, port)
        return {out and into for out in egress for into in ingress}

    def _direction(
        self, direction: str, subject: Pod | str, peer: Pod | str, destination: Pod | str, protocol: str, port: int
    ) -> set[bool]:
        if isinstance(subject, str) or subject.host_network:
            return {True}
        found = set()
        for admin, network, baseline in product(
            self._ordered(self.admin, direction, subject, peer, destination, protocol, port),
            self._network(direction, subject, peer, destination, protocol, port),
            self._ordered(self.baseline, direction, subject, peer, destination, protocol, port),
        ):
            if admin in ("Allow", "Deny"):
                found.add(admin == "Allow")
            elif network is not None:
                found.add(network)
            else:
                found.add(baseline != "Deny")
        if isinstance(peer, Pod) and peer.host_network and self._is_selected(direction, subject):
            found.add(True)  # it may be on the subject's own node
        return found

    def _is_selected(self, direction: str, subject: Pod) -> bool:
        """Whether some policy has a say, so that the node's own traffic makes a difference."""
        ours = (
            m
            for m in (*self.admin, *self.baseline)
            if self._subject(m, subject) is not False and m["spec"].get(direction)
        )
        networks = (
            m for m in self.network_policies if self._selects(m, subject) is not False and direction in types(m)
        )
        others = (
            m
            for m in self.cilium
            if slow_cilium.has_rules(m, direction) or slow_cilium.isolates(m, direction)
            if slow_cilium.selects(self, m, subject) is not False
        )
        return any(True for _ in (*ours, *networks, *others))

    # ── NetworkPolicy ────────────────────────────────────────────────────────────────────────────────

    def _network(
        self, direction: str, subject: Pod, peer: Pod | str, destination: Pod | str, protocol: str, port: int
    ) -> set[bool | None]:
        """Allowed, denied, or None where the pod is not isolated."""
        policies = [m for m in self.network_policies if direction in types(m)]
        options = []
        for policy in policies:
            rules = policy["spec"].get(direction) or []
            allows = any_of(self._rule(policy, rule, direction, peer, destination, protocol, port) for rule in rules)
            selects = self._selects(policy, subject)
            options.append([(s, a, False, True) for s in choices(selects) for a in choices(allows)])
        options += slow_cilium.options(self, direction, subject, peer, destination, protocol, port)
        found: set[bool | None] = set()
        for chosen in product(*options):
            selecting = [(allows, denies, isolates) for selects, allows, denies, isolates in chosen if selects]
            if any(denies for _, denies, _ in selecting):
                found.add(False)
            elif any(isolates for _, _, isolates in selecting):
                found.add(any(allows for allows, _, _ in selecting))
            else:
                found.add(None)
        return found

    def _selects(self, policy: Manifest, pod: Pod) -> Maybe:
        return all_of((self.own(policy, pod), matches(policy["spec"].get("podSelector") or {}, pod)))

    def own(self, policy: Manifest, pod: Pod) -> Maybe:
        """Whether a pod is in the policy's own namespace."""
        namespace = policy["metadata"].get("namespace", "")
        if pod.namespace == namespace:
            return True
        return None if "" in (pod.namespace, namespace) else False

    def _rule(
        self,
        policy: Manifest,
        rule: Manifest,
        direction: str,
        peer: Pod | str,
        destination: Pod | str,
        protocol: str,
        port: int,
    ) -> Maybe:
        ports = rule.get("ports") or []
        if ports and not any(network_port(each, destination, protocol, port) for each in ports):
            return False
        peers = rule.get("from" if direction == "ingress" else "to") or []
        return any_of(self._network_peer(policy, each, peer) for each in peers) if peers else True

    def _network_peer(self, policy: Manifest, written: Manifest, peer: Pod | str) -> Maybe:
        if "ipBlock" in written:
            return self._block(written["ipBlock"]["cidr"], written["ipBlock"].get("except", []), peer)
        if isinstance(peer, str) or peer.host_network:
            return False
        space = (
            self._space(written["namespaceSelector"], peer)
            if "namespaceSelector" in written
            else self.own(policy, peer)
        )
        return all_of((space, matches(written.get("podSelector", {}), peer)))

    def _block(self, cidr: str, excepts: Sequence[str], peer: Pod | str) -> Maybe:
        """Whether a block holds the peer; Cilium holds blocks against what is outside the cluster alone."""
        return False if self.cilium and not isinstance(peer, str) else in_block(cidr, excepts, peer)

    def _space(self, selector: Manifest, pod: Pod) -> Maybe:
        """Whether a selector means the pod's namespace."""
        found = requirements(selector)
        if not found:
            return True
        if pod.namespace == "":
            return None
        labels = {**self.namespaces.get(pod.namespace, {}), NAME: pod.namespace}
        if pod.namespace in self.namespaces:
            return all(admits(each, labels) for each in found)
        if not all(admits(each, labels) for each in found if each[0] == NAME):
            return False
        return True if all(each[0] == NAME for each in found) else None

    # ── admin policies ───────────────────────────────────────────────────────────────────────────────

    def _ordered(
        self,
        policies: list[Manifest],
        direction: str,
        subject: Pod,
        peer: Pod | str,
        destination: Pod | str,
        protocol: str,
        port: int,
    ) -> set[str]:
        """What rules in order can say: Allow, Deny or Pass, which no match is as well."""
        found = set()
        for order in orders(policies):
            options = []
            for policy in order:
                selects = self._subject(policy, subject)
                for rule in policy["spec"].get(direction, []):
                    matched = self._admin_rule(policy, rule, direction, peer, destination, protocol, port)
                    options.append([(rule["action"], m and s) for m in choices(matched) for s in choices(selects)])
            for chosen in product(*options):
                action = next((action for action, matched in chosen if matched), "Pass")
                found.add("Allow" if action == "Accept" else action)
        return found

    def _subject(self, policy: Manifest, pod: Pod) -> Maybe:
        return self._pods(policy["spec"]["subject"], pod)

    def _pods(self, written: Manifest, pod: Pod) -> Maybe:
        if "namespaces" in written:
            return self._space(written["namespaces"], pod)
        pods = written["pods"]
        return all_of((self._space(pods.get("namespaceSelector", {}), pod), matches(pods.get("podSelector", {}), pod)))

    def _admin_rule(
        self,
        policy: Manifest,
        rule: Manifest,
        direction: str,
        peer: Pod | str,
        destination: Pod | str,
        protocol: str,
        port: int,
    ) -> Maybe:
        v1 = policy["kind"] != "ClusterNetworkPolicy"
        ports = rule.get("ports" if v1 else "protocols", [])
        if ports and not any(admin_port(each, destination, protocol, port) for each in ports):
            return False
        return any_of(self._admin_peer(each, peer) for each in rule["from" if direction == "ingress" else "to"])

    def _admin_peer(self, written: Manifest, peer: Pod | str) -> Maybe:
        if "networks" in written:
            return any_of(self._block(cidr, [], peer) for cidr in written["networks"])
        return False if isinstance(peer, str) or peer.host_network else self._pods(written, peer)


class Pod:
    """A pod, or those of a Deployment."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest["metadata"]["name"]
        self.namespace = manifest["metadata"].get("namespace", "")
        self.is_made = manifest["kind"] == "Deployment"
        template = manifest["spec"]["template"] if self.is_made else manifest
        self.labels = template["metadata"].get("labels", {})
        self.host_network = template["spec"].get("hostNetwork", False)
        self.account = template["spec"].get("serviceAccountName", "default")
        self.ports = [port for container in template["spec"]["containers"] for port in container.get("ports", [])]
        self.address = manifest.get("status", {}).get("podIP")


# ── three values ──────────────────────────────────────────────────────────────────────────────────────


def any_of(values: Iterator[Maybe] | Sequence[Maybe]) -> Maybe:
    found = list(values)
    return True if True in found else None if None in found else False


def all_of(values: Sequence[Maybe]) -> Maybe:
    return False if False in values else None if None in values else True


def choices(value: Maybe) -> tuple[bool, ...]:
    return (True, False) if value is None else (value,)


# ── selectors, addresses, ports ───────────────────────────────────────────────────────────────────────


def requirements(selector: Manifest) -> list[tuple[str, str, list[str]]]:
    found = [(key, "In", [value]) for key, value in selector.get("matchLabels", {}).items()]
    return found + [(e["key"], e["operator"], e.get("values", [])) for e in selector.get("matchExpressions", [])]


def admits(requirement: tuple[str, str, list[str]], labels: dict[str, str]) -> bool:
    key, operator, values = requirement
    return {
        "In": key in labels and labels[key] in values,
        "NotIn": key not in labels or labels[key] not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[operator]


def matches(selector: Manifest, pod: Pod) -> Maybe:
    doubtful = pod.is_made and CONTROLLER_LABEL not in pod.labels
    return all_of(
        [
            None if each[0] == CONTROLLER_LABEL and doubtful else admits(each, pod.labels)
            for each in requirements(selector)
        ]
    )


def in_block(cidr: str, excepts: Sequence[str], peer: Pod | str) -> Maybe:
    known = peer if isinstance(peer, str) else peer.address
    whole = ip_network(cidr).prefixlen == 0 and not excepts
    if known is not None:
        address = ip_address(known)
        return address in ip_network(cidr) and not any(address in ip_network(each) for each in excepts)
    if whole and ip_network(cidr).version == 4:
        return True
    assert isinstance(peer, Pod)
    if peer.host_network or ip_network(cidr).version == 6:
        return None
    parts = [ip_network(cidr)]
    for each in excepts:
        parts = [left for part in parts for left in minus(part, ip_network(each))]
    return None if any(part.overlaps(ip_network(other)) for part in parts for other in PRIVATE) else False


def minus(part: Any, hole: Any) -> list[Any]:  # noqa: ANN401
    if part.subnet_of(hole):
        return []
    return list(part.address_exclude(hole)) if hole.subnet_of(part) else [part]


def named(name: str, destination: Pod | str) -> list[tuple[str, int]]:
    ports = [] if isinstance(destination, str) else destination.ports
    return [(each.get("protocol", "TCP"), each["containerPort"]) for each in ports if each.get("name") == name]


def network_port(written: Manifest, destination: Pod | str, protocol: str, port: int) -> bool:
    if written.get("protocol", "TCP") != protocol:
        return False
    wanted = written.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return (protocol, port) in named(wanted, destination)
    return bool(wanted <= port <= int(written.get("endPort") or wanted))


def admin_port(written: Manifest, destination: Pod | str, protocol: str, port: int) -> bool:
    for field in ("namedPort", "destinationNamedPort"):
        if field in written:
            return (protocol, port) in named(written[field], destination)
    if "portNumber" in written:
        number = written["portNumber"]
        return bool(number.get("protocol", "TCP") == protocol and number["port"] == port)
    if "portRange" in written:
        ports = written["portRange"]
        return bool(ports.get("protocol", "TCP") == protocol and ports["start"] <= port <= ports["end"])
    if protocol.lower() not in written:
        return False
    at = written[protocol.lower()].get("destinationPort")
    if at is None:
        return True
    return bool(at["number"] == port if "number" in at else at["range"]["start"] <= port <= at["range"]["end"])


# ── order ─────────────────────────────────────────────────────────────────────────────────────────────


def is_admin(manifest: Manifest) -> bool:
    return manifest["kind"] == "AdminNetworkPolicy" or is_cluster(manifest, "Admin")


def is_baseline(manifest: Manifest) -> bool:
    return manifest["kind"] == "BaselineAdminNetworkPolicy" or is_cluster(manifest, "Baseline")


def is_cluster(manifest: Manifest, tier: str) -> bool:
    return bool(manifest["kind"] == "ClusterNetworkPolicy" and manifest["spec"]["tier"] == tier)


def orders(policies: list[Manifest]) -> Iterator[tuple[Manifest, ...]]:
    """Every order that the priorities leave: none is told between policies of two APIs."""
    for order in permutations(policies):
        by_kind: dict[str, list[int]] = {}
        for policy in order:
            by_kind.setdefault(policy["kind"], []).append(policy["spec"].get("priority", 0))
        if all(found == sorted(found) for found in by_kind.values()):
            yield order


def types(policy: Manifest) -> set[str]:
    """The directions that a policy isolates."""
    written = policy["spec"].get("policyTypes")
    if written:
        return {each.lower() for each in written}
    return {"ingress", "egress"} if policy["spec"].get("egress") else {"ingress"}
