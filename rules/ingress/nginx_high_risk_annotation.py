"""Ingress uses an annotation that ingress-nginx calls a high risk.

ingress-nginx writes the values of these annotations into its configuration where more than the Ingress's own path is
at stake: they send requests, or copies of them, to other hosts, answer for other hosts, or run expressions. Several
have been a way to the controller's Secrets (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514). Where anyone may write an
Ingress, take them away and set `annotations-risk-level: Medium` in the controller's ConfigMap, which rejects them.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/mirror-target: https://audit.example.com$request_uri  # finding: mirror-target
    nginx.ingress.kubernetes.io/server-alias: www.example.com  # finding: server-alias
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

The usual way to an external login, and a hash of nothing but variables (`upstream-hash-by: $request_uri`), are told
only by the preset `strict`, or where the rule is selected:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: https://auth.example.com/oauth2/auth  # finding: auth-url
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
  annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: "30"}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Does not fire when:

* `accepted-risk` is `High` or `Critical`
* the Ingress has the class of another controller, which does not read the annotation

References: ingress-nginx: annotations risk, High.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, quoted, rule
from k8snet_lint.kinds import Ingress, IngressController
from k8snet_lint.record import NamedTuple

PREFIX = "nginx.ingress.kubernetes.io/"
RISKS = {
    "server-alias": "answers for other hosts",
    "auth-tls-error-page": "redirects to a page of its choice",
    "auth-tls-match-cn": "is an expression over client certificates",
    "mirror-host": "sets the host that copies of requests are sent to",
    "mirror-target": "sends copies of requests to another host",
    "modsecurity-transaction-id": "is an expression",
    "proxy-ssl-name": "sets whom the backend's certificate is to name",
    "upstream-hash-by": "is an expression",
}
LOGINS = {"auth-url": "has another host decide on requests", "auth-signin": "redirects to another host"}
WHYS = RISKS | LOGINS
ACCEPTING = ("High", "Critical")
HASH = "upstream-hash-by"


class Options(NamedTuple):
    """`accepted_risk` is the level that the cluster accepts: `Medium`, `High` or `Critical`."""

    accepted_risk: str = "Medium"


@rule(
    severity=Severity.WARNING,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
    options=Options,
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for ingress in graph.select(Ingress) if options.accepted_risk not in ACCEPTING else ():
        if graph.ingress_classes.controller_of(ingress) is IngressController.INGRESS_NGINX:
            for key, why in WHYS.items():
                if ingress.annotations.get(PREFIX + key, "").strip():
                    annotation = ingress.annotation(PREFIX + key)
                    yield Problem(
                        at=annotation,
                        message=f"{ingress} uses an annotation of high risk: {key} {why}: {quoted(annotation.text)}",
                        help="remove the annotation, or accept it with a reason",
                        at_key=True,
                        pedantic=key in LOGINS or (key == HASH and _is_variable(annotation.text)),
                    )


def _is_variable(text: str) -> bool:
    """Whether a text is made of variables alone: `$host$request_uri`."""
    names = text.strip().replace("${", "$").replace("}", "").split("$")
    return not names[0] and all(name.isidentifier() for name in names[1:])
