"""What is still to be filled in may be anything: no rule takes the text that stands for it at its word."""

from __future__ import annotations

import pytest

from tests.support import lint_text

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
"""
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, annotations: {ANNOTATIONS}}
spec:
  ingressClassName: nginx
"""
GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: infra}
spec:
  gatewayClassName: example
"""
ROUTE = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  rules: [{backendRefs: [{name: web, port: 8080}]}]
"""
ON_EDGE = f"{ROUTE}  parentRefs: [{{name: edge, namespace: infra}}]\n"
DEPLOYMENT = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
"""


def _ingress(spec: str, annotations: str = "") -> str:
    return INGRESS.replace("ANNOTATIONS", annotations) + spec


def _leads_to_web(port: str) -> str:
    return _ingress(f"  defaultBackend: {{service: {{name: web, port: {port}}}}}\n---\n")


SILENT = {
    "service-source-ranges-ineffective": [
        SERVICE + '  {type: "${TYPE}", loadBalancerSourceRanges: [192.0.2.0/24], ports: [{port: 80}]}'
    ],
    "service-traffic-policy-ineffective": [
        SERVICE + '  {type: "${TYPE}", externalTrafficPolicy: Local, ports: [{port: 80}]}'
    ],
    "service-public-load-balancer": [
        SERVICE.replace("shop}", f'shop, annotations: {{{marker}: "${{SCHEME}}"}}}}')
        + "  {type: LoadBalancer, ports: [{port: 443}]}"
        for marker in (
            "service.beta.kubernetes.io/aws-load-balancer-scheme",
            "service.beta.kubernetes.io/azure-load-balancer-internal",
            "networking.gke.io/load-balancer-type",
        )
    ]
    + [SERVICE + '  {type: LoadBalancer, loadBalancerClass: "${CLASS}", ports: [{port: 443}]}'],
    "service-external-name-suspicious": [
        SERVICE + f'  {{type: ExternalName, externalName: "{host}"}}'
        for host in ("<your-database>.example.com", "YOUR_DB_HOST", "{{ .Values.host }}")
    ],
    "service-target-port-name-unresolved": [
        SERVICE
        + "  {selector: {app: web}, ports: [{port: 80, targetPort: http}]}"
        + DEPLOYMENT
        + "  template:\n    metadata: {labels: {app: web}}\n"
        + '    spec: {containers: [{name: web, image: web, ports: [{name: "${NAME}", containerPort: 80}]}]}'
    ],
    "probe-port-unresolved": [
        DEPLOYMENT
        + "  template:\n    spec:\n      containers:\n      - name: web\n        image: web\n"
        + '        ports: [{name: "${NAME}", containerPort: 80}]\n        readinessProbe: {httpGet: {port: http}}'
    ],
    "workload-selector-mismatch": [
        DEPLOYMENT + f"  selector: {{matchLabels: {{app: {wanted}}}}}\n"
        f"  template: {{metadata: {{labels: {{app: {had}}}}}, spec: {{containers: [{{name: web, image: web}}]}}}}"
        for wanted, had in (('"${APP}"', "web"), ("web", '"<app>"'))
    ],
    "dns-config-invalid": [
        DEPLOYMENT
        + "  template:\n    spec:\n      dnsPolicy: None\n"
        + '      dnsConfig: "${DNS}"\n      containers: [{name: web, image: web}]'
    ],
    "ingress-backend-port-missing": [
        _leads_to_web(port) + SERVICE + f"  {{ports: [{offered}]}}"
        for port, offered in (
            ("{number: 8080}", '{port: "${PORT}"}'),
            ("{name: http}", '{name: "${NAME}", port: 80}'),
            ('{name: "${NAME}"}', "{name: http, port: 80}"),
        )
    ],
    "ingress-wildcard-host": [
        _ingress(f'  rules: [{{host: "*.{domain}"}}]') for domain in ("${DOMAIN}", "<your-domain>", "YOUR_DOMAIN")
    ],
    "ingress-path-invalid": [
        _ingress('  rules: [{http: {paths: [{path: /, pathType: "${TYPE}", backend: {service: {name: web}}}]}}]')
    ],
    "nginx-annotation-injection": [
        _ingress("  defaultBackend: {service: {name: web}}", f'nginx.ingress.kubernetes.io/auth-url: "{url}"')
        for url in ("https://{{ .Values.host }}/auth", "https://#{AuthHost}#/auth")
    ],
    "route-backend-port-invalid": [SERVICE + '  ports: [{port: "${PORT}"}]' + ON_EDGE],
    "route-section-not-found": [
        GATEWAY + f"  listeners: [{listener}]" + ROUTE + f"  parentRefs: [{{name: edge, namespace: infra, {wanted}}}]"
        for listener, wanted in (
            ("{name: http, port: 80, protocol: HTTP}", 'sectionName: "${LISTENER}"'),
            ('{name: "${LISTENER}", port: 80, protocol: HTTP}', "sectionName: http"),
            ('{name: http, port: "${PORT}", protocol: HTTP}', "port: 80"),
        )
    ]
    + [
        SERVICE
        + '  ports: [{port: "${PORT}"}]'
        + ROUTE
        + '  parentRefs: [{group: "", kind: Service, name: web, port: 80}]'
    ],
    "route-not-allowed-by-listener": [
        GATEWAY + f"  listeners: [{{name: http, port: 80, protocol: HTTP, {allowed}}}]" + route
        for allowed, route in (
            ('allowedRoutes: {namespaces: {from: "${FROM}"}}', ON_EDGE),
            ('allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: "${TEAM}"}}}}', ON_EDGE),
            ("allowedRoutes: {namespaces: {from: Same}}", ON_EDGE.replace("namespace: shop", 'namespace: "${NS}"')),
        )
    ],
    "reference-not-granted": [
        ROUTE.replace("name: web, port", 'name: web, namespace: "${NS}", port')
        + "  parentRefs: [{name: edge, namespace: infra}]"
    ],
    "backend-tls-policy-invalid": [
        SERVICE + "  ports: [{name: https, port: 443}]\n---\n"
        "apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: {name: web, namespace: shop}\n"
        'spec:\n  targetRefs: [{group: "", kind: Service, name: web, sectionName: "${PORT_NAME}"}]\n'
        "  validation: {hostname: shop.example.com, wellKnownCACertificates: System}"
    ],
    "namespace-undefined-or-default": [SERVICE.replace("shop", '"${NAMESPACE}"') + "  ports: [{port: 80}]"],
}


@pytest.mark.parametrize(
    ("rule", "manifest"),
    [pytest.param(rule, text, id=f"{rule}-{n}") for rule, texts in SILENT.items() for n, text in enumerate(texts)],
)
def test_is_not_taken_at_its_word(rule: str, manifest: str) -> None:
    assert lint_text(manifest, select=[rule]) == []


def test_class_by_annotation_is_a_note_where_a_variable_stands_for_it() -> None:
    manifest = _ingress("  defaultBackend: {service: {name: web}}", 'kubernetes.io/ingress.class: "${CLASS}"')
    (finding,) = lint_text(manifest, select=["ingress-class-annotation"])
    assert "note[ingress-class-annotation]" in finding


def test_two_objects_with_a_variable_for_their_host_may_be_for_two_hosts() -> None:
    one = _ingress(
        '  rules: [{host: "${HOST}", http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web}}}]}}]\n'
    )
    other = one.replace("namespace: shop", "namespace: press")
    (finding,) = lint_text(f"{one}---\n{other}", select=["ingress-duplicate-route"])
    assert "note[ingress-duplicate-route]" in finding


def test_two_routes_with_a_variable_for_their_host_may_be_for_two_hosts() -> None:
    listener = "  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}]\n"
    route = ON_EDGE + '  hostnames: ["${HOST}"]\n'
    both = GATEWAY + listener + route + route.replace("namespace: shop", "namespace: press")
    (finding,) = lint_text(both, select=["route-conflict-or-shadowed"])
    assert "note[route-conflict-or-shadowed] HTTPRoute/press/web claims ${HOST}/," in finding


def test_two_services_with_a_variable_for_their_name_in_dns_may_have_two_names() -> None:
    named = SERVICE.replace("shop}", 'shop, annotations: {external-dns.alpha.kubernetes.io/hostname: "${HOST}"}}')
    one = named + "  {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}\n---"
    both = one + one.replace("shop", "press")
    (finding,) = lint_text(both, select=["duplicate-external-dns-name"])
    assert "note[duplicate-external-dns-name] Service/press/web publishes '${HOST}'," in finding


def test_grant_for_a_namespace_that_is_still_to_be_filled_in_may_be_the_one() -> None:
    route = ROUTE.replace("name: web, port", "name: web, namespace: accounts, port")
    grant = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: web, namespace: accounts}
spec:
  from: [{group: gateway.networking.k8s.io, kind: KIND, namespace: "${SHOP}"}]
  to: [{group: "", kind: Service}]
"""
    (note,) = lint_text(route + grant.replace("KIND", "HTTPRoute"), select=["reference-not-granted"])
    assert "note[reference-not-granted]" in note
    (error,) = lint_text(route + grant.replace("KIND", "GRPCRoute"), select=["reference-not-granted"])
    assert "error[reference-not-granted]" in error


def test_service_in_a_namespace_that_is_still_to_be_filled_in_may_be_beside_its_pods() -> None:
    service = SERVICE.replace("shop", '"${NAMESPACE}"') + "  {selector: {app: web}, ports: [{port: 80}]}"
    pods = DEPLOYMENT + "  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}"
    (finding,) = lint_text(service + pods, select=["service-selects-no-pods"])
    assert "note[service-selects-no-pods]" in finding


def test_policy_in_a_namespace_that_is_still_to_be_filled_in_does_not_differ_from_those_beside_it() -> None:
    policies = "\n---\n".join(
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{n}, namespace: {where}}}\n"
        "spec: {podSelector: {}, policyTypes: [Ingress]}"
        for n, where in enumerate(('"${NAMESPACE}"', "shop", "shop"))
    )
    assert lint_text(policies, select=["policy-namespace-differs-from-siblings"]) == []
