"""What real repositories look like: examples, tests and variants beside each other, and what is not said of them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.declare import Severity
from tests.gateway_api import from_all, gateway, route
from tests.support import lint_text, lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

APP = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %(name)s}
    spec:
      selector: {matchLabels: {app: %(name)s}}
      template:
        metadata: {labels: {app: %(name)s}}
        spec: {containers: [{name: %(name)s, image: "shop/%(name)s:1", ports: [{containerPort: 8080}]}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %(name)s}
    spec: {selector: {app: %(name)s}, ports: [{port: 80, targetPort: 8080}]}
"""

SERVICE = """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: shop}
    spec: {selector: {app: web}, ports: [{port: %d}]}
"""

INGRESS = """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web%s}
    spec:
      ingressClassName: nginx
      rules:
      - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: %s, port: {number: 80}}}}]}
"""


def app(name: str = "web") -> str:
    return dedent(APP % {"name": name})


# ── many alternatives ────────────────────────────────────────────────────────────────────────────────


def environments(count: int) -> dict[str, str]:
    """Directories that each describe a Service `web` of their own, and only the first one with the port 80."""
    names = "abcdefgh"[:count]
    return {f"{name}/web.yaml": SERVICE % ("web", 80 + number) for number, name in enumerate(names)}


def test_what_one_of_many_examples_makes_wrong_is_a_note(tmp_path: Path) -> None:
    write_files(tmp_path, {**environments(5), "ingress.yaml": INGRESS % (", namespace: shop", "web")})
    (line,) = lint_tree(tmp_path, select=["ingress-backend-port-missing"])
    assert line.startswith("ingress.yaml:7: note[ingress-backend-port-missing]")


def test_each_of_a_few_environments_counts(tmp_path: Path) -> None:
    write_files(tmp_path, {**environments(3), "ingress.yaml": INGRESS % (", namespace: shop", "web")})
    (line,) = lint_tree(tmp_path, select=["ingress-backend-port-missing"])
    assert line.startswith("ingress.yaml:7: error[ingress-backend-port-missing]")


def test_what_is_wrong_in_all_of_many_examples_is_wrong(tmp_path: Path) -> None:
    files = {name: text.replace("port: 80", "port: 79") for name, text in environments(5).items()}
    write_files(tmp_path, {**files, "ingress.yaml": INGRESS % (", namespace: shop", "web")})
    (line,) = lint_tree(tmp_path, select=["ingress-backend-port-missing"])
    assert line.startswith("ingress.yaml:7: error[ingress-backend-port-missing]")


def test_the_severity_that_the_user_gives_a_rule_holds_for_examples(tmp_path: Path) -> None:
    write_files(tmp_path, {**environments(5), "ingress.yaml": INGRESS % (", namespace: shop", "web")})
    rule = "ingress-backend-port-missing"
    (line,) = lint_tree(tmp_path, select=[rule], severity={rule: Severity.WARNING})
    assert f"warning[{rule}]" in line


def alternatives(count: int) -> dict[str, str]:
    """Directories that each describe an Ingress otherwise, whose Service is missing, beside files for all of them."""
    found = {f"{name}/ingress.yaml": INGRESS % (", namespace: shop", f"to-{name * 9}") for name in "abcdefgh"[:count]}
    return {**found, "all/service.yaml": SERVICE % ("web", 80)}


@pytest.mark.parametrize(("count", "severity"), [(3, "warning"), (5, "note")])
def test_what_an_example_misses_may_be_set_up_beside_it(tmp_path: Path, count: int, severity: str) -> None:
    write_files(tmp_path, alternatives(count))
    lines = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert [line.split()[1].partition("[")[0] for line in lines] == [severity] * count


def test_what_an_example_misses_beside_others_of_its_own_is_missing(tmp_path: Path) -> None:
    write_files(tmp_path, {**alternatives(5), "a/service.yaml": SERVICE % ("api", 80)})
    lines = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert [line.split()[1].partition("[")[0] for line in lines] == ["warning", *["note"] * 4]


POLICY = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: web, namespace: shop}
    spec:
      podSelector: {matchLabels: {app: web}}
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
"""


def taken_to(namespace: str, base: str) -> str:
    """A kustomization that takes a base to a namespace."""
    return f"namespace: {namespace}\nresources: [{base}]\n"


@pytest.mark.parametrize("home", ["shop", "other"])
def test_a_copy_in_another_namespace_is_not_what_a_policy_misses(tmp_path: Path, home: str) -> None:
    """Two worlds, as they part the settings: the one with the copy lacks the original, which is in the other."""
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: conf}\ndata: {key: %s}\n"
    files = {
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": app(),
        "policy.yaml": POLICY,
        "first/kustomization.yaml": "resources: [settings.yaml, web]\n",
        "first/settings.yaml": settings % "first",
        "first/web/kustomization.yaml": taken_to(home, "../../base"),
        "second/kustomization.yaml": "resources: [settings.yaml]\n",
        "second/settings.yaml": settings % "second",
        "copy/kustomization.yaml": taken_to("shop-v2", "../base"),
    }
    write_files(tmp_path, files)
    found = {line.split()[1] for line in lint_tree(tmp_path, select=["policy-in-wrong-namespace"])}
    assert found == (set() if home == "shop" else {"error[policy-in-wrong-namespace]"})


SHOP = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api, namespace: shop}
    spec:
      selector: {matchLabels: {app: api}}
      template:
        metadata: {labels: {app: api}}
        spec: {containers: [{name: api, image: "shop/api:1"}]}
"""


@pytest.mark.parametrize(("broken", "severity"), [("app/more.yaml", "note"), ("other/more.yaml", "warning")])
@pytest.mark.parametrize(
    "text", ["apiVersion: v1\nkind: Service\nmetadata {}\n", "kind: Service\nmetadata: {name: a}\n"]
)
@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        ("service-selects-no-pods", SERVICE % ("web", 80)),
        ("policy-selects-no-pods", POLICY),
        ("namespace-without-default-deny-ingress", ""),
    ],
)
def test_what_a_broken_file_beside_it_may_hold_is_not_missed_for_sure(
    tmp_path: Path, rule: str, missing: str, text: str, broken: str, severity: str
) -> None:
    files = {"app/api.yaml": dedent(SHOP), "app/web.yaml": dedent(missing), broken: text}
    write_files(tmp_path, files)
    (found,) = (line for line in lint_tree(tmp_path, select=[rule]) if f"[{rule}]" in line)
    assert found.split()[1].partition("[")[0] == severity


# ── files that name no namespace ─────────────────────────────────────────────────────────────────────


def test_a_service_beside_the_workloads_of_its_directory_misses_its_pods(tmp_path: Path) -> None:
    lone = SERVICE.replace(", namespace: shop", "").replace("web}", "lonely}") % ("lonely", 80)
    write_files(tmp_path, {"shop/app.yaml": app("checkout"), "shop/svc/lonely.yaml": lone})
    (line,) = lint_tree(tmp_path, select=["service-selects-no-pods"])
    assert line.startswith("shop/svc/lonely.yaml:4: warning[service-selects-no-pods]")


def test_chapters_of_a_book_are_not_one_namespace(tmp_path: Path) -> None:
    lone = SERVICE.replace(", namespace: shop", "").replace("web}", "lonely}") % ("lonely", 80)
    write_files(tmp_path, {"chapter-1/app.yaml": app("checkout"), "chapter-2/lonely.yaml": lone})
    (line,) = lint_tree(tmp_path, select=["service-selects-no-pods"])
    assert line.startswith("chapter-2/lonely.yaml:4: note[service-selects-no-pods]")


def test_directories_that_lie_apart_still_find_each_other(tmp_path: Path) -> None:
    parts = app().split("---")
    write_files(
        tmp_path, {"deploy/web.yaml": parts[0], "svc/web.yaml": parts[1], "ingress/web.yaml": INGRESS % ("", "wbe")}
    )
    assert lint_tree(tmp_path, select=["service-selects-no-pods"]) == []
    (line,) = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert line.startswith("ingress/web.yaml:7: note[")


def test_a_misspelling_is_one_wherever_it_stands(tmp_path: Path) -> None:
    files = {"svc/checkout.yaml": app("checkout"), "ingress/web.yaml": INGRESS % ("", "chekout")}
    write_files(tmp_path, files)
    (line,) = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert "note" not in line.split("[", maxsplit=1)[0]


@pytest.mark.parametrize("name", ["values.yaml", "web-values.yaml", "values.dev.yml"])
def test_what_is_missed_beside_values_may_be_of_their_chart(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {"shop.yaml": INGRESS % ("", "redis-master"), "web.yaml": app()})
    (line,) = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert "warning[ingress-backend-missing]" in line
    write_files(tmp_path, {name: "redis: {enabled: true}\n"})
    (line,) = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert "note[ingress-backend-missing]" in line
    write_files(tmp_path, {"web.yaml": app("checkout"), "shop.yaml": INGRESS % ("", "chekout")})
    (line,) = lint_tree(tmp_path, select=["ingress-backend-missing"])
    assert "note[" not in line


# ── variants in one directory ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ingress-with-tls.yaml", "ingress-without-tls.yaml"),
        ("policy.yaml", "policy-l7.yaml"),
        ("dns-policy.yaml", "http-policy.yaml"),
        ("resource.yaml", "patchedResource.yaml"),
        ("INGRESS.yaml", "ingress-plain.yaml"),
    ],
)
def test_files_of_like_names_are_variants(tmp_path: Path, first: str, second: str) -> None:
    write_files(tmp_path, {first: SERVICE % ("web", 80), second: SERVICE % ("web", 81)})
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    assert "note[duplicate-object]" in line


def test_files_that_describe_several_objects_differently_are_variants(tmp_path: Path) -> None:
    both = [f"{SERVICE % ('web', port)}---{SERVICE % ('api', port)}" for port in (80, 81)]
    write_files(tmp_path, {"classic.yaml": both[0], "modern.yaml": both[1]})
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    assert "note[duplicate-object] Service/shop/web is described twice" in line
    assert "as 1 more object of these files is" in line


def test_a_file_that_holds_all_that_another_holds_is_a_variant_of_it(tmp_path: Path) -> None:
    plain, logging = (f"{SERVICE % ('api', 80)}---{SERVICE % ('web', port)}" for port in (80, 81))
    write_files(tmp_path, {"first.yaml": plain, "logging.yaml": f"{logging}---{SERVICE % ('log', 80)}"})
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    assert "note[duplicate-object] Service/shop/web is described twice" in line
    write_files(tmp_path, {"first.yaml": f"{plain}---{SERVICE % ('cart', 80)}"})
    (line,) = lint_tree(tmp_path, select=["duplicate-object"])
    assert "warning[duplicate-object] Service/shop/web is described twice" in line


def test_twice_in_one_file_is_no_variant() -> None:
    both = f"{SERVICE % ('web', 80)}---{SERVICE % ('web', 81)}"
    (line,) = lint_text(both, select=["duplicate-object"])
    assert "warning[duplicate-object]" in line


def test_what_a_test_expects_is_no_description(tmp_path: Path) -> None:
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n"
    write_files(tmp_path, {"a.yaml": f"{head}spec: {{containers: [{{name: web, image: web}}]}}\n"})
    write_files(tmp_path, {"b.yaml": f"{head}status: {{phase: Running}}\n"})
    assert lint_tree(tmp_path, select=["duplicate-object", "field-invalid"]) == []
    write_files(tmp_path, {"b.yaml": f"{head}spec: {{containers: [{{name: web, image: other}}]}}\n"})
    assert len(lint_tree(tmp_path, select=["duplicate-object"])) == 1


def daemons(count: int, *, apart: bool = False, name: str = "agent") -> dict[str, str]:
    """Files that each describe a DaemonSet on its nodes' network, each with another image."""
    text = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: %s, namespace: shop}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec:
              hostNetwork: true
              dnsPolicy: Default
              containers: [{name: agent, image: "agent:%s"}]
    """
    return {f"{each}/agent.yaml" if apart else f"{each}.yaml": text % (name, each) for each in "abcdefgh"[:count]}


def test_what_many_variants_of_an_object_have_in_common_is_told_once(tmp_path: Path) -> None:
    write_files(tmp_path, daemons(5))
    (line,) = lint_tree(tmp_path, select=["host-network"])
    assert line.startswith("e.yaml:9: warning[host-network] DaemonSet/shop/agent uses the network of its node")
    assert line.endswith("(as 4 more files describe it)")
    write_files(tmp_path, {"e.yaml": f"# k8snet-lint: ignore-file[host-network]\n{dedent(daemons(5)['e.yaml'])}"})
    (line,) = lint_tree(tmp_path, select=["host-network"])
    assert line.startswith("d.yaml")
    assert line.endswith("(as 3 more files describe it)")


@pytest.mark.parametrize(("files", "rule"), [(daemons(3), "host-network"), (daemons(5, apart=True), "host-network")])
def test_a_few_variants_and_directories_of_their_own_are_told_one_by_one(
    tmp_path: Path, files: dict[str, str], rule: str
) -> None:
    write_files(tmp_path, files)
    assert len(lint_tree(tmp_path, select=[rule])) == len(files)


def test_an_error_is_told_wherever_it_stands(tmp_path: Path) -> None:
    write_files(tmp_path, daemons(5, name="Agent"))
    assert len(lint_tree(tmp_path, select=["field-invalid"])) == 5


# ── what is still to be filled in ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["${SVC}", "{{ svc }}", "<service>", "__SVC__", "{SVC}", "@SVC@"])
def test_a_name_that_is_still_to_be_filled_in_is_not_missed(name: str) -> None:
    text = f"{SERVICE % ('web', 80)}---{INGRESS % (', namespace: shop', repr(name))}"
    assert lint_text(text, select=["ingress-backend-missing", "field-invalid"]) == []


def test_objects_whose_name_is_still_to_be_filled_in_are_not_one() -> None:
    both = "---".join(SERVICE % ("($name)", port) for port in (80, 81))
    assert lint_text(dedent(both), select=["duplicate-object"]) == []


def test_a_key_that_is_an_expression_is_not_a_field() -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web, %s: true}]}\n"
    assert lint_text(pod % "(env != null)", select=["field-invalid"]) == []
    assert len(lint_text(pod % "envs", select=["field-invalid"])) == 1


def test_a_gateway_class_that_is_still_to_be_filled_in_is_not_missed() -> None:
    text = gateway().replace("gatewayClassName: example", "gatewayClassName: '{CLASS}'")
    assert lint_text(text, select=["gateway-class-missing"]) == []


# ── one cause, one finding ───────────────────────────────────────────────────────────────────────────


def test_a_rule_that_its_own_route_shadows_is_not_held_against_other_routes_too() -> None:
    rule = "matches: [{path: {value: /cart}}], backendRefs: [{name: cart, port: 80}]"
    routes = (route(rule=rule, name="a"), route(rule=f"{rule}}}, {{{rule}", name="b"))
    lines = lint_text("---\n".join((gateway(from_all()), *routes)), select=["route-conflict-or-shadowed"])
    assert len(lines) == 2
    assert sum("gets no requests" in line for line in lines) == 1
    assert sum("as HTTPRoute/shop/a does" in line for line in lines) == 1


def test_ports_that_several_descriptions_offer_are_listed_once(tmp_path: Path) -> None:
    files = {f"{name}/svc.yaml": SERVICE % ("web", 8000) for name in ("one", "two")}
    write_files(tmp_path, {**files, "route.yaml": route()})
    (line,) = lint_tree(tmp_path, select=["route-backend-port-invalid"])
    assert line.endswith("which offers 8000")


def test_a_service_that_nobody_reaches_is_told_of_once_for_all_its_ports() -> None:
    deny = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}}\n"
    offers = app().replace(
        "ports: [{port: 80", "ports: [{name: admin, port: 81, targetPort: 8081}, {name: http, port: 80"
    )
    (line,) = lint_text(f"{offers}---\n{deny}", select=["service-unreachable"])
    assert "lets nobody reach port 81 (admin) or port 80 (http) of Service/web" in line
    assert "admits no TCP 8081 or TCP 8080" in line


def test_authorities_that_something_else_writes_are_missed_once_and_as_a_note() -> None:
    policy = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: BackendTLSPolicy
        metadata: {name: %s, namespace: shop}
        spec:
          targetRefs: [{group: "", kind: Service, name: %s}]
          validation: {hostname: shop.example.com, caCertificateRefs: [{group: "", kind: ConfigMap, name: bundle}]}
    """
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {}\n"
    parts = [
        SERVICE % ("web", 80),
        SERVICE % ("api", 80),
        *(policy % (name, name) for name in ("web", "api")),
        settings,
    ]
    (line,) = lint_text("---\n".join(map(dedent, parts)), select=["backend-tls-policy-invalid"])
    assert "note[backend-tls-policy-invalid]" in line
    assert "no ConfigMap shop/bundle" in line


def test_a_gateway_without_servers_refuses_no_host() -> None:
    text = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: infra}
        spec: {selector: {istio: ingressgateway}}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: web, namespace: shop}
        spec:
          hosts: [shop.example.com]
          gateways: [infra/edge]
          http: [{route: [{destination: {host: web}}]}]
    """
    assert lint_text(text, select=["virtual-service-unbound"]) == []


# ── words ────────────────────────────────────────────────────────────────────────────────────────────


def test_rules_of_cluster_policies_are_called_by_their_names() -> None:
    text = """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: platform}
        spec:
          tier: Admin
          priority: 10
          subject: {namespaces: {}}
          ingress:
          - {name: all, action: Deny, from: [{namespaces: {}}]}
          - {name: ops, action: Accept, from: [{namespaces: {matchLabels: {team: ops}}}]}
    """
    (line,) = lint_text(text, select=["cluster-policy-rule-shadowed"])
    assert line.endswith("never asks its Accept rule 'ops': its earlier Deny rule 'all' decides before it")


@pytest.mark.parametrize(
    ("parent", "said"),
    [
        ("sectionName: web", "is for listener 'web', and Gateway/infra/edge has none"),
        ("port: 81", "is for a listener of port 81, and Gateway/infra/edge has none"),
        ("sectionName: http, port: 81", "is for listener 'http' of port 81, and Gateway/infra/edge has none"),
    ],
)
def test_the_listener_that_is_missing_is_named(parent: str, said: str) -> None:
    texts = (gateway(from_all()), route(f"name: edge, namespace: infra, {parent}"))
    (line,) = lint_text("---\n".join(texts), select=["route-section-not-found"])
    assert said in line


def test_one_more_is_one() -> None:
    texts = (route(name="a"), route(name="b"))
    (line,) = lint_text("---\n".join(texts), select=["route-parent-missing"])
    assert "no Gateway infra/edge, and 1 more is for it" in line


# ── noise ────────────────────────────────────────────────────────────────────────────────────────────

EGRESS = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: web}
    spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}
"""


def test_workloads_that_are_free_for_egress_alone_are_one_note() -> None:
    text = "---".join((app("web"), app("api"), app("mail"), app("shop"), EGRESS))
    (line,) = lint_text(text, select=["workload-not-isolated"])
    assert "note[workload-not-isolated] Deployment/api is isolated by no policy for egress, nor are 2 more" in line


def test_what_a_policy_may_block_is_one_note_of_each_where_a_policy_may_be_missing() -> None:
    deny = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}}\n"
    elsewhere = app("web").replace("{name: web}", "{name: web, namespace: shop}")
    closed = deny.replace("deny}", "deny, namespace: shop}")
    text = "---\n".join((app("api"), app("mail"), deny, elsewhere, closed))
    line, own = lint_text(text, select=["service-unreachable"])
    assert "note[service-unreachable] NetworkPolicy/deny lets nobody reach port 80 of Service/api" in line
    assert line.endswith("may live outside the scanned files (1 more here)")
    assert "note[service-unreachable] NetworkPolicy/shop/deny lets nobody reach port 80 of Service/shop/web" in own


def test_the_dns_server_that_every_cluster_has_is_not_missed() -> None:
    text = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: dns, namespace: kube-system}
        spec: {podSelector: {matchLabels: {k8s-app: kube-dns}}, ingress: [{ports: [{port: 53, protocol: UDP}]}]}
    """
    assert lint_text(text, select=["policy-selects-no-pods"]) == []


def test_a_probe_of_the_own_node_is_for_the_strict() -> None:
    pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent, namespace: shop}
        spec:
          hostNetwork: true
          containers: [{name: agent, image: agent, livenessProbe: {httpGet: {host: 127.0.0.1, path: /, port: 9100}}}]
    """
    assert [line for line in lint_text(pod) if "probe-host-field" in line] == []
    assert len(lint_text(pod, select=["probe-host-field"])) == 1


# ── the first releases of AdminNetworkPolicy ─────────────────────────────────────────────────────────

ADMIN = """
    apiVersion: policy.networking.k8s.io/v1alpha1
    kind: AdminNetworkPolicy
    metadata: {name: platform}
    spec:
      priority: 10
      subject: {namespaces: {}}
      ingress:
      - {name: a, action: Allow, from: [{namespaces: %s}]}
      - {name: b, action: Deny, from: [{namespaces: %s}]}
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{namespaceSelector: {matchLabels: {team: a}}}", "{namespaceSelector: {matchLabels: {team: b}}}"),
        ("{sameLabels: [team]}", "{matchLabels: {team: b}}"),
        ("{matchLabels: {team: a}}", "{namespaceSelector: {}}"),
    ],
)
def test_what_the_first_releases_wrote_deeper_is_read_as_it_was_meant(first: str, second: str) -> None:
    assert lint_text(ADMIN % (first, second), select=["cluster-policy-rule-shadowed"]) == []


def test_a_selector_that_is_one_level_too_deep_is_to_be_lifted() -> None:
    found = lint_text(ADMIN % ("{namespaceSelector: {}}", "{}"), select=["field-invalid"])
    assert any("what it holds belongs right in spec.ingress[0].from[0].namespaces" in line for line in found)


# ── Ingresses ────────────────────────────────────────────────────────────────────────────────────────


def test_a_route_that_two_variants_claim_is_a_note(tmp_path: Path) -> None:
    files = {
        f"{name}.yaml": f"{SERVICE % ('login', port)}---{INGRESS.replace('name: web', f'name: {name}') % ('', 'login')}"
        for port, name in enumerate(("oauth", "vouch"), start=80)
    }
    write_files(tmp_path, files)
    (line,) = lint_tree(tmp_path, select=["ingress-duplicate-route"])
    assert "note[ingress-duplicate-route]" in line


@pytest.mark.parametrize(
    ("value", "count"), [("$request_uri", 0), ("${host}$request_uri", 0), ("$host;return 200", 1), ("fixed", 1)]
)
def test_a_hash_of_variables_alone_is_for_the_strict(value: str, count: int) -> None:
    annotations = f"name: web, annotations: {{nginx.ingress.kubernetes.io/upstream-hash-by: '{value}'}}"
    text = INGRESS.replace("name: web", annotations) % ("", "web")
    assert sum("nginx-high-risk-annotation" in line for line in lint_text(text)) == count
    assert len(lint_text(text, select=["nginx-high-risk-annotation"])) == 1


RAY = """
    apiVersion: %s
    kind: %s
    metadata: {name: cache, namespace: %s}
    spec: {}
"""


@pytest.mark.parametrize(
    ("group", "kind", "namespace", "severity"),
    [
        ("ray.io/v1", "RayCluster", "shop", "note"),
        ("gateway.networking.k8s.io/v1", "Gateway", "shop", "note"),
        ("gateway.networking.k8s.io/v1", "HTTPRoute", "shop", "warning"),
        ("monitoring.coreos.com/v1", "ServiceMonitor", "shop", "warning"),
        ("ray.io/v1", "RayCluster", "other", "warning"),
    ],
)
def test_a_service_that_an_operator_may_make_is_a_note(group: str, kind: str, namespace: str, severity: str) -> None:
    ingress = INGRESS.replace("web%s", "web, namespace: shop") % "cache-head-svc"
    parts = map(dedent, (SERVICE % ("web", 80), ingress, RAY % (group, kind, namespace)))
    (line,) = lint_text("---\n".join(parts), select=["ingress-backend-missing"])
    assert f"{severity}[ingress-backend-missing]" in line


def test_a_service_named_nearly_as_one_that_is_there_is_wrong_though_an_operator_may_make_it() -> None:
    ingress = INGRESS.replace("web%s", "web, namespace: shop") % "cache-head-svc"
    parts = map(dedent, (SERVICE % ("cache-head-svd", 80), ingress, RAY % ("ray.io/v1", "RayCluster", "shop")))
    (line,) = lint_text("---\n".join(parts), select=["ingress-backend-missing"])
    assert "note[" not in line


ROUTE = """
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: web, namespace: edge}
    spec: {rules: [{backendRefs: [{name: web, port: 80}]}]}
"""


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("ingress-backend-missing", INGRESS.replace("web%s", "web, namespace: edge") % "web"),
        ("route-backend-missing", ROUTE),
    ],
)
def test_a_service_of_the_name_in_another_namespace_is_shown(rule: str, text: str) -> None:
    found = report_on("---\n".join(map(dedent, (SERVICE % ("web", 80), text))), select=[rule]).findings
    (said,) = [each.message for finding in found for each in finding.related]
    assert said == "Service/shop/web has this name, in another namespace"
    (again,) = report_on(dedent(text), select=[rule]).findings
    assert again.related == ()
    assert again.severity is found[0].severity is Severity.NOTE
