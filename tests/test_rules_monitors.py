"""Monitors that select nothing: what is sure, what may be elsewhere, what the cluster makes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import lint_text, lint_tree, write_files

if TYPE_CHECKING:
    from pathlib import Path

RULE = ["monitor-selects-nothing"]


def service(labels: str, namespace: str = "shop") -> str:
    place = f", namespace: {namespace}" if namespace else ""
    return f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: web{place}, labels: {{{labels}}}}}\n"


def monitor(spec: str, namespace: str = "shop", kind: str = "ServiceMonitor") -> str:
    place = f", namespace: {namespace}" if namespace else ""
    return (
        f"---\napiVersion: monitoring.coreos.com/v1\nkind: {kind}\nmetadata: {{name: web{place}}}\nspec: {{{spec}}}\n"
    )


def selector(labels: str, where: str = "") -> str:
    return f"selector: {{matchLabels: {{{labels}}}}}{where and f', namespaceSelector: {{{where}}}'}"


def pods(labels: str) -> str:
    return f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop, labels: {{{labels}}}}}\n"


def test_the_labels_are_those_of_the_service_not_of_its_pods() -> None:
    (line,) = lint_text(monitor(selector("app: web")) + service("team: web") + pods("app: web"), select=RULE)
    assert "warning[monitor-selects-nothing] ServiceMonitor/shop/web selects nothing to scrape" in line
    assert "no Service in namespace 'shop' has app=web" in line


def test_a_misspelt_label_is_an_error_as_the_service_is_there() -> None:
    (line,) = lint_text(monitor(selector("app: catalouge")) + service("app: catalogue"), select=RULE)
    assert "error[monitor-selects-nothing]" in line


def test_a_service_of_a_namespace_that_is_not_looked_at() -> None:
    text = monitor(selector("app: web"), "monitoring") + service("app: web")
    (line,) = lint_text(text, select=RULE)
    assert "warning[monitor-selects-nothing]" in line
    assert lint_text(monitor(selector("app: web", "matchNames: [shop]"), "monitoring") + service("app: web")) == []
    assert lint_text(monitor(selector("app: web", "any: true"), "monitoring") + service("app: web")) == []


def test_what_no_file_tells_of_is_a_note() -> None:
    (line,) = lint_text(monitor(selector("app: web", "matchNames: [press]")) + service("app: other"), select=RULE)
    assert "note[monitor-selects-nothing]" in line
    assert "in namespace 'press'" in line
    (line,) = lint_text(monitor(selector("app: web", "any: true")) + service("app: other"), select=RULE)
    assert "no Service has app=web" in line


def test_a_monitor_without_a_namespace_goes_where_its_service_is() -> None:
    assert lint_text(monitor(selector("app: web"), "") + service("app: web"), select=RULE) == []
    (line,) = lint_text(monitor(selector("app: web"), "") + service("app: other", ""), select=RULE)
    assert "warning[monitor-selects-nothing]" in line


def test_pods_are_selected_by_their_own_labels() -> None:
    assert lint_text(monitor(selector("app: web"), kind="PodMonitor") + pods("app: web"), select=RULE) == []
    (line,) = lint_text(monitor(selector("app: storefornt"), kind="PodMonitor") + pods("app: storefront"), select=RULE)
    assert "error[monitor-selects-nothing]" in line
    assert "no workload in namespace 'shop' has app=storefornt" in line


PORTS = "spec: {selector: {app: web}, ports: [{name: http, port: 80}, {port: 90, name: grpc}]}\n"


def test_a_port_has_to_be_one_of_the_service() -> None:
    def found(endpoint: str, more: str = PORTS, where: str = "") -> list[str]:
        text = monitor(f"{selector('app: web', where)}, endpoints: [{endpoint}]") + service("app: web") + more
        return lint_text(text, select=RULE)

    (line,) = found("{port: metrics}")
    assert "warning[monitor-selects-nothing] ServiceMonitor/shop/web scrapes port 'metrics'" in line
    assert line.endswith("of Service/shop/web, which has only http, grpc")
    (line,) = found("{port: http}, {port: metrics}")
    assert "'metrics'" in line
    assert found("{port: http}") == []
    assert found("{targetPort: 9090}, {}") == []
    assert found("{port: $(PORT)}") == []
    assert found("{port: metrics}", "spec: {clusterIP: None, selector: {app: web}}\n") == []
    assert found("{port: metrics}", PORTS.replace("selector: {app: web}, ", "")) == []
    assert found("{port: metrics}", where="any: true") == []
    another = service("app: web").replace("name: web", "name: more") + PORTS.replace("grpc", "metrics")
    assert found("{port: metrics}", PORTS + another) == []
    (line,) = found("{port: metrics}", PORTS + another.replace("metrics", "rpc"))
    assert line.endswith("which has only http, grpc; the like holds for 1 more")


def test_of_several_services_the_first_of_the_files_is_told() -> None:
    asked = monitor("selector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}, endpoints: [{port: x}]")
    found = [service(f"app: {name}").replace("name: web", f"name: {name}") + PORTS for name in ("b", "a")]
    (line,) = lint_text(asked + "".join(found), select=RULE)
    assert "of Service/shop/b, which" in line


def test_a_monitor_of_whatever_there_is_need_not_find_its_port_on_what_is_known() -> None:
    asked = monitor("selector: {app: web}, endpoints: [{port: metrics}]")
    assert lint_text(asked + service("app: web") + PORTS, select=RULE) == []


def test_a_port_of_a_pod_monitor_has_to_be_one_of_the_pods() -> None:
    asked = monitor(f"{selector('app: web')}, podMetricsEndpoints: [{{port: metrics}}]", kind="PodMonitor")
    spec = "spec: {containers: [{name: web, ports: [{name: %s, containerPort: 80}]}]}\n"
    (line,) = lint_text(asked + pods("app: web") + spec % "http", select=RULE)
    assert line.endswith("scrapes port 'metrics' of Pod/shop/web, which has only http")
    assert lint_text(asked + pods("app: web") + spec % "metrics", select=RULE) == []


def test_what_the_cluster_or_an_operator_makes_is_not_missed() -> None:
    apiserver = selector("component: apiserver, provider: kubernetes", "matchNames: [default]")
    assert lint_text(monitor(apiserver) + service("app: web", "default"), select=RULE) == []
    assert lint_text(monitor(selector("k8s-app: kubelet", "matchNames: [kube-system]")), select=RULE) == []
    for kubelets in ("k8s-app: kubelet", "app.kubernetes.io/name: kubelet"):
        assert lint_text(monitor(selector(kubelets)) + service("app: web"), select=RULE) == []
    assert lint_text(monitor(selector('cnpg.io/cluster: "db"'), kind="PodMonitor"), select=RULE) == []
    prometheus = "---\napiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: k8s, namespace: shop}\n"
    text = monitor(selector("operated-prometheus: 'true'")) + service("app: web") + prometheus
    (line,) = lint_text(text, select=RULE)
    assert "note[monitor-selects-nothing]" in line


RABBIT = "---\napiVersion: rabbitmq.com/v1beta1\nkind: RabbitmqCluster\nmetadata: {name: queue, namespace: shop%s}\n"


@pytest.mark.parametrize(
    ("labels", "maker"),
    [
        ("app: queue", RABBIT % ""),
        ("app: web", RABBIT % ", labels: {app: web}"),
        ("app.kubernetes.io/name: web", RABBIT % ""),
        ("team: shop, app: queue", RABBIT % ""),
    ],
)
def test_a_port_may_be_that_of_a_service_which_an_operator_makes(labels: str, maker: str) -> None:
    asked = monitor(f"{selector(labels)}, endpoints: [{{port: metrics}}]") + service(labels) + PORTS
    assert len(lint_text(asked, select=RULE)) == 1
    assert lint_text(asked + maker, select=RULE) == []


@pytest.mark.parametrize("maker", [RABBIT % "", (RABBIT % ", labels: {app: web}").replace("shop", "other")])
def test_no_operator_makes_a_service_with_labels_that_its_resource_says_nothing_of(maker: str) -> None:
    asked = monitor(f"{selector('app: web')}, endpoints: [{{port: metrics}}]") + service("app: web") + PORTS
    assert len(lint_text(asked + maker, select=RULE)) == 1


def test_selectors_of_everything_or_of_none_are_left_alone() -> None:
    for written in ("selector: {}", "", "selector: 7", "selector: {matchLabels: 7}"):
        assert lint_text(monitor(written) + service("app: web"), select=RULE) == []
    excluding = "selector: {matchExpressions: [{key: app, operator: DoesNotExist}]}"
    assert lint_text(monitor(excluding) + service("app: web"), select=RULE) == []


def test_labels_that_a_build_may_still_give_are_not_missed(tmp_path: Path) -> None:
    files = {"app/service.yaml": service("team: web"), "monitor.yaml": monitor(selector("app: web"))}
    write_files(tmp_path, {**files, "app/kustomization.yaml": "resources: [service.yaml]\n"})
    (line,) = lint_tree(tmp_path, select=RULE)
    assert "warning[monitor-selects-nothing]" in line
    unbuilt = "resources: [service.yaml]\ntransformers: [labels.yaml]\n"
    write_files(tmp_path, {**files, "app/kustomization.yaml": unbuilt, "app/labels.yaml": "a: b\n"})
    (line,) = lint_tree(tmp_path, select=RULE)
    assert "note[monitor-selects-nothing]" in line
