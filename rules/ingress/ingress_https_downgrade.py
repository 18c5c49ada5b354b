"""Ingress has TLS and serves its hosts in the clear all the same.

Who types the address without `https://` is never sent to it: passwords and cookies cross the network in the clear, and
anyone on the way can keep it so. Have the controller redirect to HTTPS; a load balancer of AWS does so with the
annotation `ssl-redirect: "443"`.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "false"  # finding: switches the redirect to HTTPS off
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules: [{host: shop.example.com}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules: [{host: shop.example.com}]
```

Does not fire when:

* the Ingress has no TLS (`ingress-without-tls` speaks of that), or TLS ends in front of the controller
* `force-ssl-redirect` or `ssl-passthrough` is set, or another Ingress of the ALB's group, or the class by its
  IngressClassParams, redirects
* the Ingress only answers ACME challenges, or does so beside its own paths (`http01-edit-in-place`)
* the class is internal (`cluster.internal-ingress-classes`)
* a GKE Ingress allows HTTP without saying so; `gke-https-only` wants `kubernetes.io/ingress.allow-http: "false"` or a
  FrontendConfig there

References: ingress-nginx: TLS/HTTPS, server-side HTTPS enforcement; AWS Load Balancer Controller: SSL redirect; GKE:
disabling HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Node, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Ingress, IngressController
from k8snet_lint.record import NamedTuple

NGINX, ALB = "nginx.ingress.kubernetes.io/", "alb.ingress.kubernetes.io/"
REDIRECTS = {
    f"{NGINX}ssl-redirect": IngressController.INGRESS_NGINX,
    "ingress.kubernetes.io/ssl-redirect": None,
    "nginx.org/ssl-redirect": IngressController.NGINX,
    "haproxy.org/ssl-redirect": IngressController.HAPROXY,
    "haproxy-ingress.github.io/ssl-redirect": IngressController.HAPROXY,
}
"""Annotations that switch a redirect off, and the controller that reads them; None for more than one."""

ALLOW_HTTP = "kubernetes.io/ingress.allow-http"
STILL_SAFE = (f"{NGINX}force-ssl-redirect", f"{NGINX}ssl-passthrough", "acme.cert-manager.io/http01-edit-in-place")


class Options(NamedTuple):
    """`gke_https_only` wants each GKE Ingress with TLS to switch HTTP off."""

    gke_https_only: bool = False


@rule(severity=Severity.WARNING, presets=(Preset.RECOMMENDED, Preset.SECURITY), since="0.1", options=Options)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for ingress in graph.select(Ingress) if not graph.facts.tls_terminated_upstream else ():
        served = bool(ingress.tls) or graph.ingress_tls.is_told(ingress)
        if served and not ingress.is_acme_solver and not graph.ingress_classes.is_internal(ingress):
            yield from _redirect(graph, ingress)
            yield from _gke(graph, ingress, options)
            yield from _alb(graph, ingress)


def _redirect(graph: Graph, ingress: Ingress) -> Iterator[Problem]:
    if any(ingress.annotations.get(key) == "true" for key in STILL_SAFE):
        return
    for key, reader in REDIRECTS.items():
        annotation = ingress.annotation(key)
        read = reader is None or graph.ingress_classes.controller_of(ingress) in (reader, None)
        if annotation.text.lower() == "false" and read:
            yield _problem(ingress, annotation, "switches the redirect to HTTPS off", "delete the annotation")


def _gke(graph: Graph, ingress: Ingress, options: Options) -> Iterator[Problem]:
    annotation = ingress.annotation(ALLOW_HTTP)
    if graph.ingress_classes.controller_of(ingress) is IngressController.GCE:
        silent = not annotation and not ingress.annotation("networking.gke.io/v1beta1.FrontendConfig")
        if annotation.text == "true" or (silent and options.gke_https_only):
            yield _problem(ingress, annotation, "allows HTTP", f'set {ALLOW_HTTP}: "false"')


def _alb(graph: Graph, ingress: Ingress) -> Iterator[Problem]:
    ports = ingress.annotation(f"{ALB}listen-ports")
    listens = '"HTTP"' in ports.text and '"HTTPS"' in ports.text
    if listens and not graph.ingress_tls.is_redirected_by_alb(ingress):
        help_ = f'set {ALB}ssl-redirect: "443", or leave HTTP out of listen-ports'
        yield _problem(ingress, ports, "listens for HTTP and does not redirect", help_)


def _problem(ingress: Ingress, at: Node, what: str, help_: str) -> Problem:
    return Problem(at=at, message=f"{ingress} has TLS and serves in the clear too: it {what}", help=help_)
