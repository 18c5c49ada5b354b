"""OpenShift Route serves its host without TLS.

A Route without `spec.tls` is served over plain HTTP only, and one with `insecureEdgeTerminationPolicy: Allow` over
plain HTTP as well: passwords and cookies cross the network in the clear, and nothing proves to clients who answers. Set
`tls.termination` to `edge`, `reencrypt` or `passthrough`; where a Route names no certificate, the router's own one is
used. Have requests without TLS redirected.

Bad:

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:  # finding: serves shop.example.com without TLS
  host: shop.example.com
  to: {kind: Service, name: web}
```

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:
  host: shop.example.com
  to: {kind: Service, name: web}
  tls:
    termination: edge
    insecureEdgeTerminationPolicy: Allow  # finding: serves shop.example.com in the clear as well
```

Good:

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:
  host: shop.example.com
  to: {kind: Service, name: web}
  tls: {termination: edge, insecureEdgeTerminationPolicy: Redirect}
```

```yaml
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec:
  host: web.apps.internal
  to: {kind: Service, name: web}
```

Does not fire when:

* the Route has TLS and no policy for requests without: the router serves none of them then;
* its host or its name is a private one (`web.apps.internal`), or an annotation admits certain addresses only;
* it only answers ACME challenges, or a controller wrote it;
* something before the router ends TLS (`cluster.tls-terminated-upstream`).

References:

* OpenShift Route API: `TLSConfig.insecureEdgeTerminationPolicy`
* kube-linter: insecure-route-termination, of which the second example is the one case
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import OpenShiftRoute


@rule(severity=Severity.WARNING, since="0.1", presets=(Preset.RECOMMENDED, Preset.SECURITY))
def check(graph: Graph) -> Iterator[Problem]:
    for route in () if graph.facts.tls_terminated_upstream else graph.select(OpenShiftRoute):
        if not route.spec or route.is_generated or route.is_acme_solver or not graph.publicity.is_public(route):
            continue
        host = route.spec["host"].text or "its host"
        if not route.tls:
            message, remedy = f"{route} serves {host} without TLS", "add spec.tls with termination: edge"
            yield Problem(at=route.tls, message=message, help=f"{remedy}, and redirect requests without TLS")
        elif route.insecure_policy.text == "Allow":
            yield Problem(
                at=route.insecure_policy,
                message=f"{route} serves {host} in the clear as well",
                help="set insecureEdgeTerminationPolicy to Redirect",
            )
