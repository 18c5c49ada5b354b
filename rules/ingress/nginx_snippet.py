"""Ingress injects raw configuration into NGINX.

Whoever may write such an Ingress can make the controller do anything: read its service account's token, and
with it every Secret of the cluster (CVE-2021-25742). ingress-nginx has snippets switched off since 1.9 and
calls them a critical risk. Remove the annotation; use the annotation made for the purpose, the controller's
ConfigMap, or a policy attached to a Gateway, and leave `allow-snippet-annotations` off.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/configuration-snippet: |  # finding: raw configuration into ingress-nginx
      more_set_headers "X-Frame-Options: DENY";
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

The controller of NGINX Inc. has snippets too, which is a warning:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.org/server-snippets: |  # finding: NGINX Ingress Controller
      add_header X-Frame-Options DENY;
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/custom-headers: shop/headers
    docs.example.com/code-snippet: "curl https://shop.example.com"
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Does not fire when:

* the annotation is of another domain, whatever its name;
* the Ingress has the class of another controller, which does not read it;
* the snippet is empty.

References:

* ingress-nginx: annotations risk, Critical
* NGINX Ingress Controller: advanced configuration with snippets
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, quoted, rule
from k8snet_lint.kinds import Ingress, IngressController

INGRESS_NGINX = tuple(
    f"nginx.ingress.kubernetes.io/{name}-snippet"
    for name in ("server", "configuration", "auth", "modsecurity", "stream")
)
NGINX = ("nginx.org/server-snippets", "nginx.org/location-snippets")
READERS = (IngressController.INGRESS_NGINX, IngressController.NGINX)


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    since="0.1",
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("CVE-2021-25742",),
)
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        controller = graph.ingress_classes.controller_of(ingress)
        if controller is IngressController.INGRESS_NGINX:
            yield from _snippets(ingress, INGRESS_NGINX, Severity.ERROR)
        if controller in READERS:
            yield from _snippets(ingress, NGINX, Severity.WARNING)


def _snippets(ingress: Ingress, keys: tuple[str, ...], severity: Severity) -> Iterator[Problem]:
    reader = "ingress-nginx" if keys is INGRESS_NGINX else "NGINX Ingress Controller"
    for key in keys:
        annotation = ingress.annotation(key)
        if annotation.text.strip():
            yield Problem(
                at=annotation,
                message=f"{ingress} injects raw configuration into {reader}: {quoted(annotation.text.strip())}",
                help="remove the annotation; use the annotation for the purpose, or the controller's ConfigMap",
                severity=severity,
                at_key=True,
            )
