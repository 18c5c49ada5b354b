"""One thing that is missing and of which no file tells is one note, with the count and up to three places."""

from __future__ import annotations

from tests.gateway_api import gateway, listener, route
from tests.support import lint_text, report_on

POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{podSelector: {{matchLabels: {{app: web}}}}}}
"""
POD = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: shop, labels: {app: %s}}\n"


def test_policies_with_one_selector_that_nothing_here_has() -> None:
    text = "".join(POLICY.format(name=f"web-{number}", namespace=f"team-{number}") for number in range(5))
    report = report_on(text, select=["policy-selects-no-pods"])
    (found,) = report.open
    assert found.message.startswith("NetworkPolicy/team-0/web-0 selects no pods")
    assert "nor for 4 more policies" in found.message
    assert len(found.related) == 3


def test_policies_whose_namespace_is_there_are_told_one_by_one() -> None:
    text = "".join(POLICY.format(name=f"web-{number}", namespace="shop") for number in range(2)) + POD % ("db", "db")
    assert [line[-4:] for line in lint_text(text, select=["policy-selects-no-pods"])] == ["=web"] * 2


def test_routes_to_one_service_that_is_elsewhere() -> None:
    text = "---\n".join(route(name=f"web-{number}", namespace="shop") for number in range(3))
    (line,) = lint_text(text, select=["route-backend-missing"])
    assert "note[route-backend-missing] HTTPRoute/shop/web-0 leads to a Service that is not there" in line
    assert "as 2 more routes do: no Service shop/web" in line


def test_listeners_with_one_certificate_that_is_elsewhere() -> None:
    tls = "tls: {certificateRefs: [{name: edge-tls}]}"
    listeners = [listener(f"https-{port}", tls, port=port, protocol="HTTPS") for port in (443, 8443)]
    (line,) = lint_text(gateway(*listeners), select=["gateway-certificate-unresolved"])
    assert "as 1 more listener does: no Secret infra/edge-tls" in line
