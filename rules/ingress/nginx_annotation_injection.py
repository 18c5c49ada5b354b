r"""Ingress has NGINX configuration where a plain value belongs.

ingress-nginx writes the values of annotations and paths into its configuration. A value with a line break, a
semicolon or a brace ends the directive that it is meant for and starts another: with that, whoever may write
an Ingress reads the controller's token and every Secret of the cluster (CVE-2021-25746, CVE-2025-1974).
Newer controllers refuse such values, so that the Ingress is without effect there. Write a plain value.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: "http://auth.example.com/#;load_module x;"  # finding: holds '#'
    nginx.ingress.kubernetes.io/auth-realm: "Shop\nalias /var/run/secrets;"  # finding: a line break
    nginx.ingress.kubernetes.io/proxy-body-size: 8m content_by_lua_block  # finding: '_by_lua'
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /etc/passwd  # finding: '/etc/passwd'
        pathType: Exact
        backend: {service: {name: web, port: {number: 80}}}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: "https://auth.example.com/oauth2/auth?rd=$escaped_request_uri"
    nginx.ingress.kubernetes.io/server-alias: "~^www\\d{1,3}\\.example\\.com$"
    nginx.ingress.kubernetes.io/whitelist-source-range: |
      192.0.2.0/24,
      198.51.100.0/24
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Does not fire when:

* the annotation is a snippet, which is raw configuration by intent (`nginx-snippet` speaks of that);
* the value is a list, which may span lines, or a regular expression, which may hold braces;
* the Ingress has the class of another controller, which does not read it.

References:

* ingress-nginx: `internal/ingress/inspector/rules.go` and the annotations' validators
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, quoted, rule
from k8snet_lint.kinds import Ingress, IngressController


@rule(
    severity=Severity.ERROR,
    since="0.1",
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("CVE-2021-25746",),
)
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        if graph.ingress_classes.controller_of(ingress) is IngressController.INGRESS_NGINX:
            for node, field, text in ingress.injections:
                what = "a line break" if text in "\r\n" else quoted(text)
                yield Problem(
                    at=node,
                    message=f"{ingress} has NGINX configuration in a plain value: "
                    f"{field} {quoted(node.text)} holds {what}",
                    help="write a plain value; what needs more belongs into the controller's ConfigMap",
                )
