"""Valid objects, one of each sort, for tests that spoil them."""

from __future__ import annotations

import copy
from typing import Any

from k8snet_lint.manifest import Document
from k8snet_lint.manifest.document import Form, Written
from k8snet_lint.source import Source

SERVICE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]},
}
POLICY: dict[str, Any] = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "podSelector": {"matchLabels": {"app": "web"}},
        "ingress": [{"from": [{"podSelector": {}}], "ports": [{"port": 80, "protocol": "TCP"}]}],
    },
}
INGRESS: dict[str, Any] = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "rules": [
            {
                "host": "shop.example.com",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "web", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ]
    },
}
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {"name": "web", "image": "example/web", "ports": [{"name": "http", "containerPort": 80}]}
                ]
            },
        },
    },
}
ROUTE: dict[str, Any] = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "HTTPRoute",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "parentRefs": [{"name": "edge", "sectionName": "https"}],
        "hostnames": ["*.example.com"],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}, "method": "GET"}],
                "filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}],
                "backendRefs": [{"name": "web", "port": 80, "weight": 1}],
            }
        ],
    },
}
CLUSTER_POLICY: dict[str, Any] = {
    "apiVersion": "policy.networking.k8s.io/v1alpha2",
    "kind": "ClusterNetworkPolicy",
    "metadata": {"name": "tenants"},
    "spec": {
        "tier": "Admin",
        "priority": 10,
        "subject": {"namespaces": {"matchLabels": {"tier": "tenant"}}},
        "egress": [
            {
                "action": "Deny",
                "to": [{"networks": ["10.0.0.0/8"]}],
                "protocols": [{"tcp": {"destinationPort": {"number": 5432}}}],
            }
        ],
    },
}
CILIUM: dict[str, Any] = {
    "apiVersion": "cilium.io/v2",
    "kind": "CiliumNetworkPolicy",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "endpointSelector": {"matchLabels": {"k8s:app": "web"}},
        "ingress": [{"fromEntities": ["cluster"], "toPorts": [{"ports": [{"port": "80", "protocol": "TCP"}]}]}],
    },
}
CALICO: dict[str, Any] = {
    "apiVersion": "projectcalico.org/v3",
    "kind": "GlobalNetworkPolicy",
    "metadata": {"name": "web"},
    "spec": {
        "selector": "app == 'web'",
        "order": 10.5,
        "types": ["Ingress"],
        "ingress": [{"action": "Allow", "protocol": "TCP", "source": {"nets": ["10.0.0.0/8"], "ports": [80, "1:9"]}}],
    },
}
AUTHORIZATION: dict[str, Any] = {
    "apiVersion": "security.istio.io/v1",
    "kind": "AuthorizationPolicy",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"action": "DENY", "rules": [{"to": [{"operation": {"ports": ["80"], "methods": ["GET"]}}]}]},
}
OBJECTS = (SERVICE, POLICY, INGRESS, DEPLOYMENT, ROUTE, CLUSTER_POLICY, CILIUM, CALICO, AUTHORIZATION)


def changed(valid: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy of an object with another value at a path such as `spec.ports.0.port`; what is absent above it is made."""
    copied = copy.deepcopy(valid)
    place: Any = copied
    *above, last = (int(key) if key.isdecimal() else key for key in path.split("."))
    for key in above:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    place[last] = value
    return copied


def document(value: dict[str, Any]) -> Document:
    """A document that holds a value, without the text that it was read from."""
    return Document(Source("m.yaml", "{}"), value, 1, Written(0, 2, 1, Form.JSON))
