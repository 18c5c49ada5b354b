"""What experienced people write, and what must not be said of it: each text would tempt a linter."""

from __future__ import annotations

import pytest

from tests.support import lint_text, report_on


def said(text: str, *rules: str) -> list[str]:
    """The findings of some rules, without places."""
    return [line.partition(": ")[2] for line in lint_text(text, select=rules)]


# ── the mesh's tunnel ────────────────────────────────────────────────────────────────────────────────

AMBIENT = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: MODE}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, env: [{name: CATALOG, value: "http://catalog:9080"}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: catalog, namespace: shop}
spec:
  selector: {matchLabels: {app: catalog}}
  template: {metadata: {labels: {app: catalog}}, spec: {containers: [{name: catalog, image: catalog}]}}
---
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: shop}
spec: {selector: {app: catalog}, ports: [{name: http, port: 9080}, {name: grpc, port: 9090}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {defaultBackend: {service: {name: catalog, port: {number: 9080}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: hbone, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{ports: [{port: PORT}]}]}
"""
BLOCKED = ("policy-blocks-declared-traffic", "policy-blocks-declared-path", "service-unreachable")


def test_in_ambient_mode_policies_let_in_the_tunnel() -> None:
    tunnel = AMBIENT.replace("PORT", "15008")
    assert said(tunnel.replace("MODE", "ambient"), *BLOCKED) == []
    assert len(said(tunnel.replace("MODE", "none"), *BLOCKED)) == 2
    assert len(said(AMBIENT.replace("PORT", "15009").replace("MODE", "ambient"), *BLOCKED)) == 2


def test_services_of_ambient_mode_that_nothing_leads_to_are_reached_through_the_tunnel() -> None:
    alone = AMBIENT.replace("http://catalog:9080", "").replace("kind: Ingress\n", "kind: IngressClass\n")
    alone = alone.replace("PORT", "15008")
    assert said(alone.replace("MODE", "ambient"), "service-unreachable") == []
    assert len(said(alone.replace("MODE", "none"), "service-unreachable")) == 1


# ── pods that belong to their node ───────────────────────────────────────────────────────────────────

WINDOWS = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: exporter, namespace: monitoring}
spec:
  selector: {matchLabels: {app: exporter}}
  template:
    metadata: {labels: {app: exporter}}
    spec:
      hostNetwork: true
      securityContext: {windowsOptions: {hostProcess: PROCESS}}
      containers: [{name: exporter, image: example/exporter, ports: [{containerPort: 9182, hostPort: 9182}]}]
"""


def test_windows_host_processes_have_to_be_on_the_host_network() -> None:
    rules = ("host-network", "host-network-dns-policy", "host-port")
    assert said(WINDOWS.replace("PROCESS", "true"), *rules) == []
    assert len(said(WINDOWS.replace("PROCESS", "false"), *rules)) == 2
    of_container = WINDOWS.replace(
        "image: example/exporter", "image: x, securityContext: {windowsOptions: {hostProcess: true}}"
    )
    assert said(of_container.replace("PROCESS", "null"), *rules) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.20.10"])
def test_a_probe_of_an_address_of_the_node_itself_is_at_home_on_the_host_network(host: str) -> None:
    text = f"""
    apiVersion: v1
    kind: Pod
    metadata: {{name: cache, namespace: dns}}
    spec:
      hostNetwork: true
      containers: [{{name: cache, image: cache, livenessProbe: {{httpGet: {{host: {host}, port: 8080}}}}}}]
    """
    elsewhere = text.replace("hostNetwork: true", "hostNetwork: false")
    assert [line.split("[")[0] for line in said(text, "probe-host-field")] == ["note"]
    assert [line.split("[")[0] for line in said(elsewhere, "probe-host-field")] == ["warning"]


# ── what a cluster holds beside what was applied ─────────────────────────────────────────────────────

TEMPLATE = """
template:
    metadata: {labels: {app: web}}
    spec: {hostNetwork: true, containers: [{name: web, image: web, ports: [{containerPort: 80}], PROBE}]}"""
CLUSTER = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  {TEMPLATE.strip()}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {{name: web-7c9b, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: web}}]}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  {TEMPLATE.strip()}
---
apiVersion: v1
kind: Pod
metadata: {{name: web-7c9b-x, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: OWNER, name: web-7c9b}}]}}
spec: {{hostNetwork: true, containers: [{{name: web, image: web, ports: [{{containerPort: 80}}], PROBE}}]}}
""".replace("PROBE", "livenessProbe: {httpGet: {port: 81}}")
ALONE = ("host-network", "host-network-dns-policy", "probe-port-unresolved")


def test_what_a_workload_makes_is_not_judged_beside_it() -> None:
    lines = said(CLUSTER.replace("OWNER", "ReplicaSet"), *ALONE)
    assert len(lines) == 3
    assert all("Deployment/shop/web" in line for line in lines)


def test_pods_of_what_is_not_there_are_judged() -> None:
    assert len(said(CLUSTER.replace("OWNER", "DaemonSet"), *ALONE)) == 6


def test_what_clusters_write_themselves_is_nobodys_fault() -> None:
    text = """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: web, namespace: shop, annotations: {WRITTEN: now}}
    subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: kubernetes, namespace: default}
    subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 6443}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: kubernetes, namespace: default}
    spec: {ports: [{port: 443}]}
    """
    rules = ("endpoint-address-unsafe", "namespace-undefined-or-default")
    written = text.replace("WRITTEN", "endpoints.kubernetes.io/last-change-trigger-time")
    assert said(written, *rules) == []
    assert len(said(text.replace("namespace: shop", "namespace: default"), *rules)) == 2


def test_a_probe_of_the_control_plane_is_as_kubeadm_writes_it() -> None:
    text = """
    apiVersion: v1
    kind: Pod
    metadata: {name: kube-apiserver-n1, namespace: NAMESPACE}
    spec:
      hostNetwork: true
      containers: [{name: a, image: a, livenessProbe: {httpGet: {host: 10.0.0.1, port: 6443}}}]
    """
    (line,) = said(text.replace("NAMESPACE", "kube-system"), "probe-host-field")
    assert line.startswith("note")
    (line,) = said(text.replace("NAMESPACE", "shop"), "probe-host-field")
    assert line.startswith("warning")


# ── what a platform or another object makes ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("label", "count"),
    [
        ("network.openshift.io/policy-group: ingress", 0),
        ("policy-group.network.openshift.io/monitoring: ''", 0),
        ("kubernetes.io/metadata.name: openshift-dns", 0),
        ("kubernetes.io/metadata.name: openshift-user-workload-monitoring", 0),
        ("example.com/group: ingress", 1),
    ],
)
def test_what_openshift_gives_to_its_namespaces(label: str, count: int) -> None:
    text = f"""
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {{name: p, namespace: shop}}
    spec: {{podSelector: {{}}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{{label}}}}}}}]}}]}}
    """
    assert len(said(text, "policy-peer-selects-nothing")) == count


ISSUED = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop, annotations: {ISSUER: letsencrypt}}
spec: {tls: [{hosts: [shop.example.com], secretName: shop-tls}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop-oauth2, namespace: shop}
spec: {tls: [{hosts: [shop.example.com], secretName: shop-tls}]}
"""


def test_a_secret_that_is_issued_for_one_ingress_serves_others() -> None:
    assert said(ISSUED.replace("ISSUER", "cert-manager.io/cluster-issuer"), "ingress-tls-secret-missing") == []
    assert len(said(ISSUED.replace("ISSUER", "example.com/issuer"), "ingress-tls-secret-missing")) == 1


TRUSTED = """
apiVersion: trust.cert-manager.io/v1alpha1
kind: Bundle
metadata: {name: internal-ca}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: web, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: web}]
  validation: {hostname: web.example.com, caCertificateRefs: [{group: "", kind: ConfigMap, name: NAME}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 443}]}
"""


def test_a_bundle_of_authorities_becomes_a_config_map_in_every_namespace() -> None:
    assert said(TRUSTED.replace("NAME", "internal-ca"), "backend-tls-policy-invalid") == []
    assert len(said(TRUSTED.replace("NAME", "another-ca"), "backend-tls-policy-invalid")) == 1


SPAWNED = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: hub, namespace: lab}
spec:
  selector: {matchLabels: {app: jupyterhub, component: hub}}
  template:
    metadata: {labels: {app: jupyterhub, component: hub, example.io/team: research}}
    spec: {containers: [{name: hub, image: hub}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: sessions, namespace: lab}
spec: {podSelector: {matchLabels: {LABELS}}, ingress: [{from: [{podSelector: {matchLabels: {LABELS}}}]}]}
"""


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ("app: jupyterhub, component: singleuser-server", "note"),
        ("spark-role: executor", "note"),
        ("jenkins/label: agent", "note"),
        ("app.kubernetes.io/managed-by: some-operator", "note"),
        ("app: jupyterhub, component: sessions", "warning"),
        ("engine.example.io/task: backup", "note"),
        ("app: jupyterhub, engine.example.io/task: backup", "note"),
        ("app.kubernetes.io/component: backup", "warning"),
        ("example.io/team: finance", "warning"),
        ("example.io/taem: research", "warning"),
    ],
)
def test_pods_that_a_program_makes_while_it_runs_are_not_missed(labels: str, severity: str) -> None:
    found = said(SPAWNED.replace("LABELS", labels), "policy-selects-no-pods", "policy-peer-selects-nothing")
    assert [line.partition("[")[0] for line in found] == [severity, severity]


@pytest.mark.parametrize(("label", "severity"), [("engine.example.io/task", "note"), ("task", "warning")])
def test_nor_are_they_where_a_namespace_is_selected_or_by_a_service(label: str, severity: str) -> None:
    policy = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: sessions, namespace: web}}
spec:
  podSelector: {{}}
  ingress:
    - from:
        - namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: lab}}}}
          podSelector: {{matchExpressions: [{{key: {label}, operator: Exists}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: tasks, namespace: lab}}
spec: {{selector: {{{label}: backup}}, ports: [{{port: 80}}]}}
"""
    hub = SPAWNED.partition("---")[0]
    found = said(f"{hub}---{policy}", "policy-peer-selects-nothing", "service-selects-no-pods")
    assert [line.partition("[")[0] for line in found] == [severity, severity]


GENERATED = """
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: default-deny}
spec:
  rules:
    - name: deny
      match: {any: [{resources: {kinds: [Namespace]}}]}
      generate: GENERATE
---
apiVersion: capsule.clastix.io/v1beta2
kind: Tenant
metadata: {name: gas}
spec: {networkPolicies: POLICIES}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
"""
OF_DENY = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, name: deny}"


@pytest.mark.parametrize(
    ("generate", "policies", "severity"),
    [
        (OF_DENY, "null", "note"),
        ("{cloneList: {kinds: [v1/Secret, networking.k8s.io/v1/NetworkPolicy]}}", "null", "note"),
        ("{kind: Secret}", "{items: [{podSelector: {}}]}", "note"),
        ("{kind: Secret}", "null", "warning"),
        ("null", "null", "warning"),
    ],
)
def test_policies_that_an_operator_makes_in_each_namespace_may_isolate_it(
    generate: str, policies: str, severity: str
) -> None:
    text = GENERATED.replace("GENERATE", generate).replace("POLICIES", policies)
    (line,) = said(text, "namespace-without-default-deny-ingress")
    assert line.startswith(severity)


POOL = """
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: lan, namespace: metallb-system}
spec: {addresses: ADDRESSES}
---
apiVersion: cilium.io/v2
kind: CiliumLoadBalancerIPPool
metadata: {name: other}
spec: {blocks: [{cidr: "fd00::/112"}, {start: 10.1.0.1, stop: 10.1.0.9}]}
---
"""
DATABASE = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop, annotations: {A: b}}
spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 5432}]}
"""
EXPOSED = ("service-public-load-balancer", "exposed-sensitive-port", "exposed-in-cleartext")


@pytest.mark.parametrize(
    ("addresses", "service", "count"),
    [
        ("[192.168.1.240-192.168.1.250, 10.0.0.0/24]", DATABASE, 0),
        ("[192.168.1.240-192.168.1.250, 8.8.8.0/24]", DATABASE, 1),
        ("[8.8.8.1-8.8.8.3]", DATABASE.replace("A: b", "metallb.io/address-pool: other"), 0),
        ("[192.168.1.5]", DATABASE.replace("A: b", "metallb.io/address-pool: wan"), 1),
        ("[192.168.1.5]", DATABASE.replace("type:", "loadBalancerClass: service.k8s.aws/x, type:"), 1),
        ("[192.168.1.5]", DATABASE.replace("type:", "loadBalancerClass: io.cilium/l2-announcer, type:"), 0),
        ("[anything]", DATABASE, 1),
        ("[]", DATABASE, 1),
    ],
)
def test_where_the_pools_hold_private_addresses_no_load_balancer_is_on_the_internet(
    addresses: str, service: str, count: int
) -> None:
    assert len(said(service, *EXPOSED)) == 1
    assert len(said(POOL.replace("ADDRESSES", addresses) + service, *EXPOSED)) == count


def test_a_mesh_may_be_told_of_the_api_server() -> None:
    text = """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: api-server, namespace: istio-system}
    spec: {host: HOST.default.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}
    """
    assert said(text.replace("HOST", "kubernetes"), "mesh-destination-unresolved") == []
    assert len(said(text.replace("HOST", "other"), "mesh-destination-unresolved")) == 1


# ── words ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_port_of_the_other_protocol_is_told_with_both() -> None:
    text = """
    apiVersion: v1
    kind: Service
    metadata: {name: dns, namespace: shop}
    spec: {selector: {app: dns}, ports: [{port: 53, protocol: UDP}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: dns, namespace: shop, labels: {app: dns}}
    spec: {containers: [{name: dns, image: dns, ports: [{containerPort: 53}]}]}
    """
    (finding,) = report_on(text, select=["service-target-port-undeclared"]).open
    assert finding.message == "Service/shop/dns targets port 53 over UDP, but Pod/shop/dns declares it over TCP"
    assert finding.help == "target 53 with protocol TCP"


def test_a_blocked_webhook_is_mended_by_letting_in_the_api_server() -> None:
    text = """
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: validating}
    webhooks: [{name: v.example.com, clientConfig: {service: {name: hook, namespace: shop}}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: hook, namespace: shop}
    spec: {selector: {app: hook}, ports: [{port: 443, targetPort: 9443}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: hook, namespace: shop}
    spec:
      selector: {matchLabels: {app: hook}}
      template: {metadata: {labels: {app: hook}}, spec: {containers: [{name: hook, image: hook}]}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: hook, namespace: shop}
    spec: {podSelector: {matchLabels: {app: hook}}, policyTypes: [Ingress], ingress: []}
    """
    (finding,) = report_on(text, select=["policy-blocks-declared-traffic"]).open
    assert finding.help == "allow TCP 9443 from the API server to hook by a rule of hook"


def test_a_number_in_quotes_is_to_be_written_without() -> None:
    text = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: {selector: {app: web}, ports: [{port: 80, targetPort: "8080", name: "80"}, {port: 81, name: A}]}
    """
    helps = [each.help for each in report_on(text, select=["service-ports-invalid"]).open]
    assert helps == ["write 8080 without quotes", "correct the name"]


# ── what is still to be filled in ────────────────────────────────────────────────────────────────────

OPEN = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: "X", name: a, targetPort: "X"}, {port: 81, name: b, targetPort: 81}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "X", ports: [{containerPort: "X"}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: "X", except: ["X"]}}], ports: [{port: "X"}]}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: ["X"]}]
  rules: [{host: "X", http: {paths: [{path: "X", pathType: Prefix, backend: BACKEND}]}}]
---
apiVersion: v1
kind: Service
metadata: {name: lan, namespace: shop}
spec: {type: LoadBalancer, loadBalancerSourceRanges: ["X"], selector: {app: web}, ports: [{port: 443}]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress:
    - {fromCIDR: ["X"], toPorts: [{ports: [{port: "X", endPort: "X", protocol: "X"}]}]}
    - fromCIDRSet: [{cidr: "X", except: ["X"]}, {cidr: 10.0.0.0/8, except: ["X"]}]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: web}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Deny, to: [{networks: ["X"]}], protocols: [{tcp: {destinationPort: {number: "X"}}}]}]
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {ingress: [{action: Allow, protocol: TCP, source: {nets: ["X"]}, destination: {ports: ["X"]}}]}
""".replace("BACKEND", '{service: {name: web, port: {number: "X"}}}')


@pytest.mark.parametrize("variable", ["{{ args.port }}", "#{Port}", "__PORT__", "${PORT}", "${port:-8080}"])
def test_what_is_to_be_filled_in_is_not_wrong_yet(variable: str) -> None:
    assert [line for line in lint_text(OPEN.replace("X", variable)) if ": error[" in line] == []


def test_what_stands_there_instead_is_wrong() -> None:
    assert len([line for line in lint_text(OPEN.replace("X", "a b")) if ": error[" in line]) > 10


@pytest.mark.parametrize(
    ("line", "is_code"),
    [("port: #@ data.values.port", True), ("#@ if data.values.tls:", True), ("#@param port", False)],
)
def test_what_ytt_fills_in_is_a_template(line: str, is_code: bool) -> None:
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec:\n  ports:\n  - name: a\n    {line}\n"
    assert bool(said(text, "field-invalid")) is not is_code
