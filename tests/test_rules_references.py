"""Rules on the hosts that settings name: Services that are missing, their ports, and the policies in between."""

from __future__ import annotations

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.support import lint_text, report_on

CATALOG = """
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: shop}
spec: {selector: {app: catalog}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: catalog, namespace: shop}
spec:
  selector: {matchLabels: {app: catalog}}
  template:
    metadata: {labels: {app: catalog}}
    spec: {containers: [{name: catalog, image: catalog}]}
---
"""


def consumer(env: str, name: str = "web", namespace: str = "shop") -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: {name}, image: {name}, env: [{env}]}}]}}
---
"""


def policy(ingress: str, app: str = "catalog", direction: str = "ingress") -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {app}, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: {app}}}}}
  policyTypes: [{direction.title()}]
  {direction}: {ingress}
---
"""


NOBODY = "[{from: [{podSelector: {matchLabels: {app: other}}}]}]"
URL = "{name: CATALOG_URL, value: 'http://catalog'}"


def said(text: str, rule: str, **settings: object) -> list[str]:
    """The messages, with their severity and without their places."""
    return [line.partition(": ")[2] for line in lint_text(text, select=[rule], **settings)]


# ── a Service that is not there ──────────────────────────────────────────────────────────────────────


def missing(env: str, more: str = "", **settings: object) -> list[str]:
    return said(CATALOG + consumer(env) + more, "reference-service-missing", **settings)


def test_a_url_whose_host_is_no_service_of_a_scanned_namespace_is_noted() -> None:
    assert missing("{name: SEARCH, value: 'http://search:9200'}") == [
        (
            "note[reference-service-missing] Deployment/shop/web names 'http://search:9200', "
            "but there is no Service 'search' in namespace 'shop'"
        )
    ]


def test_a_misspelt_name_of_a_service_that_nothing_else_names_is_a_warning() -> None:
    (line,) = missing("{name: SEARCH, value: 'http://catalgo:80'}")
    assert line.startswith("warning[reference-service-missing]")


def test_a_service_that_something_else_names_is_not_what_was_misspelt() -> None:
    (line,) = missing("{name: SEARCH, value: 'http://catalgo:80'}, {name: URL, value: 'http://catalog'}")
    assert line.startswith("note[reference-service-missing]")


def test_all_that_name_one_missing_service_are_one_finding() -> None:
    (line,) = missing("{name: A_URL, value: 'http://a:81'}", consumer("{name: B_URL, value: 'http://a:82'}", "b"))
    assert "as 1 more place does" in line


@pytest.mark.parametrize(
    "env",
    [
        "{name: URL, value: 'http://search'}",
        "{name: SEARCH, value: search}",
        "{name: IMAGE, value: 'search:8080'}",
        "{name: URL, value: 'http://search.elsewhere.svc:80'}",
        "{name: URL, value: 'https://kubernetes.default.svc'}",
        "{name: URL, value: 'http://db-rw.shop.svc:5432'}",
        "{name: URL, value: 'http://prometheus-operated:9090'}",
        "{name: FALLBACK_URL, value: 'http://search:9200'}",
        "{name: URL, value: 'http://coredns.kube-system.svc:9153'}",
        "{name: URL, value: 'http://assumed:80'}",
    ],
)
def test_what_may_be_elsewhere_or_is_no_host_is_not_missing(env: str) -> None:
    assert missing(env, facts=Facts(assumed=Assumed(services=("shop/assumed",)))) == []


@pytest.mark.parametrize(
    "made",
    [
        "apiVersion: example.com/v1\nkind: Search\nmetadata: {name: search, namespace: shop}\n",
        "apiVersion: notkeda.sh/v1\nkind: Search\nmetadata: {name: search, namespace: shop}\n",
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x, namespace: shop}\n",
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x, namespace: argocd}\n"
            "spec: {destination: {namespace: shop}}\n"
        ),
    ],
)
def test_custom_resources_and_releases_may_make_the_service(made: str) -> None:
    assert missing("{name: URL, value: 'http://search-http:9200'}", made) == []


@pytest.mark.parametrize("group", ["keda.sh", "more.keda.sh"])
def test_custom_resources_of_groups_that_make_no_services_do_not(group: str) -> None:
    other = f"apiVersion: {group}/v1\nkind: Search\nmetadata: {{name: search, namespace: shop}}\n"
    assert missing("{name: URL, value: 'http://search-http:9200'}", other) != []


def test_a_service_without_a_namespace_may_turn_out_to_be_the_one() -> None:
    loose = "apiVersion: v1\nkind: Service\nmetadata: {name: search}\nspec: {ports: [{port: 9200}]}\n"
    assert missing("{name: URL, value: 'http://search:9200'}", loose) == []


def test_where_most_names_lead_elsewhere_the_services_are_elsewhere() -> None:
    names = ", ".join(
        f"{{name: {name.upper()}_URL, value: 'http://{name}:81'}}" for name in ("alpha", "bravo", "delta")
    )
    assert missing(names) == []
    assert missing(f"{names}, {URL}, {{name: OTHER_URL, value: 'http://web'}}") == []
    services = "".join(
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\n"
        "spec: {ports: [{port: 81}]}\n---\n"
        for name in ("alpha", "bravo")
    )
    (line,) = missing(names, services)
    assert "'delta'" in line


# ── a port that is not there ─────────────────────────────────────────────────────────────────────────


def without_port(env: str, more: str = "") -> list[str]:
    return said(CATALOG + consumer(env) + more, "reference-service-port-missing")


@pytest.mark.parametrize(
    "env",
    [
        "{name: URL, value: 'http://catalog:8080'}",
        "{name: URL, value: 'catalog.shop:8080'}",
        "{name: ANY, value: 'catalog.shop.svc.cluster.local:8080'}",
        "{name: CATALOG_HOST, value: catalog}, {name: CATALOG_PORT, value: '8080'}",
    ],
)
def test_a_port_that_only_the_pods_have_is_told(env: str) -> None:
    (line,) = without_port(env)
    assert (
        line.startswith("warning[reference-service-port-missing] Deployment/shop/web names 'catalog") or "http" in line
    )
    assert line.endswith("but Service/shop/catalog has no port 8080, only 80")


def test_a_number_that_is_offered_by_two_protocols_is_told_once() -> None:
    both = "ports: [{name: tcp, port: 80, targetPort: 8080}, {name: udp, port: 80, protocol: UDP}]"
    offered = CATALOG.replace("ports: [{port: 80, targetPort: 8080}]", both)
    (line,) = said(offered + consumer("{name: URL, value: 'http://catalog:8080'}"), "reference-service-port-missing")
    assert line.endswith("has no port 8080, only 80")


@pytest.mark.parametrize(
    "env",
    [
        "{name: URL, value: 'http://catalog:80'}",
        "{name: URL, value: 'https://catalog'}",
        "{name: IMAGE, value: 'catalog:8080'}",
        "{name: CATALOG_HOST, value: catalog}",
    ],
)
def test_ports_that_are_offered_or_not_written_are_fine(env: str) -> None:
    assert without_port(env) == []


@pytest.mark.parametrize(
    "spec", ["{clusterIP: None, ports: [{port: 1}]}", "{type: ExternalName, externalName: a.example.com}"]
)
def test_headless_services_and_aliases_have_whatever_ports_stand_behind_them(spec: str) -> None:
    behind = f"apiVersion: v1\nkind: Service\nmetadata: {{name: alias, namespace: shop}}\nspec: {spec}\n"
    assert without_port("{name: URL, value: 'http://alias:8080'}", behind) == []


def test_a_name_that_is_nearly_one_that_others_mean_is_no_proof_but_is_asked_about() -> None:
    near = consumer("{name: URL, value: 'http://catalogg:80'}, {name: OTHER, value: 'http://catalog:80'}")
    (line,) = said(CATALOG + near, "reference-service-missing")
    assert line.startswith("note")
    assert line.endswith("there is no Service 'catalogg' in namespace 'shop'; did you mean 'catalog'?")


# ── policies in between ──────────────────────────────────────────────────────────────────────────────


def blocked(text: str) -> list[str]:
    return said(text, "policy-blocks-declared-traffic")


def test_a_consumer_that_its_own_settings_send_to_pods_that_do_not_admit_it_is_an_error() -> None:
    assert blocked(CATALOG + consumer(URL) + policy(NOBODY)) == [
        (
            "error[policy-blocks-declared-traffic] NetworkPolicy/shop/catalog blocks Deployment/shop/web, "
            "which is told to connect to 'http://catalog': Deployment/shop/catalog does not admit it on TCP 8080"
        )
    ]


DENIALS = {
    "cilium.io/v2": (
        """{endpointSelector: {matchLabels: {app: catalog}}, enableDefaultDeny: {ingress: false},
        ingressDeny: [{fromEndpoints: [{matchLabels: {app: web}}]}]}""",
        "leave web out of what this rule denies: no rule that allows counts for more",
    ),
    "projectcalico.org/v3": (
        "{selector: app == 'catalog', ingress: [{action: Deny, source: {selector: app == 'web'}}, {action: Allow}]}",
        "allow TCP 8080 from web to catalog in front of this rule",
    ),
}


@pytest.mark.parametrize("api", DENIALS)
def test_a_rule_that_denies_is_what_is_to_be_mended(api: str) -> None:
    spec, remedy = DENIALS[api]
    kind = "CiliumNetworkPolicy" if "cilium" in api else "NetworkPolicy"
    denial = f"---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: denial, namespace: shop}}\nspec: {spec}\n"
    (finding,) = report_on(CATALOG + consumer(URL) + denial, select=["policy-blocks-declared-traffic"]).open
    assert finding.message.startswith(f"{kind}/shop/denial blocks Deployment/shop/web")
    assert (finding.severity.label, finding.help) == ("error", remedy)
    assert "/ingress" in finding.path


def test_a_policy_by_labels_of_another_engine_gets_a_rule() -> None:
    spec = "{endpointSelector: {matchLabels: {app: catalog}}, ingress: [{fromEndpoints: [{matchLabels: {app: x}}]}]}"
    head = "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: catalog, namespace: shop}\n"
    text = CATALOG + consumer(URL) + f"{head}spec: {spec}\n"
    (finding,) = report_on(text, select=["policy-blocks-declared-traffic"]).open
    assert finding.help == "allow TCP 8080 from web to catalog by a rule of catalog"


def test_a_consumer_that_may_not_get_out_is_told_at_its_own_policy() -> None:
    assert blocked(CATALOG + consumer(URL) + policy("[]", "web", "egress")) == [
        (
            "error[policy-blocks-declared-traffic] NetworkPolicy/shop/web blocks Deployment/shop/web, "
            "which is told to connect to 'http://catalog': "
            "Deployment/shop/web may not connect to Deployment/shop/catalog on TCP 8080"
        )
    ]


def test_consumers_that_one_change_helps_are_one_finding() -> None:
    (line,) = blocked(CATALOG + consumer(URL) + consumer(URL, "b") + policy(NOBODY))
    assert "and 1 more" in line


@pytest.mark.parametrize(
    "env",
    [
        "{name: OPTIONAL_CATALOG, value: 'http://catalog'}",
        "{name: IMAGE, value: 'catalog:8080'}",
        "{name: URL, value: 'http://catalog:81'}",
        "{name: URL, value: 'http://elsewhere'}",
        "{name: NAME, value: 'catalog.shop.svc'}",
    ],
)
def test_optional_doubtful_and_outside_references_are_passed_over(env: str) -> None:
    assert blocked(CATALOG + consumer(env) + policy(NOBODY)) == []


def test_an_allowed_consumer_and_one_of_its_own_pods_are_fine() -> None:
    allowed = "[{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]"
    assert blocked(CATALOG + consumer(URL) + policy(allowed)) == []
    own = CATALOG.replace("image: catalog", "image: catalog, env: [{name: SELF_URL, value: 'http://catalog'}]")
    assert blocked(own + policy(NOBODY)) == []


def test_of_several_workloads_that_share_a_config_map_none_may_be_let_through() -> None:
    settings = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {CATALOG_URL: "http://catalog:80"}
---
"""
    takers = "".join(
        consumer("", name).replace(
            f"image: {name}, env: []", f"image: {name}, envFrom: [{{configMapRef: {{name: settings}}}}]"
        )
        for name in ("web", "worker")
    )
    (line,) = blocked(CATALOG + settings + takers + policy(NOBODY))
    assert line.startswith(
        "warning[policy-blocks-declared-traffic] NetworkPolicy/shop/catalog blocks Deployment/shop/web"
    )
    allowed = "[{from: [{podSelector: {matchLabels: {app: worker}}}]}]"
    assert blocked(CATALOG + settings + takers + policy(allowed)) == []


def test_policies_of_another_engine_make_it_a_note() -> None:
    other = "apiVersion: crd.antrea.io/v1beta1\nkind: NetworkPolicy\nmetadata: {name: x, namespace: shop}\nspec: {}\n"
    (line,) = blocked(CATALOG + consumer(URL) + policy(NOBODY) + other)
    assert line.startswith("note[policy-blocks-declared-traffic]")


WEBHOOK = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: checks}
webhooks: [{name: a.example.com, clientConfig: {service: {name: catalog, namespace: shop, port: 80}}}]
---
"""


def test_a_webhook_whose_pods_admit_nothing_from_outside_is_told() -> None:
    (line,) = blocked(CATALOG + WEBHOOK + policy("[{from: [{podSelector: {}}]}]"))
    assert "which has the API server call Service/shop/catalog" in line
    assert line.endswith("Deployment/shop/catalog does not admit the API server on TCP 8080")


@pytest.mark.parametrize(
    "ingress",
    [
        "[{ports: [{port: 8080}]}]",
        "[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
        "[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]",
    ],
)
def test_a_webhook_whose_pods_admit_addresses_is_fine(ingress: str) -> None:
    assert blocked(CATALOG + WEBHOOK + policy(ingress)) == []


MONITOR = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: catalog, namespace: shop}
spec: {selector: {}, endpoints: [{targetPort: 8080}]}
---
"""
PROMETHEUS = """
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: monitoring}
spec: {}
---
"""


def test_metrics_that_prometheus_may_not_fetch_are_told() -> None:
    (line,) = blocked(CATALOG + MONITOR + PROMETHEUS + policy("[{from: [{podSelector: {}}]}]"))
    assert line.startswith("warning[policy-blocks-declared-traffic] NetworkPolicy/shop/catalog blocks Prometheus")
    assert "which is to scrape Service/shop/catalog" in line


def test_without_a_prometheus_in_the_set_only_pods_that_admit_nobody_are_told() -> None:
    assert blocked(CATALOG + MONITOR + policy("[{from: [{podSelector: {}}]}]")) == []
    (line,) = blocked(CATALOG + MONITOR + policy("[]"))
    assert line.endswith("Deployment/shop/catalog does not admit anybody on TCP 8080")


def test_pods_that_ask_to_be_scraped_and_admit_nobody_are_told() -> None:
    annotated = CATALOG.replace(
        "labels: {app: catalog}}",
        "labels: {app: catalog}, annotations: {prometheus.io/scrape: 'true', prometheus.io/port: '9102'}}",
    )
    (line,) = blocked(annotated + policy("[{ports: [{port: 8080}]}]"))
    assert "has port 9102 of Deployment/shop/catalog scraped" in line
    assert blocked(annotated + policy("[{ports: [{port: 9102}]}]")) == []


def test_a_prometheus_of_the_set_that_reads_annotations_is_the_one_to_admit() -> None:
    annotated = CATALOG.replace(
        "labels: {app: catalog}}",
        "labels: {app: catalog}, annotations: {prometheus.io/scrape: 'true', prometheus.io/port: '9102'}}",
    )
    server = consumer("", "prometheus").replace("image: prometheus", "image: prom/prometheus:v3")
    (line,) = blocked(annotated + server + policy("[{from: [{podSelector: {matchLabels: {app: web}}}]}]"))
    assert "blocks Deployment/shop/prometheus, which is to scrape Deployment/shop/catalog" in line
    assert blocked(annotated + server + policy("[{from: [{podSelector: {}}]}]")) == []


def test_logs_that_a_shipper_may_not_deliver_are_told() -> None:
    shipper = """
apiVersion: v1
kind: ConfigMap
metadata: {name: shipper, namespace: shop}
data:
  out.conf: |
    [OUTPUT]
        Name  http
        Host  catalog
        Port  80
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: shipper, namespace: shop}
spec:
  selector: {matchLabels: {app: shipper}}
  template:
    metadata: {labels: {app: shipper}}
    spec:
      volumes: [{name: settings, configMap: {name: shipper}}]
      containers: [{name: shipper, image: shipper}]
---
"""
    (line,) = blocked(CATALOG + shipper + policy(NOBODY))
    assert "blocks DaemonSet/shop/shipper, which is told to connect to 'catalog'" in line


# ── Services that nobody can reach ───────────────────────────────────────────────────────────────────


def unreachable(text: str) -> list[str]:
    return said(text, "service-unreachable")


def test_a_service_with_a_known_consumer_is_left_to_the_rule_on_declared_traffic() -> None:
    assert len(unreachable(CATALOG + policy("[]"))) == 1
    assert unreachable(CATALOG + consumer(URL) + policy("[]")) == []
    assert len(blocked(CATALOG + consumer(URL) + policy("[]"))) == 1


@pytest.mark.parametrize(
    "route",
    [
        (
            "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: r, namespace: shop}\n"
            "spec: {host: a.example.com, to: {kind: Service, name: catalog}}\n"
        ),
        (
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: shop}\n"
            "spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: catalog, port: 80}]}]}\n"
        ),
    ],
)
def test_routes_are_consumers_too(route: str) -> None:
    assert unreachable(CATALOG + policy("[]") + route) == []


# ── namespaces by a name label ───────────────────────────────────────────────────────────────────────

PEER = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {name: monitoring}}}]}]
---
"""


@pytest.mark.parametrize(
    ("namespace", "found"),
    [
        ("", ["note"]),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: monitoring}\n", ["warning"]),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {name: monitoring}}\n", []),
    ],
)
def test_a_name_label_that_no_namespace_has_takes_the_place_of_a_peer_that_selects_nothing(
    namespace: str, found: list[str]
) -> None:
    both = lint_text(PEER + namespace, select=["policy-namespace-name-label", "policy-peer-selects-nothing"])
    assert [line.split()[1] for line in both] == [f"{each}[policy-namespace-name-label]" for each in found]


@pytest.mark.parametrize(
    ("values", "found"), [("[monitoring]", "policy-namespace-name-label"), ("[monitoring, logging]", "policy-peer")]
)
def test_an_expression_of_one_value_asks_for_a_name_too(values: str, found: str) -> None:
    expression = f"matchExpressions: [{{key: name, operator: In, values: {values}}}]"
    text = PEER.replace("matchLabels: {name: monitoring}", expression)
    assert text != PEER
    rules = ["policy-namespace-name-label", "policy-peer-selects-nothing"]
    (finding,) = report_on(text, select=rules).open
    assert finding.rule.startswith(found)
    if found == rules[0]:
        assert finding.help == "select it by its name: kubernetes.io/metadata.name: monitoring"


def test_a_misspelt_name_of_a_namespace_is_to_be_written_as_it_is() -> None:
    there = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: monitoring}\n"
    text = PEER.replace("{name: monitoring}", "{kubernetes.io/metadata.name: monitorng}") + there
    (finding,) = report_on(text, select=["policy-peer-selects-nothing"]).open
    assert finding.help == "write monitoring, if that one is meant"


@pytest.mark.parametrize(("host", "count"), [("catalog.shp.svc", 1), ("catalog.shp", 0), ("catalog.other.svc", 0)])
def test_a_namespace_that_is_misspelt_is_told_of_where_it_holds_nothing(host: str, count: int) -> None:
    text = CATALOG + consumer(f"{{name: URL, value: 'http://{host}:80/'}}", namespace="web")
    assert len(said(text, "reference-service-missing")) == count
