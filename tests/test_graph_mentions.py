"""Which hosts of the cluster texts name, and which Services those are."""

from __future__ import annotations

import sys
import time

import pytest

from k8snet_lint.facts import Facts
from k8snet_lint.graph import Edge, Graph, Relation
from k8snet_lint.graph.mention import Confidence
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.resource import Resource, Workload
from k8snet_lint.resource.hosts import MOST_HOSTS, hosts

SERVICES = """
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: shop}
spec: {selector: {app: catalog}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: storage}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: peers, namespace: shop}
spec: {clusterIP: None, selector: {app: peers}, ports: [{port: 7000}]}
---
"""


def graph_of(text: str) -> Graph:
    loaded = load(("-",), LoadOptions(stdin_name="m.yaml"), stdin=text.encode())
    (world,) = loaded.worlds
    return Graph.of(world, Facts())


def told(text: str, word: str = "URL") -> list[str]:
    return [f"{host.name}:{host.port}" for host in hosts(text, word) if host.is_meant]


def pod(env: str) -> str:
    return f"""{SERVICES}
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop}}
spec:
  containers:
    - name: web
      image: web
      env: [{env}]
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://web:8080/items?at=http://other:81", ["web:8080", "other:81"]),
        ("--url=https://web", ["web:443"]),
        ("amqp://user:secret@rabbit:5672/vhost", ["rabbit:5672"]),
        ("jdbc:postgresql://db.storage:5432/shop", ["db.storage:5432"]),
        ("kafka-0.kafka:9092,kafka-1.kafka:9092", ["kafka-0.kafka:9092", "kafka-1.kafka:9092"]),
        ("db.storage.svc.cluster.local", ["db.storage.svc.cluster.local:None"]),
        ("db.storage.svc:5432", ["db.storage.svc:5432"]),
        ("DB.storage.svc.cluster.local.:5432", ["db.storage.svc.cluster.local:5432"]),
        ("servers:\n  - targets: ['alertmanager:9093']\n", ["alertmanager:9093"]),
        ('{"upstream": "web:8080", "limit": 80}', ["web:8080"]),
        ("[OUTPUT]\n    Name es\n    Host  elastic\n    Port  9200\n", ["elastic:9200"]),
        ("a: 1\ndb.host=db\nmail:\n  hostname: 'smtp'\n  port: 2525\n", ["db:None", "smtp:2525"]),
    ],
)
def test_hosts_are_found_in_urls_before_ports_and_by_their_full_names(text: str, found: list[str]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "nginx:1.25",
        "registry.example.com/shop/web:8080",
        "12:30",
        "at 12:30:45 o'clock",
        "[::1]:8080",
        "0.0.0.0:9090",
        "C:\\Windows:80",
        "$(HOST):8080",
        "${HOST}-web:8080",
        "http://$(HOST):8080",
        "http://web.$(NAMESPACE).svc:80",
        "web-{{ .Release.Name }}:8080",
        "{{ .Release.Name }}-web:8080",
        "web:8080:80",
        "web:8080-9090",
        "HOST:8080",
        "file://web:80",
        "# http://web:8080",
        "//web:8080",
        "port:123456",
        "%(host)s:8080",
        '{"port":8080}',
        "a.svcs",
        "http:///web:80",
        "a\nlocalhost\nhost 10.0.0.1\nghosts: many of them\nhost: ${HOST}\n",
        "host:\nchown -R app:1000 /data\nweb:1000\n",
    ],
)
def test_what_only_looks_like_a_host_is_none(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "word",
    [
        *("IMAGE", "--version", "LISTEN_ADDRESS", "RUN_AS_USER", "EXTERNAL_URL", "--advertise-address", "NO_PROXY"),
        *("ALLOWED_ORIGINS", "SERVER_NAME", "ROOT_URL"),
    ],
)
def test_words_around_a_name_tell_that_it_is_no_host_to_connect_to(word: str) -> None:
    assert told("web:8080", word) == []


@pytest.mark.parametrize("word", ["USER_SERVICE_ADDR", "--image-server", "VERSION_URL", "CERT_HOST"])
def test_words_that_end_like_hosts_speak_of_hosts_whatever_stands_before(word: str) -> None:
    assert told("web:8080", word) == told("http://web:8080", word) == ["web:8080"]


def test_a_text_full_of_marks_takes_time_by_its_length_and_gives_a_bounded_number_of_hosts() -> None:
    hostile = [
        "://" * 300_000,
        ":80" * 300_000,
        "a:80," * 200_000,
        ".svc" * 200_000,
        "a" * 900_000 + ":80",
        "@:" * 400_000,
    ]
    started = time.process_time()
    assert all(len(list(hosts(text, "URL"))) <= MOST_HOSTS for text in hostile)
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("env", "service", "port", "confidence"),
    [
        ("{name: URL, value: 'http://catalog'}", "Service/shop/catalog", 80, Confidence.LIKELY),
        ("{name: ANY, value: 'catalog:80'}", "Service/shop/catalog", 80, Confidence.LIKELY),
        ("{name: ANY, value: 'catalog:81'}", "Service/shop/catalog", 81, Confidence.WEAK),
        ("{name: URL, value: 'pg://db.storage:5432'}", "Service/storage/db", 5432, Confidence.LIKELY),
        ("{name: ANY, value: 'db.storage.svc'}", "Service/storage/db", None, Confidence.DEFINITE),
        ("{name: ADDR, value: 'peers-0.peers:7000'}", "Service/shop/peers", 7000, Confidence.LIKELY),
        ("{name: DB_HOST, value: catalog}", "Service/shop/catalog", None, Confidence.LIKELY),
        (
            "{name: DB_HOST, value: catalog}, {name: DB_PORT, value: '81'}",
            "Service/shop/catalog",
            81,
            Confidence.LIKELY,
        ),
    ],
)
def test_a_host_is_a_service_of_its_own_or_the_named_namespace(
    env: str, service: str, port: int | None, confidence: Confidence
) -> None:
    (mention,) = graph_of(pod(env)).mentions.all
    assert ([*map(str, mention.services)], mention.port, mention.confidence) == ([service], port, confidence)
    assert mention.at.location.span.start.line > 17
    assert [*map(str, mention.consumers)] == ["Pod/shop/web"]


@pytest.mark.parametrize(
    "env",
    [
        "{name: URL, value: 'http://localhost:80'}",
        "{name: URL, value: 'https://api.example.com'}",
        "{name: URL, value: 'http://db.elsewhere:80'}",
        "{name: WORD, value: catalog}",
        "{name: DB_HOST, value: unknown}",
        "{name: URL, value: 8080}",
        "{name: [URL], value: {a: b}}",
        "null",
    ],
)
def test_other_hosts_and_odd_values_mention_nothing(env: str) -> None:
    assert graph_of(pod(env)).mentions.all == ()


PROXY = """
apiVersion: v1
kind: Service
metadata: {name: proxy, namespace: shop}
spec: {selector: {app: proxy}, ports: [{port: 3128}]}
---
"""


@pytest.mark.parametrize(
    ("value", "is_host"), [("http://proxy:8080", True), ("proxy:3128", True), ("proxy:8080", False), ("proxy.a", False)]
)
def test_a_word_that_stands_for_hosts_is_one_where_a_service_is_called_so(value: str, *, is_host: bool) -> None:
    env = f"{{name: PROXY_ADDRESS, value: '{value}'}}"
    assert bool(graph_of(f"{PROXY}{pod(env)}").mentions.all) is is_host
    assert graph_of(pod(env)).mentions.all == ()


def test_a_config_map_mentions_for_the_workloads_that_take_the_key_from_it() -> None:
    graph = graph_of(
        f"""{SERVICES}
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings, namespace: shop}}
data:
  a.yaml: |
    upstream: http://catalog:80
  b.yaml: "server: peers:7000"
---
apiVersion: v1
kind: Pod
metadata: {{name: takes-all, namespace: shop}}
spec:
  volumes: [{{name: v, projected: {{sources: [{{configMap: {{name: settings}}}}]}}}}]
  containers: [{{name: a, image: a}}]
---
apiVersion: v1
kind: Pod
metadata: {{name: takes-b, namespace: shop}}
spec:
  containers:
    - name: a
      env: [{{name: B, valueFrom: {{configMapKeyRef: {{name: settings, key: b.yaml}}}}}}]
---
apiVersion: v1
kind: Pod
metadata: {{name: takes-a-item, namespace: shop}}
spec:
  volumes: [{{name: v, configMap: {{name: settings, items: [{{key: a.yaml, path: a}}]}}}}]
  containers: [{{name: a, image: a, envFrom: [{{configMapRef: {{name: others}}}}]}}]
"""
    )
    found = {each.name: [*map(str, each.consumers)] for each in graph.mentions.all}
    assert found == {
        "catalog": ["Pod/shop/takes-all", "Pod/shop/takes-a-item"],
        "peers": ["Pod/shop/takes-all", "Pod/shop/takes-b"],
    }
    read = [str(edge.source) for edge in graph.references(Relation.READS, Workload) if isinstance(edge, Edge)]
    assert read == ["Pod/shop/takes-all", "Pod/shop/takes-b", "Pod/shop/takes-a-item"]


def test_webhooks_and_api_services_have_the_api_server_call_a_service() -> None:
    graph = graph_of(
        f"""{SERVICES}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: checks}}
webhooks:
  - {{name: a.example.com, clientConfig: {{service: {{name: catalog, namespace: shop}}}}}}
  - {{name: b.example.com, clientConfig: {{url: "https://example.com"}}}}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {{name: v1.example.com}}
spec: {{service: {{name: db, namespace: storage, port: 5432}}}}
"""
    )
    assert [(str(each.services[0]), each.port, each.is_called) for each in graph.mentions.all] == [
        ("Service/shop/catalog", 443, True),
        ("Service/storage/db", 5432, True),
    ]
    called = [str(edge.target) for edge in graph.references(Relation.CALLS, Resource) if isinstance(edge, Edge)]
    assert called == ["Service/shop/catalog", "Service/storage/db"]


def test_monitors_scrape_what_they_select_and_annotations_the_port_they_name() -> None:
    graph = graph_of(
        """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9090}]}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: {app: web}
  annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9100"}
spec: {containers: [{name: web, image: web, ports: [{name: admin, containerPort: 9901}]}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: monitoring}
spec:
  namespaceSelector: {matchNames: [shop]}
  selector: {matchLabels: {app: web}}
  endpoints: [{port: metrics}, {targetPort: 8080}, {port: unknown}]
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: pods, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  podMetricsEndpoints: [{port: admin}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: elsewhere, namespace: monitoring}
spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: metrics}]}
"""
    )
    assert [(each.source.kind, each.number) for each in graph.scrapes.all()] == [
        ("Pod", 9100),
        ("ServiceMonitor", 9090),
        ("ServiceMonitor", 8080),
        ("PodMonitor", 9901),
    ]
    edges = [edge for edge in graph.references(Relation.SCRAPES, Resource) if isinstance(edge, Edge)]
    assert [f"{edge.source} {edge.target}" for edge in edges] == [
        "ServiceMonitor/monitoring/web Service/shop/web",
        "PodMonitor/shop/pods Pod/shop/web",
    ]


@pytest.mark.parametrize(
    "text",
    [
        """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: http://db.storage.svc.cluster.local:5432/auth
    kubectl.kubernetes.io/last-applied-configuration: '{"url": "http://peers.shop.svc:7000"}'
    note: see http://catalog:80
spec: {}
""",
        """
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: shop}
spec: {type: ExternalName, externalName: db.storage.svc.cluster.local}
""",
        """
apiVersion: monitoring.coreos.com/v1
kind: Probe
metadata: {name: probe, namespace: shop}
spec: {prober: {url: "db.storage:5432"}, targets: {staticConfig: {static: ["https://example.com"]}}}
""",
    ],
)
def test_annotations_aliases_and_probes_name_services_too(text: str) -> None:
    (mention,) = graph_of(SERVICES + text).mentions.all
    assert [*map(str, mention.services)] == ["Service/storage/db"]
    assert mention.consumers == ()


def _calls(copies: int) -> int:
    """How many calls it takes to find what leads nowhere where an object is repeated with each copy of an app."""
    app = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: team-%d}
spec: {containers: [{name: web, env: [{name: DB_URL, value: "http://db.data:9999"}, {name: HOST, value: "http://db:80"}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---"""
    graph = graph_of("".join(app % number for number in range(copies)))
    counted = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        assert len(list(graph.mentions.without_port)) == 1
        assert len(graph.missing_services.all) == copies
    finally:
        sys.setprofile(None)
    return counted


def test_what_is_repeated_and_named_again_and_again_is_looked_at_once() -> None:
    assert _calls(200) < 2.2 * _calls(100)
