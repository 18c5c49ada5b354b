"""Charts and applications of elsewhere add objects to namespaces, so that what is missed there may be theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import lint_text, lint_tree, write_files

if TYPE_CHECKING:
    from pathlib import Path

WEB = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
"""
ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route, namespace: shop}
spec: {parentRefs: [{name: edge, namespace: infra}], rules: [{backendRefs: [{name: NAME, port: 80}]}]}
---
"""
HELM_RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: echo, namespace: shop}
spec: {chart: {spec: {chart: app-template, sourceRef: {kind: HelmRepository, name: bjw-s}}}}
"""
OCI_RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: something, namespace: flux-system}
spec: {releaseName: echo, targetNamespace: shop, chartRef: {kind: OCIRepository, name: app-template}}
"""
HELM_CHART = """
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: echo, namespace: kube-system}
spec: {chart: app, repo: https://charts.example.com, targetNamespace: shop}
"""
APPLICATION = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: echo, namespace: argocd}
spec:
  destination: {namespace: shop}
  sources: [{repoURL: https://charts.example.com, chart: app}, {repoURL: https://example.com/values.git, ref: values}]
"""
RELEASES = pytest.mark.parametrize("release", [HELM_RELEASE, OCI_RELEASE, HELM_CHART, APPLICATION])
MISSING = "warning[route-backend-missing] HTTPRoute/shop/route leads to a Service that is not there: no Service shop/"


def backends(text: str) -> list[str]:
    return [line.partition(": ")[2] for line in lint_text(text, select=["route-backend-missing"])]


@RELEASES
@pytest.mark.parametrize("name", ["echo", "echo-http"])
def test_a_release_may_make_services_that_are_named_after_it(release: str, name: str) -> None:
    route = ROUTE.replace("NAME", name)
    assert backends(WEB + route) == [f"{MISSING}{name} (BackendNotFound)"]
    assert backends(WEB + route + release) == []


@RELEASES
def test_what_is_missing_beside_a_release_may_be_of_its_chart(release: str) -> None:
    (line,) = backends(WEB + ROUTE.replace("NAME", "other") + release)
    assert line.startswith("note[")
    assert line.endswith("what is missing may live outside the scanned files")


@RELEASES
def test_a_misspelt_name_is_one_beside_a_release_too(release: str) -> None:
    storefront = WEB.replace("name: web", "name: storefront")
    assert backends(storefront + ROUTE.replace("NAME", "storefrnt") + release) == [
        f"{MISSING}storefrnt; did you mean 'storefront'?"
    ]


@RELEASES
def test_pods_that_a_service_or_policy_selects_may_be_of_the_chart(release: str) -> None:
    selecting = WEB.replace("selector: {app: web}, ports", "selector: {app: other}, ports") + (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\n"
        "spec: {podSelector: {matchLabels: {app: other}}, ingress: []}\n---\n"
    )
    rules = ["service-selects-no-pods", "policy-selects-no-pods"]
    assert all("warning[" in line for line in lint_text(selecting, select=rules))
    lines = lint_text(selecting + release, select=rules)
    assert len(lines) == 2
    assert all("note[" in line for line in lines)


@pytest.mark.parametrize(
    "release",
    [
        APPLICATION.replace("sources: [", "source: {path: apps/web}\n  x: ["),
        HELM_RELEASE.replace("HelmRepository", "GitRepository").replace("app-template", "./apps/web"),
    ],
)
def test_what_is_applied_from_the_same_files_hides_nothing(tmp_path: Path, release: str) -> None:
    files = {"apps/web/all.yaml": WEB + ROUTE.replace("NAME", "other"), "clusters/all.yaml": release, ".git/HEAD": ""}
    write_files(tmp_path, files)
    (line,) = lint_tree(tmp_path, select=["route-backend-missing"])
    assert line.partition(": ")[2] == f"{MISSING}other (BackendNotFound)"
