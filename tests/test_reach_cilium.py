"""What Cilium's policies allow, deny and leave open between the pods of small worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.effects import Effects
from k8snet_lint.facts import Cni
from k8snet_lint.reach import Reach, Reason, Verdict
from k8snet_lint.resource import Workload
from tests.cluster import cilium, graph_of, pods, policy, together
from tests.support import lint_text, run, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from k8snet_lint.reach import Peers

WEB, API, DB = pods("web"), pods("api"), pods("db", "data")
FOR_API = "endpointSelector: {matchLabels: {app: api}}"
ON_8080 = 'toPorts: [{ports: [{port: "8080", protocol: TCP}]}]'


def reach_of(*documents: str, cni: Cni = Cni.UPSTREAM) -> Reach:
    return Reach.of(graph_of(WEB, API, DB, *documents, cni=cni))


def end(reach: Reach, name: str) -> Peers:
    """A workload by name, or a node, the internet or an address."""
    found = [each for each in reach.graph.select(Workload) if each.name == name]
    if found:
        return reach.peers(found[0])
    return {"internet": reach.internet, "node": reach.nodes}.get(name) or reach.addresses(name)


def verdict(reach: Reach, source: str, target: str, port: int = 8080, protocol: str = "TCP") -> str:
    return str(reach.verdict(end(reach, source), end(reach, target), protocol, port).verdict)


def reasons(reach: Reach, source: str, target: str, port: int = 8080) -> tuple[Reason, ...]:
    return reach.verdict(end(reach, source), end(reach, target), "TCP", port).reasons


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ("{}", []),
        ("{fromEndpoints: []}", []),
        ("{fromEndpoints: [{}]}", ["web"]),
        ("{fromEndpoints: [{matchLabels: {app: db}}]}", []),
        ("{fromEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: data}}]}", ["db"]),
        ("{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: data, app: web}}]}", []),
        (
            "{fromEndpoints: [{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: Exists}]}]}",
            ["web", "db"],
        ),
        ("{fromEndpoints: [{matchLabels: {reserved:world: ''}}]}", ["internet"]),
        ("{fromEntities: [all]}", ["web", "db", "internet", "node"]),
        ("{fromEntities: [cluster]}", ["web", "db", "node"]),
        ("{fromEntities: [world]}", ["internet"]),
        ("{fromEntities: [world-ipv4, world-ipv6]}", ["internet"]),
        ("{fromEntities: [host, remote-node]}", ["node"]),
        ("{fromEntities: [none, health, init]}", []),
        ("{fromRequires: [{matchLabels: {app: web}}]}", []),
        ("{fromCIDR: [0.0.0.0/0, '::/0']}", ["internet"]),
        ("{fromCIDRSet: [{cidr: 0.0.0.0/0, except: [10.0.0.0/8]}, {cidr: '::/0'}]}", ["internet"]),
        ("{toPorts: [{ports: [{port: '0'}]}]}", ["web", "db", "internet", "node"]),
        (f"{{fromEntities: [all], {ON_8080}}}", ["web", "db", "internet", "node"]),
        ("{fromEntities: [all], toPorts: [{ports: [{port: '80', endPort: 90}]}]}", []),
        ("{fromEntities: [all], toPorts: [{ports: [{port: '8080', protocol: UDP}]}]}", []),
        ("{fromEntities: [all], icmps: [{fields: [{type: 8}]}]}", []),
    ],
)
def test_what_one_rule_lets_in(rule: str, allowed: list[str]) -> None:
    reach = reach_of(cilium(FOR_API, f"ingress: [{rule}]"))
    sources = ("web", "db", "internet", "node")
    found = {each: verdict(reach, each, "api") for each in sources}
    expected = {each: "allowed" if each in allowed else "denied" for each in sources}
    if "node" not in allowed:
        expected["node"] = "unknown"  # it may be the pod's own node
    assert found == expected


def test_pods_that_no_policy_selects_are_open() -> None:
    reach = reach_of(cilium(FOR_API, "ingress: [{}]", "egress: [{}]"))
    assert verdict(reach, "db", "web") == "allowed"
    assert (verdict(reach, "web", "api"), verdict(reach, "api", "web")) == ("denied", "denied")


def test_a_denial_overrides_every_permission() -> None:
    deny = cilium(FOR_API, "ingressDeny: [{fromEndpoints: [{matchLabels: {app: web}}]}]").replace("name: p", "name: q")
    allow = policy("ingress: [{}]", selector="matchLabels: {app: api}")
    reach = reach_of(deny, allow, cilium(FOR_API, "ingress: [{fromEntities: [all]}]"))
    assert (verdict(reach, "web", "api"), verdict(reach, "db", "api")) == ("denied", "allowed")


def test_permissions_of_both_kinds_add_up() -> None:
    own = policy("ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]", selector="matchLabels: {app: api}")
    others = cilium(FOR_API, "ingress: [{fromEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: data}}]}]")
    reach = reach_of(own, others)
    assert [verdict(reach, each, "api") for each in ("web", "db", "internet")] == ["allowed", "allowed", "denied"]


def test_a_policy_that_does_not_isolate_only_denies() -> None:
    lenient = "enableDefaultDeny: {ingress: false}"
    deny = cilium(FOR_API, "ingressDeny: [{fromEntities: [world]}]", lenient)
    assert [verdict(reach_of(deny), each, "api") for each in ("internet", "web")] == ["denied", "allowed"]
    allow = cilium(FOR_API, "ingress: [{fromEntities: [world]}]", lenient)
    assert [verdict(reach_of(allow), each, "api") for each in ("internet", "web")] == ["allowed", "allowed"]
    closed = reach_of(allow, policy("policyTypes: [Ingress]"))
    assert [verdict(closed, each, "api") for each in ("internet", "web")] == ["allowed", "denied"]


def test_a_cluster_wide_policy_is_for_pods_of_every_namespace() -> None:
    reach = reach_of(cilium("endpointSelector: {}", "ingress: [{fromEndpoints: [{}]}]", namespace="*"))
    assert [verdict(reach, *pair) for pair in (("web", "db"), ("internet", "db"))] == ["allowed", "denied"]


def test_a_policy_that_is_rejected_is_ignored() -> None:
    reach = reach_of(cilium(FOR_API, "ingress: [{fromEntities: [nobody]}]"))
    assert verdict(reach, "web", "api") == "allowed"
    (degraded,) = reach.degraded
    assert degraded.effect == "the whole policy is ignored"


def test_blocks_mean_no_pods_where_cilium_enforces_them() -> None:
    open_block = policy("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", selector="matchLabels: {app: api}")
    assert verdict(reach_of(open_block), "web", "api") == "allowed"
    elsewhere = cilium("endpointSelector: {matchLabels: {app: db}}", "ingress: [{}]", namespace="data")
    assert verdict(reach_of(open_block, elsewhere), "web", "api") == "denied"


@pytest.mark.parametrize(
    ("rule", "source", "reason"),
    [
        ("{fromEntities: [host]}", "node", Reason.HOST_NETWORK),
        ("{fromEntities: [kube-apiserver]}", "203.0.113.7", Reason.PEER_UNREAD),
        ("{fromCIDRSet: [{cidrGroupRef: vpn}]}", "203.0.113.7", Reason.PEER_UNREAD),
        ("{fromGroups: [{aws: {securityGroupsIds: [sg-1]}}]}", "203.0.113.7", Reason.PEER_UNREAD),
        ("{fromEndpoints: [{}], fromRequires: [{matchLabels: {a: b}}]}", "web", Reason.PEER_UNREAD),
        ("{fromEndpoints: [{}], authentication: {mode: required}}", "web", Reason.AUTHENTICATION),
        (
            '{toPorts: [{ports: [{port: "8080", protocol: TCP}], rules: {http: [{path: /}]}}]}',
            "web",
            Reason.REQUEST_RULES,
        ),
        (
            "{fromEndpoints: [{matchLabels: {app: web, io.cilium.k8s.policy.serviceaccount: web}}]}",
            "web",
            Reason.CONTROLLER_LABEL,
        ),
    ],
)
def test_what_manifests_leave_open_is_unknown_with_its_reason(rule: str, source: str, reason: Reason) -> None:
    reach = reach_of(cilium(FOR_API, f"ingress: [{rule}]"))
    assert verdict(reach, source, "api") == "unknown"
    assert reasons(reach, source, "api") == (reason,)


def test_rules_for_every_request_and_rules_for_names_allow() -> None:
    every = '{toPorts: [{ports: [{port: "8080", protocol: TCP}], rules: {http: [{}]}}]}'
    assert verdict(reach_of(cilium(FOR_API, f"ingress: [{every}]")), "web", "api") == "allowed"
    names = '{toEntities: [all], toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchName: a.example.com}]}}]}'
    assert verdict(reach_of(cilium(FOR_API, f"egress: [{names}]")), "api", "db", 53, "UDP") == "allowed"


def test_names_may_be_any_address() -> None:
    reach = reach_of(
        cilium(FOR_API, "egress: [{toFQDNs: [{matchName: example.com}, {matchPattern: '*.example.org'}]}]")
    )
    assert reasons(reach, "api", "203.0.113.7", 443) == (Reason.DOMAIN_NAME,)
    assert verdict(reach, "api", "web") == "denied"


def test_services_may_be_any_pods() -> None:
    reach = reach_of(cilium(FOR_API, "egress: [{toServices: [{k8sService: {serviceName: web, namespace: shop}}]}]"))
    assert reasons(reach, "api", "web") == (Reason.PEER_UNREAD,)


def test_on_another_network_it_is_unknown_whether_they_count() -> None:
    reach = reach_of(cilium(FOR_API, "ingress: [{}]"), cni=Cni.CALICO)
    assert (verdict(reach, "web", "api"), reasons(reach, "web", "api")) == ("unknown", (Reason.OTHER_NETWORK,))
    assert verdict(reach_of(cilium(FOR_API, "ingress: [{}]"), cni=Cni.CILIUM), "web", "api") == "denied"


def test_a_named_port_is_the_destinations() -> None:
    served = pods("web", ports="[{name: http, containerPort: 8000}]")
    rule = "{toEndpoints: [{}], toPorts: [{ports: [{port: http, protocol: TCP}]}]}"
    reach = Reach.of(graph_of(served, API, cilium(FOR_API, f"egress: [{rule}]")))
    assert (verdict(reach, "api", "web", 8000), verdict(reach, "api", "web", 8080)) == ("allowed", "denied")


# ── as operators meet them ────────────────────────────────────────────────────────────────────────────


def why(tmp_path: Path, *documents: str, ends: tuple[str, str] = ("shop/web", "shop/api")) -> str:
    write_files(tmp_path, {"all.yaml": together(WEB, API, DB, *documents)})
    ran = run("why", *ends, "8080", str(tmp_path), "--no-config")
    assert ran.code == 0, ran.err
    return ran.out


def test_why_names_the_rule_that_allows(tmp_path: Path) -> None:
    out = why(tmp_path, cilium(FOR_API, f"ingress: [{{fromEndpoints: [{{}}], {ON_8080}}}]"))
    assert out.startswith("allowed: shop/Deployment/web -> shop/Deployment/api on TCP 8080")
    assert "CiliumNetworkPolicy/shop/p allows it:" in out
    assert "port  " in out


def test_why_names_what_denies_alone(tmp_path: Path) -> None:
    rules = ("ingress: [{fromEntities: [all]}]", "ingressDeny: [{fromEndpoints: [{}]}]")
    out = why(tmp_path, cilium(FOR_API, *rules))
    assert out.startswith("denied")
    assert "CiliumNetworkPolicy/shop/p denies it:" in out
    assert "allows it" not in out
    assert "smallest change" not in out


def test_why_offers_a_policy_where_none_allows(tmp_path: Path) -> None:
    out = why(tmp_path, cilium(FOR_API, "ingress: [{}]"))
    assert "this policy selects it for ingress, and no rule allows this:" in out
    assert "add a policy" in out


def test_why_tells_what_is_unknown(tmp_path: Path) -> None:
    http = '{toPorts: [{ports: [{port: "8080", protocol: TCP}], rules: {http: [{path: /}]}}]}'
    out = why(tmp_path, cilium(FOR_API, f"ingress: [{http}]"))
    assert "rules beyond ports decide on each request" in out


def test_a_policy_that_only_denies_others_leaves_it_open(tmp_path: Path) -> None:
    lenient = cilium(FOR_API, "ingressDeny: [{fromEntities: [world]}]", "enableDefaultDeny: {ingress: false}")
    assert "no policy selects it" in why(tmp_path, lenient)
    assert "denies it" in why(tmp_path, lenient, ends=("internet", "shop/api"))


def test_a_policy_that_keeps_pods_from_names_is_told_of() -> None:
    only_api = "egress: [{toEndpoints: [{matchLabels: {app: api}}]}]"
    text = together(WEB, API, cilium("endpointSelector: {matchLabels: {app: web}}", only_api))
    (line,) = lint_text(text, select=["policy-blocks-dns"])
    assert "CiliumNetworkPolicy/shop/p lets Deployment/shop/web connect to others" in line
    answered = only_api.replace(
        "app: api}}]}", "app: api}}]}, {toEntities: [cluster], toPorts: [{ports: [{port: '53'}]}]}"
    )
    assert lint_text(text.replace(only_api, answered), select=["policy-blocks-dns"]) == []


@pytest.mark.parametrize(("entities", "found"), [("kube-apiserver", 0), ("kube-apiserver, host", 1)])
def test_who_calls_the_api_server_alone_needs_no_names(entities: str, found: int) -> None:
    rule = f"egress: [{{toEntities: [{entities}], toPorts: [{{ports: [{{port: '443', protocol: TCP}}]}}]}}]"
    text = together(WEB, API, cilium("endpointSelector: {matchLabels: {app: web}}", rule))
    assert len(lint_text(text, select=["policy-blocks-dns"])) == found


@pytest.mark.parametrize(
    ("rule", "found"), [("{fromEntities: [world]}", 0), ("{fromEntities: [ingress]}", 0), ("{}", 1)]
)
def test_a_load_balancer_may_be_outside_of_the_cluster(rule: str, found: int) -> None:
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\n"
        "spec: {selector: {app: api}, ports: [{port: 8080}]}\n"
    )
    ingress = (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: api, namespace: shop}\n"
        "spec: {ingressClassName: alb, defaultBackend: {service: {name: api, port: {number: 8080}}}}\n"
    )
    text = together(API, service, ingress, cilium(FOR_API, f"ingress: [{rule}]"))
    assert len(lint_text(text, select=["policy-blocks-declared-path"])) == found


def test_rules_on_redundancy_leave_them_alone() -> None:
    twice = cilium(FOR_API, "ingress: [{fromEndpoints: [{}]}, {fromEndpoints: [{}]}]")
    effects = Effects.of(graph_of(WEB, API, twice))
    assert (effects.redundant_rules, effects.redundant_policies, effects.denied_rules) == ((), (), ())
    assert effects.reach.verdict(*(effects.reach.workloads,) * 2, "TCP", 80).verdict is Verdict.ALLOWED
