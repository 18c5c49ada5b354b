"""Object is written in an API version that is deprecated or gone.

The API server no longer knows a version that was removed: applying such a manifest fails, and so does the
upgrade of a chart that holds one. A deprecated version still works, until the release that removes it. Move
to the version that replaces it; `kubectl convert` drafts the change. The cluster's version is what
`kubernetes-version` says in the configuration, or `--kubernetes-version` on the command line.

Bad:

```yaml
apiVersion: networking.k8s.io/v1beta1  # finding: networking.k8s.io/v1beta1, which Kubernetes 1.22 removed
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  backend: {serviceName: web, servicePort: 80}
```

```yaml
apiVersion: extensions/v1beta1  # finding: 1.16
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: shop/web:1}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Does not see: versions of custom resources, whose removal is their projects' affair; and kinds without a bearing
on networking, such as roles and storage classes, which are counted and not read.

References:

* Kubernetes documentation: Deprecated API Migration Guide
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule


@rule(severity=Severity.ERROR, may_give=(Severity.WARNING,), since="0.1", evidence=Evidence.LOCAL)
def check(graph: Graph) -> Iterator[Problem]:
    version, judged = graph.facts.kubernetes_version, None
    for resource in graph.resources:
        fate = resource.retirement
        if fate is None or version < fate.deprecated or resource.node is judged:
            continue
        judged = resource.node
        gone, release = version >= fate.removed, ".".join(map(str, fate.removed))
        verb = "removed" if gone else "removes"
        yield Problem(
            at=resource.node["apiVersion"],
            message=f"{resource} is written in {resource.api_version}, which Kubernetes {release} {verb}",
            help=f"move to {fate.replacement}" if fate.replacement else "delete it; nothing replaces this kind",
            severity=None if gone else Severity.WARNING,
        )
