"""Pods that use the network or a port of their node."""

from __future__ import annotations

import pytest

from tests.shop import deployment, rule_lines, said

NETWORK, DNS, PORT = "host-network", "host-network-dns-policy", "host-port"

AGENTS = [
    "quay.io/calico/node:v3.29.0",
    "docker.io/rancher/mirrored-calico-node:v3.29.0",
    "quay.io/cilium/cilium:v1.16.4@sha256:0123456789abcdef",
    "registry.k8s.io/kube-proxy:v1.34.0",
    "localhost:5000/kube-proxy",
    "quay.io/prometheus/node-exporter",
    "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.12.0",
    "public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1.37.0",
    "quay.io/metallb/speaker:v0.14.8",
    "quay.io/cephcsi/cephcsi:v3.11.0",
    "docker.elastic.co/beats/filebeat:8.14.0",
    "quay.io/cilium/tetragon:v1.1.0",
    "ghcr.io/k8snetworkplumbingwg/sriov-network-config-daemon",
    "docker.elastic.co/beats/elastic-agent:8.14.0",
    "docker.elastic.co/elastic-agent/elastic-agent-slim",
    "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0",
    "registry.crowdstrike.com/falcon-sensor/release/falcon-sensor",
]
CONTROLLERS = ["registry.k8s.io/ingress-nginx/controller:v1.12.0", "traefik:v3.2", "nginx/nginx-ingress:4.0"]


def on_host(image: str = "example/web", spec: str = "hostNetwork: true") -> str:
    """A Deployment on the host network."""
    return deployment(spec=spec).replace("example/web", image)


def host_port(image: str = "example/web") -> str:
    """A Deployment that takes a port of the host."""
    return deployment(more="ports: [{containerPort: 8080, hostPort: 80}]").replace("example/web", image)


def test_the_host_network_is_told_at_its_field() -> None:
    assert said(NETWORK, on_host()) == ["warning Deployment/shop/web uses the network of its node"]


@pytest.mark.parametrize("spec", ["hostNetwork: false", "hostNetwork: null", "hostNetwork: 'true'", "hostNetwork: {}"])
def test_only_true_puts_pods_on_the_host_network(spec: str) -> None:
    assert said(NETWORK, on_host(spec=spec)) == []


@pytest.mark.parametrize("image", [*AGENTS, *CONTROLLERS])
def test_node_agents_and_ingress_controllers_may_use_the_host(image: str) -> None:
    assert said(NETWORK, on_host(image)) == []
    assert said(PORT, host_port(image)) == []


@pytest.mark.parametrize(
    ("version", "kind", "found"),
    [
        ("agent.k8s.elastic.co/v1alpha1", "Agent", 0),
        ("beat.k8s.elastic.co/v1beta1", "Beat", 0),
        ("beat.example.com/v1beta1", "Beat", 1),
    ],
)
def test_an_operators_agents_may_use_the_host_though_no_image_tells(version: str, kind: str, found: int) -> None:
    template = "{spec: {hostNetwork: true, containers: [{name: agent}]}}"
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a, namespace: shop}}\n"
    assert len(said(NETWORK, f"{text}spec: {{daemonSet: {{podTemplate: {template}}}}}\n")) == found


@pytest.mark.parametrize(
    "image", ["example/node", "example/kube-proxy-ui/web", "example/speaker", "", "calico:5000/web"]
)
def test_an_image_that_only_looks_like_one_may_not(image: str) -> None:
    assert len(said(NETWORK, on_host(image))) == 1


@pytest.mark.parametrize("agent", ["example/web", "web", "exam*/web"])
def test_the_option_names_more_agents(agent: str) -> None:
    assert (
        said(NETWORK, on_host("registry.example.com:5000/example/web:1.2"), options={NETWORK: {"agents": [agent]}})
        == []
    )
    assert said(PORT, host_port(), options={PORT: {"agents": [agent]}}) == []
    assert said(DNS, on_host(), options={DNS: {"agents": [agent]}}) == []


@pytest.mark.parametrize("rule", [NETWORK, DNS, PORT])
def test_system_namespaces_are_the_clusters_own(rule: str) -> None:
    text = deployment(more="ports: [{containerPort: 8080, hostPort: 80}]", spec="hostNetwork: true")
    assert said(rule, text) != []
    assert said(rule, text.replace("namespace: shop", "namespace: kube-system")) == []


@pytest.mark.parametrize("spec", ["", ", dnsPolicy: null", ", dnsPolicy: ClusterFirst"])
def test_the_default_dns_policy_resolves_no_services_there(spec: str) -> None:
    (found,) = said(DNS, on_host(spec=f"hostNetwork: true{spec}"))
    assert found.startswith("warning Deployment/shop/web is on the host network, where DNS policy ClusterFirst")


@pytest.mark.parametrize("policy", ["ClusterFirstWithHostNet", "Default", "None"])
def test_a_dns_policy_that_says_what_is_meant(policy: str) -> None:
    assert said(DNS, on_host(spec=f"hostNetwork: true, dnsPolicy: {policy}")) == []


def test_pods_on_their_own_network_resolve_services_by_default() -> None:
    assert said(DNS, on_host(spec="hostNetwork: false")) == []
    assert said(DNS, on_host(spec="dnsPolicy: ClusterFirst")) == []


def test_node_agents_resolve_no_services_and_ingress_controllers_do() -> None:
    assert said(DNS, on_host(AGENTS[0])) == []
    assert len(said(DNS, on_host(CONTROLLERS[0]))) == 1


def test_one_host_port_of_two_containers_is_one_finding_at_its_line() -> None:
    pod = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: example/web
      ports:
        - containerPort: 8080
    - name: metrics
      image: example/metrics
      ports:
        - containerPort: 9090
          hostPort: 9090
"""
    assert rule_lines(PORT, pod) == [
        "14:21: warning[host-port] Pod/shop/web takes port 9090 of its node for container 'metrics'"
    ]


def test_an_init_container_takes_one_too() -> None:
    pod = deployment(spec="initContainers: [{name: init, image: a/b, ports: [{containerPort: 1, hostPort: 81}]}]")
    assert len(said(PORT, pod)) == 1


@pytest.mark.parametrize("ports", ["null", "[null]", "[{containerPort: 80, hostPort: 0}]", "[{hostPort: '80'}]", "80"])
def test_no_host_port_is_given(ports: str) -> None:
    assert said(PORT, deployment(more=f"ports: {ports}")) == []


def test_on_the_host_network_a_host_port_is_the_container_port() -> None:
    same = deployment(more="ports: [{containerPort: 80, hostPort: 80}]", spec="hostNetwork: true")
    other = deployment(more="ports: [{containerPort: 80, hostPort: 81}]", spec="hostNetwork: true")
    assert said(PORT, same) == []
    assert len(said(PORT, other)) == 1
