"""The manifests of one synthetic app and of the namespace it lives in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class App(NamedTuple):
    """What the manifests of an app differ in."""

    name: str
    namespace: str
    port: int
    replicas: int
    release: str
    defective: bool


def documents(app: App, number: int) -> Iterator[str]:
    """An app's manifests: four, an Ingress for every third app, a ConfigMap for every fourth."""
    yield deployment(app)
    yield service(app)
    yield network_policy(app)
    yield _named("v1", "ServiceAccount", app.name, app.namespace)
    if number % 3 == 0:
        yield ingress(app)
    if number % 4 == 0:
        yield config_map(app)


def namespace(name: str) -> str:
    """The Namespace, with a label that says whose it is."""
    return f"""\
apiVersion: v1
kind: Namespace
metadata:
  name: {name}
  labels:
    team: {name}
"""


def default_deny(namespace: str) -> str:
    """A policy that isolates all pods, both ways."""
    return f"""\
{_named("networking.k8s.io/v1", "NetworkPolicy", "default-deny", namespace)}\
spec:
  podSelector: {{}}
  policyTypes:
    - Ingress
    - Egress
"""


def deployment(app: App) -> str:
    """Two containers with probes and ports; a defective one shares its node's network and names a port it lacks."""
    pod = "      hostNetwork: true\n" if app.defective else ""
    return f"""\
{_named("apps/v1", "Deployment", app.name, app.namespace)}\
  labels:
    app.kubernetes.io/name: {app.name}
    app.kubernetes.io/version: "{app.release}"
spec:
  replicas: {app.replicas}
  selector:
    matchLabels:
      app.kubernetes.io/name: {app.name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {app.name}
        app.kubernetes.io/part-of: {app.namespace}
    spec:
{pod}\
      serviceAccountName: {app.name}
      securityContext:
        runAsNonRoot: true
      containers:
{_containers(app)}"""


def _containers(app: App) -> str:
    host_port = f"\n              hostPort: {app.port}" if app.defective else ""
    probed = "htpp" if app.defective else "http"
    return f"""\
        - name: server
          image: registry.example.org/{app.name}:{app.release}
          args: ["--listen=:{app.port}", "--log-level=info"]
          ports:
            - name: http
              containerPort: {app.port}{host_port}
          env:
            - name: LOG_FORMAT
              value: json
            - name: UPSTREAM
              value: http://{app.name}.{app.namespace}.svc.cluster.local
          readinessProbe:
            httpGet:
              path: /ready
              port: {probed}
            periodSeconds: 10
          livenessProbe:
            httpGet:
              path: /alive
              port: http
            initialDelaySeconds: 15
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
            limits:
              memory: 128Mi
        - name: metrics
          image: registry.example.org/exporter:1.4
          ports:
            - name: metrics
              containerPort: 9102
"""


def service(app: App) -> str:
    """A ClusterIP Service; a defective one opens a port on every node, for pods that are not there."""
    kind = "NodePort" if app.defective else "ClusterIP"
    selected = f"{app.name}x" if app.defective else app.name
    return f"""\
{_named("v1", "Service", app.name, app.namespace)}\
  labels:
    app.kubernetes.io/name: {app.name}
spec:
  type: {kind}
  selector:
    app.kubernetes.io/name: {selected}
  ports:
    - name: http
      port: 80
      targetPort: http
"""


def network_policy(app: App) -> str:
    """A policy that lets the namespace in and the cluster's DNS out; a defective one names peers that are not there."""
    peer = f"{app.name}-clinet" if app.defective else app.namespace
    label = "app.kubernetes.io/name" if app.defective else "app.kubernetes.io/part-of"
    port = "htpp" if app.defective else "http"
    return f"""\
{_named("networking.k8s.io/v1", "NetworkPolicy", app.name, app.namespace)}\
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {app.name}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              {label}: {peer}
      ports:
        - protocol: TCP
          port: {port}
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
"""


def gateway(namespace: str) -> str:
    """A Gateway that takes routes from everywhere, each for its own host."""
    return f"""\
{_named("gateway.networking.k8s.io/v1", "Gateway", "shared", namespace)}\
spec:
  gatewayClassName: envoy-gateway
  listeners:
    - name: https
      port: 443
      protocol: HTTPS
      hostname: "*.example.org"
      tls:
        certificateRefs:
          - name: example-org-tls
      allowedRoutes:
        namespaces:
          from: All
"""


def route(app: App, namespace: str) -> str:
    """A route from the Gateway of a namespace."""
    return f"""\
{_named("gateway.networking.k8s.io/v1", "HTTPRoute", app.name, app.namespace)}\
spec:
  parentRefs:
    - name: shared
      namespace: {namespace}
  hostnames:
    - {app.name}.edge.example.org
  rules:
    - backendRefs:
        - name: {app.name}
          port: 80
"""


def ingress(app: App) -> str:
    """An Ingress with TLS by cert-manager; a defective one has neither TLS nor a Service to lead to."""
    host = f"{app.name}.example.org"
    tls = "" if app.defective else f"  tls:\n    - hosts:\n        - {host}\n      secretName: {app.name}-tls\n"
    backend = f"{app.name}-frontnd" if app.defective else app.name
    return f"""\
{_named("networking.k8s.io/v1", "Ingress", app.name, app.namespace)}\
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  ingressClassName: nginx
{tls}\
  rules:
    - host: {host}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {backend}
                port:
                  name: http
"""


def config_map(app: App) -> str:
    """Settings of the app."""
    return f"""\
{_named("v1", "ConfigMap", f"{app.name}-settings", app.namespace)}\
data:
  PORT: "{app.port}"
  TIMEOUT: 30s
  settings.ini: |
    [server]
    listen = 0.0.0.0:{app.port}
    workers = 4

    [cache]
    size = 64
"""


def _named(api_version: str, kind: str, name: str, namespace: str) -> str:
    return f"""\
apiVersion: {api_version}
kind: {kind}
metadata:
  name: {name}
  namespace: {namespace}
"""
