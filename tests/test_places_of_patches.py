"""Where findings on what a kustomization builds lead: to the file that writes the value, a patch above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.engine import lint
from k8snet_lint.loader import LoadOptions, load
from tests.support import TODAY, run, write_files

if TYPE_CHECKING:
    from pathlib import Path

BASE = {
    "base/kustomization.yaml": "resources: [web.yaml, service.yaml, policy.yaml]\n",
    "base/web.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector:
            matchLabels: {app: shop}
          template:
            metadata:
              labels: {app: shop}
            spec:
              containers:
                - name: web
                  image: nginx
                  ports:
                    - name: http
                      containerPort: 8080
        """,
    "base/service.yaml": """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector:
            app: shop
          ports:
            - {port: 80, targetPort: http}
        """,
    "base/policy.yaml": """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web}
        spec:
          podSelector:
            matchLabels: {app: shop}
          ingress:
            - from: [{podSelector: {}}]
              ports:
                - port: http
        """,
    "prod/kustomization.yaml": "namespace: shop\nresources: [../base]\npatches: [{path: patch.yaml}]\n",
}
TARGET = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
LABEL = f"{TARGET}spec:\n  template:\n    metadata:\n      labels: {{app: store}}\n"
PORT_OF_RULE = "- {op: replace, path: /spec/ingress/0/ports/0/port, value: "
PORT = f"""{TARGET}spec:
  template:
    spec:
      containers:
        - name: web
          ports:
            - {{containerPort: 8080, $patch: delete}}
            - {{containerPort: 9000, name: admin}}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, BASE)


def places(directory: Path, rule: str, patch: str) -> list[str]:
    """The places of the one finding of a rule: where it is, and what it names besides."""
    write_files(directory, {"prod/patch.yaml": patch})
    report = lint(load((".",), LoadOptions()), registry.load(), Config(select=(rule,)), today=TODAY)
    (finding,) = report.open
    return [str(finding.location), *(str(each.location) for each in finding.related)]


def test_a_label_that_a_patch_sets_is_mended_in_the_patch(tmp_path: Path) -> None:
    found = places(tmp_path, "workload-selector-mismatch", LABEL)
    assert found == ["prod/patch.yaml:7:21", "base/web.yaml:6:24", "base/web.yaml:9:21"]


@pytest.mark.parametrize(
    ("rule", "place"),
    [("service-selects-no-pods", "base/service.yaml:6:10"), ("policy-selects-no-pods", "base/policy.yaml:6:24")],
)
def test_what_selects_nothing_since_a_patch_set_a_label_names_the_patch(tmp_path: Path, rule: str, place: str) -> None:
    assert places(tmp_path, rule, LABEL) == [place, "prod/patch.yaml:7:21"]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("service-target-port-name-unresolved", "base/service.yaml:8:30"),
        ("policy-port-unknown", "base/policy.yaml:10:17"),
    ],
)
def test_a_port_that_a_patch_took_away_names_the_ports_of_both_files(tmp_path: Path, rule: str, place: str) -> None:
    assert places(tmp_path, rule, PORT) == [place, "base/web.yaml:14:11", "prod/patch.yaml:11:15"]


def test_a_policy_that_a_patch_makes_block_what_is_declared_names_the_patch(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "base/kustomization.yaml": "resources: [web.yaml, service.yaml, policy.yaml, ingress.yaml]\n",
            "base/ingress.yaml": """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: web}
                spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
                """,
            "prod/kustomization.yaml": """
                namespace: shop
                resources: [../base]
                patches: [{path: patch.yaml, target: {kind: NetworkPolicy}}]
                """,
        },
    )
    found = places(tmp_path, "policy-blocks-declared-path", f"{PORT_OF_RULE}8081}}\n")
    assert found == ["base/policy.yaml:7:3", "prod/patch.yaml:1:60"]


INGRESS = """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web}
    spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
    """
CLIENT = """
    apiVersion: v1
    kind: Pod
    metadata: {name: client, labels: {app: client}}
    spec: {containers: [{name: client, image: client, env: [{name: WEB_URL, value: "http://web:80"}]}]}
    """
RENUMBERED = "- {op: replace, path: /spec/template/spec/containers/0/ports/0/containerPort, value: 9090}\n"
RENAMED = "- {op: replace, path: /spec/template/spec/containers/0/ports/0/name, value: web}\n"
PATCHED = "namespace: shop\nresources: [../base]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n"


def all_places(directory: Path, rule: str, more: str, patch: str) -> set[str]:
    """Every place that the one finding of a rule names, its steps among them; with one more file in the base."""
    base = "resources: [web.yaml, service.yaml, policy.yaml, more.yaml]\n"
    policy = BASE["base/policy.yaml"].replace("port: http", "port: 8080")
    files = {"base/kustomization.yaml": base, "base/more.yaml": more, "base/policy.yaml": policy}
    write_files(directory, {**files, "prod/kustomization.yaml": PATCHED, "prod/patch.yaml": patch})
    report = lint(load((".",), LoadOptions()), registry.load(), Config(select=(rule,)), today=TODAY)
    (finding,) = report.open
    return {str(each.location) for each in (*finding.related, *finding.chain)}


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("policy-blocks-declared-path", INGRESS),
        ("policy-blocks-declared-traffic", CLIENT),
        ("service-unreachable", CLIENT.replace("http://web:80", "")),
    ],
)
def test_what_closes_a_port_that_a_patch_renumbers_names_the_patch(tmp_path: Path, rule: str, more: str) -> None:
    assert "prod/patch.yaml:1:86" in all_places(tmp_path, rule, more, RENUMBERED)


def test_a_probe_of_a_port_that_a_patch_renames_names_the_patch(tmp_path: Path) -> None:
    probed = BASE["base/web.yaml"].rstrip() + "\n                  readinessProbe: {httpGet: {port: http}}\n"
    write_files(tmp_path, {"base/web.yaml": probed, "prod/kustomization.yaml": PATCHED})
    found = places(tmp_path, "probe-port-unresolved", RENAMED)
    assert found == ["base/web.yaml:17:44", "base/web.yaml:14:11", "prod/patch.yaml:1:77"]


def test_a_monitor_of_a_port_that_a_patch_renames_names_the_patch(tmp_path: Path) -> None:
    monitor = """
        apiVersion: monitoring.coreos.com/v1
        kind: PodMonitor
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: shop}}
          podMetricsEndpoints: [{port: http}]
        """
    assert "prod/patch.yaml:1:77" in all_places(tmp_path, "monitor-selects-nothing", monitor, RENAMED)


def test_a_service_port_in_a_policy_names_the_patch_that_numbers_the_pods_own(tmp_path: Path) -> None:
    written = BASE["base/policy.yaml"].replace("port: http", "port: 80")
    write_files(tmp_path, {"base/policy.yaml": written, "prod/kustomization.yaml": PATCHED})
    assert "prod/patch.yaml:1:86" in places(tmp_path, "policy-names-service-port", RENUMBERED)


def test_a_headless_service_of_a_port_that_a_patch_renumbers_names_the_patch(tmp_path: Path) -> None:
    headless = (
        BASE["base/service.yaml"]
        .replace("spec:", "spec:\n          clusterIP: None")
        .replace("port: 80,", "port: 8080,")
    )
    write_files(tmp_path, {"base/service.yaml": headless, "prod/kustomization.yaml": PATCHED})
    assert "prod/patch.yaml:1:86" in places(tmp_path, "service-headless-port-remap", RENUMBERED)


def test_a_name_in_a_text_that_the_build_does_not_change_names_what_it_makes_of_the_service(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "base/kustomization.yaml": "resources: [web.yaml, service.yaml, policy.yaml, client.yaml]\n",
            "base/client.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: client}
                spec: {containers: [{name: client, env: [{name: WEB_URL, value: "http://web:80"}]}]}
                """,
            "prod/kustomization.yaml": "namespace: shop\nnamePrefix: prod-\nresources: [../base]\n",
        },
    )
    report = lint(
        load((".",), LoadOptions()), registry.load(), Config(select=("reference-service-missing",)), today=TODAY
    )
    (finding,) = report.open
    assert (finding.severity.label, finding.related[0].message) == (
        "warning",
        "Service/shop/prod-web, as it is called once it is built",
    )
    assert str(finding.related[0].location) == "base/service.yaml:3:18"
    assert "Kustomization" not in run("graph").out
