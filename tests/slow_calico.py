"""Calico's policies, decided again in the most straightforward way; see `slow_reach`, on which this builds."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.slow_reach import NAME, Pod, World, all_of, any_of, choices, in_block, is_admin, named, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.slow_reach import Manifest, Maybe

    Asked = tuple[str, Pod, Pod | str, Pod | str, str, int]

UNKNOWN = "\0unknown"

EXPRESSIONS: dict[str, tuple[Any, ...]] = {}
"""What the texts of selectors mean, written down by whoever made them up."""

TIERS = {
    "default": (1_000_000, "Deny"),
    "adminnetworkpolicy": (1000, "Pass"),
    "baselineadminnetworkpolicy": (1e7, "Pass"),
}


def value_of(expression: tuple[Any, ...], label: Callable[[str], str | None]) -> Maybe:
    """Whether an expression holds for labels."""
    word, *rest = expression
    match word:
        case "all":
            return True
        case "!":
            return not_(value_of(rest[0], label))
        case "&&":
            return all_of([value_of(each, label) for each in rest])
        case "||":
            return any_of([value_of(each, label) for each in rest])
        case _:
            return passes_test(word, label(rest[0]), rest[1] if rest[1:] else None)


def passes_test(word: str, value: str | None, wanted: Any) -> Maybe:  # noqa: ANN401
    """Whether a label passes a test."""
    if wanted == ():
        return word == "not in"
    if value == UNKNOWN:
        return None
    if value is None or word == "has":
        return word in ("!=", "not in") if value is None else True
    passes: dict[str, Callable[[], bool]] = {
        "==": lambda: value == wanted,
        "!=": lambda: value != wanted,
        "in": lambda: value in wanted,
        "not in": lambda: value not in wanted,
        "contains": lambda: wanted in value,
        "starts with": lambda: value.startswith(wanted),
        "ends with": lambda: value.endswith(wanted),
    }
    return passes[word]()


def not_(value: Maybe) -> Maybe:
    return None if value is None else not value


class CalicoWorld(World):
    """Some manifests, in a cluster with Calico."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        super().__init__(manifests)
        self.network_policies = [m for m in manifests if m["apiVersion"].startswith("networking.k8s.io")]
        calico = [m for m in manifests if m["apiVersion"].startswith("projectcalico.org")]
        self.calico = [m for m in calico if m["kind"] in ("NetworkPolicy", "GlobalNetworkPolicy")]
        self.unset_is_default = not any(m["kind"] == "Namespace" or m["metadata"].get("namespace") for m in manifests)
        self.sets = [m for m in calico if m["kind"].endswith("NetworkSet")]
        tiers = [m for m in calico if m["kind"] == "Tier"]
        self.tiers = {
            **TIERS,
            **{m["metadata"]["name"]: (m["spec"]["order"], m["spec"].get("defaultAction", "Deny")) for m in tiers},
        }

    def _direction(
        self, direction: str, subject: Pod | str, peer: Pod | str, destination: Pod | str, protocol: str, port: int
    ) -> set[bool]:
        if isinstance(subject, str) or subject.host_network:
            return {True}
        asked = (direction, subject, peer, destination, protocol, port)
        found = set()
        for order in self._orders():
            found |= self._from(order, 0, asked)
        if isinstance(peer, Pod) and peer.host_network and self._is_touched(direction, subject):
            found.add(True)
        return found

    def _is_touched(self, direction: str, subject: Pod) -> bool:
        ours = (m for m in self.calico if direction in calico_types(m) and self._whom(m, subject) is not False)
        return self._is_selected(direction, subject) or any(True for _ in ours)

    def _orders(self) -> Iterator[list[tuple[str, list[Manifest]]]]:
        """Tiers with their policies; those of Kubernetes may come first or last among those of one order."""
        for late, admin_late in product((0, 2), repeat=2):
            tiers: dict[str, list[tuple[Any, Manifest]]] = {}
            for m in self.calico:
                spec = m["spec"]
                place = (spec.get("order", float("inf")), 1, m["metadata"]["name"])
                tiers.setdefault(spec.get("tier", "default"), []).append((place, m))
            for m in self.network_policies:
                tiers.setdefault("default", []).append(((1000, late, m["metadata"]["name"]), m))
            for m in (*self.admin, *self.baseline):
                tier = "adminnetworkpolicy" if is_admin(m) else "baselineadminnetworkpolicy"
                tiers.setdefault(tier, []).append(
                    ((m["spec"].get("priority", 0), admin_late, m["metadata"]["name"]), m)
                )
            yield [
                (name, [m for _, m in sorted(found, key=lambda each: each[0])])
                for name, found in sorted(tiers.items(), key=lambda each: (self.tiers[each[0]][0], each[0]))
            ]

    def _from(self, order: list[tuple[str, list[Manifest]]], at: int, asked: Asked) -> set[bool]:
        """What comes of the tiers from one on."""
        if at == len(order):
            return {True}
        name, policies = order[at]
        found: set[bool] = set()
        for said in self._tier(policies, asked):
            action = self.tiers[name][1] if said == "end" else said
            if action in ("Pass", "none"):
                found |= self._from(order, at + 1, asked)
            else:
                found.add(action == "Allow")
        return found

    def _tier(self, policies: list[Manifest], asked: Asked) -> set[str]:
        """Allow, Deny, Pass, `end` where a policy is for the pod and none decides, `none` where none is for it."""
        before = {"none"}
        found: set[str] = set()
        for policy in policies:
            after: set[str] = set()
            for state in before:
                for selects in choices(self._is_for(policy, asked[0], asked[1])):
                    if not selects:
                        after.add(state)
                        continue
                    for said in self._rules_of(policy, *asked):
                        (after if said == "end" else found).add(said if said != "none" else state)
            before = after
        return found | before

    def _is_for(self, policy: Manifest, direction: str, pod: Pod) -> Maybe:
        if is_calico(policy):
            return self._whom(policy, pod) if direction in calico_types(policy) else False
        if "podSelector" in policy["spec"]:
            return self._selects(policy, pod) if direction in types(policy) else False
        return self._subject(policy, pod) if policy["spec"].get(direction) else False

    def _rules_of(
        self,
        policy: Manifest,
        direction: str,
        subject: Pod,
        peer: Pod | str,
        destination: Pod | str,
        protocol: str,
        port: int,
    ) -> set[str]:
        """What the rules of a policy that is for the pod can say; `end` where none matches, so its tier decides."""
        found = set()
        for rule in policy["spec"].get(direction) or []:
            if is_calico(policy):
                ends = (peer, subject) if direction == "ingress" else (subject, peer)
                matched = self._calico_rule(policy, rule, ends, protocol, port)
                action = rule["action"]
            elif "podSelector" in policy["spec"]:
                matched, action = self._rule(policy, rule, direction, peer, destination, protocol, port), "Allow"
            else:
                matched = self._admin_rule(policy, rule, direction, peer, destination, protocol, port)
                action = {"Accept": "Allow"}.get(rule["action"], rule["action"])
            if action == "Log":
                continue
            if matched is not False:
                found.add(action)
            if matched is True:
                return found
        return found | {"end"}

    # ── Calico ───────────────────────────────────────────────────────────────────────────────────────

    def _whom(self, policy: Manifest, pod: Pod) -> Maybe:
        spec = policy["spec"]
        conditions = [value_of(EXPRESSIONS[spec.get("selector", "")], lambda key: self._label(pod, key))]
        if "serviceAccountSelector" in spec:
            accounts = EXPRESSIONS[spec["serviceAccountSelector"]]
            conditions.append(value_of(accounts, lambda key: self._account_label(pod, key)))
        if policy["kind"] == "NetworkPolicy":
            conditions.append(self.own(policy, pod))
        elif "namespaceSelector" in spec:
            conditions.append(self._spaces(spec["namespaceSelector"], pod.namespace))
        return all_of(conditions)

    def _label(self, pod: Pod, key: str) -> str | None:
        given = {
            "projectcalico.org/namespace": self._space_label(pod.namespace, NAME),
            "projectcalico.org/orchestrator": "k8s",
            "projectcalico.org/serviceaccount": pod.account,
        }
        if key.startswith("pcns."):
            return self._space_label(pod.namespace, key.removeprefix("pcns."))
        if key.startswith("pcsa."):
            return self._account_label(pod, key.removeprefix("pcsa."))
        if key == "pod-template-hash" and pod.is_made and key not in pod.labels:
            return UNKNOWN
        found: str | None = pod.labels.get(key)
        return given.get(key, found)

    @staticmethod
    def _account_label(pod: Pod, key: str) -> str | None:
        return str(pod.account) if key == "projectcalico.org/name" else UNKNOWN

    def _space_label(self, name: str, key: str) -> str | None:
        if key in (NAME, "projectcalico.org/name"):
            return name or ("default" if self.unset_is_default else UNKNOWN)
        if name == "":
            return UNKNOWN
        found: str | None = self.namespaces[name].get(key) if name in self.namespaces else UNKNOWN
        return found

    def _spaces(self, text: str, name: str) -> Maybe:
        return value_of(EXPRESSIONS[text], lambda key: self._space_label(name, key))

    def _calico_rule(
        self, policy: Manifest, rule: Manifest, ends: tuple[Pod | str, Pod | str], protocol: str, port: int
    ) -> Maybe:
        """Whether a rule matches; `ends` are the source and the destination."""
        if rule.get("protocol", protocol) != protocol or rule.get("notProtocol") == protocol:
            return False
        destination = ends[1]
        ports = rule.get("destination", {}).get("ports", [])
        if ports and not any(is_port(each, destination, protocol, port) for each in ports):
            return False
        if any(is_port(each, destination, protocol, port) for each in rule.get("destination", {}).get("notPorts", [])):
            return False
        space = policy["metadata"].get("namespace", "") if policy["kind"] == "NetworkPolicy" else None
        written = (rule.get("source", {}), rule.get("destination", {}))
        found = [self._end(end, space, policy, who) for end, who in zip(written, ends, strict=True)]
        if "ports" in rule.get("source", {}) or "http" in rule:
            found.append(None)
        return all_of(found)

    def _end(self, written: Manifest, space: str | None, policy: Manifest, who: Pod | str) -> Maybe:
        found: list[Maybe] = []
        selecting = [key for key in ("selector", "namespaceSelector", "serviceAccounts") if key in written]
        if selecting or (space is not None and "notSelector" in written):
            found.append(self._selected(written, space, policy, who))
        if "notSelector" in written:
            anyone = self._anyone(written["notSelector"], who)
            found.append(not_(anyone))
        if "nets" in written:
            found.append(any_of([in_block(cidr, [], who) for cidr in written["nets"]]))
        if "notNets" in written:
            inside = any_of([in_block(cidr, [], who) for cidr in written["notNets"]])
            found.append(not_(inside))
        return all_of(found)

    def _selected(self, written: Manifest, space: str | None, policy: Manifest, who: Pod | str) -> Maybe:
        spaces = written.get("namespaceSelector")
        selector = EXPRESSIONS[written.get("selector", "")]
        found: list[Maybe] = []
        if isinstance(who, Pod) and not who.host_network and spaces != "global()":
            conditions = [value_of(selector, lambda key: self._label(who, key))]
            if spaces is not None:
                conditions.append(self._spaces(spaces, who.namespace))
            elif space is not None:
                conditions.append(self.own(policy, who))
            if "serviceAccounts" in written:
                conditions.append(who.account in written["serviceAccounts"]["names"])
            found.append(all_of(conditions))
        if "serviceAccounts" in written:
            return any_of(found)
        if isinstance(who, Pod) and who.host_network and (spaces == "global()" or (spaces is None and space is None)):
            found.append(None)
        for each in self.sets:
            home = each["metadata"].get("namespace")
            if spaces is None:
                there: Maybe = space is None or space == home
            elif home is None:
                there = spaces == "global()"
            else:
                there = False if spaces == "global()" else self._spaces(spaces, home)
            found.append(all_of([there, self._in_set(each, selector, who)]))
        return any_of(found)

    def _anyone(self, text: str, who: Pod | str) -> Maybe:
        found: list[Maybe] = [self._in_set(each, EXPRESSIONS[text], who) for each in self.sets]
        if isinstance(who, Pod):
            found.append(None if who.host_network else value_of(EXPRESSIONS[text], lambda key: self._label(who, key)))
        return any_of(found)

    def _in_set(self, each: Manifest, selector: tuple[Any, ...], who: Pod | str) -> Maybe:
        home = each["metadata"].get("namespace")

        def label(key: str) -> str | None:
            if home is not None and key == "projectcalico.org/namespace":
                return str(home)
            if home is not None and key.startswith("pcns."):
                found = self._space_label(home, key.removeprefix("pcns."))
                return None if found == UNKNOWN else found
            own: str | None = each["metadata"].get("labels", {}).get(key)
            return own

        inside = any_of([in_block(cidr, [], who) for cidr in each["spec"]["nets"]])
        return all_of([value_of(selector, label), inside])


def is_calico(policy: Manifest) -> bool:
    return bool(policy["apiVersion"].startswith("projectcalico.org"))


def calico_types(policy: Manifest) -> set[str]:
    spec = policy["spec"]
    if spec.get("types"):
        return {each.lower() for each in spec["types"]}
    return {key for key in ("ingress", "egress") if spec.get(key)} or {"ingress"}


def is_port(written: int | str, destination: Pod | str, protocol: str, port: int) -> bool:
    if isinstance(written, int):
        return written == port
    low, colon, high = written.partition(":")
    if colon:
        return int(low) <= port <= int(high)
    return (protocol, port) in named(written, destination)
