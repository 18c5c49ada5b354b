"""Ingress has a path that is rejected, or that matches no request.

The API server wants a `pathType` for every path, and a path that starts with `/`. `Exact` and `Prefix` compare
literally: the characters of a regular expression mean nothing to them, and ingress-nginx (from 1.12 on) refuses such an
Ingress, as odd characters were a way into its configuration; with other controllers it is a warning. For regular
expressions use `ImplementationSpecific` and, with ingress-nginx, the annotation `use-regex`.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: /cart, backend: {service: {name: cart, port: {number: 80}}}}  # finding: no pathType
      - {path: api, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}  # finding: start with '/'
      - {path: /a//b, pathType: Exact, backend: {service: {name: b, port: {number: 80}}}}  # finding: '//'
      - path: /api(/|$)(.*)  # finding: ingress-nginx refuses for a Prefix path
        pathType: Prefix
        backend: {service: {name: api, port: {number: 80}}}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: {nginx.ingress.kubernetes.io/use-regex: "true"}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: /cart, pathType: Prefix, backend: {service: {name: cart, port: {number: 80}}}}
      - {path: /api(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: api, port: {number: 80}}}}
```

Does not fire when:

* the type is `ImplementationSpecific` and the path starts with `/`;
* a key is a slip of `pathType`, such as `pathtype`, of which `field-invalid` tells;
* the version is one before `networking.k8s.io/v1`, which gave a `pathType` to paths without one;
* a ConfigMap switches ingress-nginx' check off (`strict-validate-path-type: "false"`): then only characters of
  regular expressions without `use-regex` are a warning.

References: Kubernetes API server, `validateHTTPIngressPath`; ingress-nginx, ConfigMap, `strict-validate-path-type`.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, did_you_mean, quoted, rule
from k8snet_lint.kinds import Ingress, IngressController, IngressPath

TYPES = ("Exact", "Prefix", "ImplementationSpecific")


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING,),
    supersedes=("field-invalid",),
    since="0.1",
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("CVE-2021-25745",),
)
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        for path in ingress.paths:
            problem = _rejected(ingress, path) or _refused(graph, ingress, path) or _literal(ingress, path)
            if problem is not None:
                yield problem


def _rejected(ingress: Ingress, path: IngressPath) -> Problem | None:
    """What the API server says no to."""
    path_type = path.node["pathType"]
    if not path_type and not path.has_slip_of_type and ingress.api_version == "networking.k8s.io/v1":
        message = f"{ingress} has no pathType for {f'the path {quoted(path.path)}' if path.path else 'a path'}"
        return Problem(path_type, message, "add pathType: Prefix, Exact or ImplementationSpecific")
    if path.has_unknown_type:
        near = did_you_mean(path_type.text, TYPES)
        message = f"{ingress} has the unknown pathType {quoted(str(path_type.value))}{near}"
        return Problem(path_type, message, "write Prefix, Exact or ImplementationSpecific")
    if path.fault:
        message = f"{ingress} has the path {quoted(path.path)}, which the API server rejects: {path.fault}"
        return Problem(path.node["path"], message, "write the path from its leading '/' on, as requests carry it")
    return None


def _refused(graph: Graph, ingress: Ingress, path: IngressPath) -> Problem | None:
    """What the admission webhook of ingress-nginx says no to."""
    classes = graph.ingress_classes
    nginx = classes.controller_of(ingress) is IngressController.INGRESS_NGINX and classes.nginx_validates_paths
    if not nginx or not path.refused:
        return None
    what = f"{quoted(path.refused)} in the path {quoted(path.path)}"
    message = f"{ingress} has {what}, which ingress-nginx refuses for a {path.path_type} path"
    mend = "for a regular expression, use pathType: ImplementationSpecific and the annotation use-regex"
    return Problem(path.node["path"], message, mend)


def _literal(ingress: Ingress, path: IngressPath) -> Problem | None:
    if not path.of_pattern or ingress.uses_regex:
        return None
    what = f"'{path.of_pattern}' in the path {quoted(path.path)}"
    message = f"{ingress} has {what}, but Prefix paths are compared literally"
    mend = "write the literal prefix, or use pathType: ImplementationSpecific if the controller knows patterns"
    return Problem(path.node["path"], message, mend, severity=Severity.WARNING)
