"""Small random worlds with Calico's policies beside those of Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.random_worlds import APPS, NAMESPACES, PORTS, PROTOCOLS, TIERS, Worlds
from tests.slow_calico import EXPRESSIONS

if TYPE_CHECKING:
    from random import Random

    from tests.random_worlds import Manifest

NETS_4 = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "203.0.113.0/24", "203.0.113.7/32")
NETS_6 = ("::/0", "2001:db8::/32", "fd00::/8")
ACCOUNTS = ("default", "robot")

EXPRESSIONS[""] = EXPRESSIONS["all()"] = ("all",)
EXPRESSIONS["global()"] = ("!", ("all",))


class CalicoWorlds(Worlds):
    """`inner` tells whether rules may narrow the pods that a policy is for, of which doubts are not followed up."""

    def __init__(self, random: Random, *, doubts: bool, inner: bool) -> None:
        super().__init__(random, doubts=doubts)
        self.inner = inner

    def manifests(self) -> list[Manifest]:
        spaces = NAMESPACES if self.doubts else NAMESPACES[:3]
        found = [self.namespace(name) for name in spaces if name and (not self.doubts or self.chance(0.7))]
        found += [self.pod(f"p{i}", self.random.choice(spaces)) for i in range(self.random.randint(2, 3))]
        found += [self.network_policy(f"n{i}", self.random.choice(spaces)) for i in range(self.random.randint(0, 2))]
        if self.chance(0.3):
            found.append(self.admin("AdminNetworkPolicy", "admin"))
        if self.chance(0.2):
            found.append(self.admin("BaselineAdminNetworkPolicy", "default"))
        tiers = [f"t{i}" for i in range(self.random.randint(0, 2))]
        found += [self.tier(name) for name in tiers]
        found += [self.set(f"s{i}", self.random.choice(NAMESPACES[:3])) for i in range(self.random.randint(0, 2))]
        for i in range(self.random.randint(1, 3)):
            found.append(self.calico(f"c{i}", self.random.choice(spaces), tiers))
        return found

    def pod(self, name: str, namespace: str) -> Manifest:
        found = super().pod(name, namespace)
        spec = found["spec"]["template"]["spec"] if found["kind"] == "Deployment" else found["spec"]
        if self.chance(0.5):
            spec["serviceAccountName"] = self.random.choice(ACCOUNTS)
        return found

    # ── selectors ────────────────────────────────────────────────────────────────────────────────────

    def expression(self, leaf: Any, depth: int = 2) -> str:  # noqa: ANN401
        """A text, with what it means written down."""
        meaning = self.tree(leaf, depth)
        text = write(meaning)
        EXPRESSIONS[text] = meaning
        return text

    def tree(self, leaf: Any, depth: int) -> tuple[Any, ...]:  # noqa: ANN401
        match self.random.randint(0, 5) if depth else 9:
            case 0:
                return ("&&", self.tree(leaf, depth - 1), self.tree(leaf, depth - 1))
            case 1:
                return ("||", self.tree(leaf, depth - 1), self.tree(leaf, depth - 1))
            case 2:
                return ("!", self.tree(leaf, depth - 1))
            case _:
                found: tuple[Any, ...] = leaf()
                return found

    def condition(self, key: str, values: tuple[str, ...]) -> tuple[Any, ...]:
        word = self.random.choice(("==", "!=", "in", "not in", "has", "contains", "starts with", "ends with"))
        value = self.random.choice(values)
        if word == "has":
            return (word, key)
        if word in ("in", "not in"):
            return (word, key, tuple(sorted(self.some(values, 2, 0))))
        return (word, key, value[:1] if word == "starts with" else value[-1:] if word == "ends with" else value)

    def pod_leaf(self) -> tuple[Any, ...]:
        if self.chance(0.15):
            return ("all",)
        if self.chance(0.6):
            return self.condition(*self.random.choice((("tier", TIERS), ("app", APPS))))
        special: list[tuple[str, tuple[str, ...]]] = [
            ("projectcalico.org/namespace", NAMESPACES[:3]),
            ("pcns.env", TIERS),
            ("projectcalico.org/serviceaccount", ACCOUNTS),
            ("projectcalico.org/orchestrator", ("k8s", "x")),
        ]
        if self.doubts:
            special += [("pcsa.role", ("x",)), ("pod-template-hash", ("abc",))]
        return self.condition(*self.random.choice(special))

    def space_leaf(self) -> tuple[Any, ...]:
        if self.chance(0.4):
            return self.condition("projectcalico.org/name", NAMESPACES[:3])
        return self.condition("env", TIERS)

    # ── objects ──────────────────────────────────────────────────────────────────────────────────────

    def object(self, kind: str, name: str, namespace: str | None, spec: Manifest, **labels: str) -> Manifest:
        metadata: Manifest = {"name": name, **({"namespace": namespace} if namespace else {}), "labels": labels}
        return {"apiVersion": "projectcalico.org/v3", "kind": kind, "metadata": metadata, "spec": spec}

    def tier(self, name: str) -> Manifest:
        spec: Manifest = {"order": self.random.choice((5, 1000, 2_000_000, 20_000_000))}
        if self.chance(0.5):
            spec["defaultAction"] = self.random.choice(("Pass", "Deny"))
        return self.object("Tier", name, None, spec)

    def set(self, name: str, namespace: str) -> Manifest:
        spec: Manifest = {"nets": self.some((*NETS_4, *NETS_6), 2, 0)}
        labels = {"app": self.random.choice(APPS)} if self.chance(0.7) else {}
        if self.chance(0.5):
            return self.object("GlobalNetworkSet", name, None, spec, **labels)
        return self.object("NetworkSet", name, namespace, spec, **labels)

    def calico(self, name: str, namespace: str, tiers: list[str]) -> Manifest:
        spec: Manifest = {}
        if self.chance(0.7):
            spec["order"] = self.random.choice((1, 2, 1000, 1000.5, 3000))
        if self.chance(0.4):
            spec["tier"] = self.random.choice((*tiers, "default", "adminnetworkpolicy"))
        if self.chance(0.8):
            spec["selector"] = self.expression(self.pod_leaf)
        if self.chance(0.6):
            spec["types"] = self.some(("Ingress", "Egress"))
        if self.chance(0.1):
            spec["serviceAccountSelector"] = self.expression(
                lambda: self.condition(*(("projectcalico.org/name", ACCOUNTS) if not self.doubts else ("role", ("x",))))
            )
        for direction in ("ingress", "egress"):
            if self.chance(0.7):
                spec[direction] = [self.rule(direction) for _ in range(self.random.randint(0, 3))]
        if self.chance(0.5):
            return self.object("NetworkPolicy", name, namespace, spec)
        if self.chance(0.4):
            spec["namespaceSelector"] = self.expression(self.space_leaf)
        return self.object("GlobalNetworkPolicy", name, None, spec)

    def rule(self, direction: str) -> Manifest:
        rule: Manifest = {"action": self.random.choice(("Allow", "Allow", "Deny", "Pass", "Log"))}
        ports = self.chance(0.4)
        if ports or self.chance(0.3):
            rule["protocol"] = self.random.choice(PROTOCOLS)
        elif self.chance(0.2):
            rule["notProtocol"] = self.random.choice(PROTOCOLS)
        nets = self.random.choice((NETS_4, NETS_6))
        outer, own = ("source", "destination") if direction == "ingress" else ("destination", "source")
        if self.chance(0.7):
            rule[outer] = self.entity(nets)
        if self.inner and self.chance(0.4):
            rule[own] = self.entity(nets)
        if ports:
            key = "ports" if self.chance(0.8) else "notPorts"
            found = (
                self.some((*PORTS, "80:81"), 2) if key == "notPorts" else self.some((*PORTS, "80:81", "http", "dns"), 2)
            )
            rule.setdefault("destination", {})[key] = found
        asks = direction == "ingress" and rule["action"] == "Allow" and rule.get("protocol", "TCP") == "TCP"
        if self.doubts and asks and self.chance(0.1):
            rule["http"] = {"methods": ["GET"]}
        return rule

    def entity(self, nets: tuple[str, ...]) -> Manifest:
        found: Manifest = {}
        if self.chance(0.6):
            found["selector"] = self.expression(self.pod_leaf)
        if self.chance(0.3):
            found["namespaceSelector"] = self.random.choice(("all()", "global()", self.expression(self.space_leaf)))
        if self.chance(0.15):
            found["notSelector"] = self.expression(self.pod_leaf, 1)
        if self.chance(0.2):
            found["nets"] = self.some(nets)
        if self.chance(0.15):
            found["notNets"] = self.some(nets)
        if self.chance(0.1):
            found["serviceAccounts"] = {"names": self.some(ACCOUNTS)}
        return found


def write(expression: tuple[Any, ...]) -> str:
    """The text of what an expression means."""
    word, *rest = expression
    if word == "all":
        return "all()"
    if word == "!":
        return f"!({write(rest[0])})"
    if word in ("&&", "||"):
        return f"({write(rest[0])}) {word} ({write(rest[1])})"
    if word == "has":
        return f"has({rest[0]})"
    if word in ("in", "not in"):
        values = ", ".join(f"'{value}'" for value in rest[1])
        return f"{rest[0]} {word} {{{values}}}"
    return f"{rest[0]} {word} '{rest[1]}'"
