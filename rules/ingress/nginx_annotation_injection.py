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

A class that an IngressClass gives to ingress-nginx is as good as its usual name:

```yaml
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: public}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-tls-match-cn: "CN=shop #(\n){}\n}"  # finding
spec:
  ingressClassName: public
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

import re
from collections.abc import Iterator

from k8snet_lint import Graph, Node, Preset, Problem, Severity, quoted, rule
from k8snet_lint.kinds import Ingress, IngressController

PREFIX = "nginx.ingress.kubernetes.io/"
LISTS = ("-source-range", "-list", "cors-", "custom-http-errors", "server-alias", "-headers", "whitelist", "denylist")
PLAIN = frozenset(
    {
        "app-root",
        "auth-signin",
        "auth-signin-redirect-param",
        "auth-tls-error-page",
        "auth-tls-match-cn",
        "auth-url",
        "mirror-host",
        "mirror-target",
        "permanent-redirect",
        "proxy-redirect-from",
        "proxy-redirect-to",
        "proxy-ssl-name",
        "rewrite-target",
        "session-cookie-domain",
        "session-cookie-path",
        "temporal-redirect",
        "upstream-vhost",
        "x-forwarded-prefix",
    }
)
"""URLs, paths and names: fields in which the controller accepts none of NGINX' punctuation."""

VARIABLE = re.compile(r"\$\{\w+\}")
PUNCTUATION = re.compile(r"[;{}#]")
LINE_BREAK = re.compile(r"[\r\n]")
DIRECTIVE = re.compile(
    r"_by_lua|\b(?:alias|root)\s[^;]{0,200};|(?<![\w/.-])/etc/[\w./-]*|/var/run/secrets[\w./-]*", re.IGNORECASE
)


@rule(
    severity=Severity.ERROR,
    since="0.1",
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("CVE-2021-25746",),
)
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        if graph.ingress_classes.controller_of(ingress) is IngressController.INGRESS_NGINX:
            for key, annotation in ingress.metadata["annotations"].items():
                if key.startswith(PREFIX) and not key.endswith("-snippet"):
                    yield from _in_annotation(ingress, key.removeprefix(PREFIX), annotation)
            for path in ingress.paths:
                found = LINE_BREAK.search(path.path) or DIRECTIVE.search(path.path)
                if found:
                    yield _problem(ingress, path.node["path"], "path", found)


def _in_annotation(ingress: Ingress, field: str, annotation: Node) -> Iterator[Problem]:
    value = annotation.text.strip()
    found = None
    if not any(part in field for part in LISTS):
        found = LINE_BREAK.search(value)
    if field in PLAIN:
        found = PUNCTUATION.search(VARIABLE.sub("", value)) or found
    found = found or DIRECTIVE.search(value)
    if found:
        yield _problem(ingress, annotation, field, found)


def _problem(ingress: Ingress, at: Node, field: str, found: re.Match[str]) -> Problem:
    what = "a line break" if LINE_BREAK.match(found[0]) else quoted(found[0])
    return Problem(
        at=at,
        message=f"{ingress} has NGINX configuration in a plain value: {field} {quoted(at.text)} holds {what}",
        help="write a plain value; what needs more belongs into the controller's ConfigMap",
    )
