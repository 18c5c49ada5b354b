"""Object is written in an API version that is deprecated, gone, or never was.

The API server no longer knows a version that was removed: applying such a manifest fails, and so does the
upgrade of a chart that holds one. A deprecated version still works, until the release that removes it. Move
to the version that replaces it; `kubectl convert` drafts the change. The cluster's version is what
`kubernetes-version` says in the configuration, or `--kubernetes-version` on the command line.

A kind that is looked for in the wrong group or version is refused too (`no matches for kind`). A policy that is written
so protects nothing, and no other rule can judge it.

Bad:

```yaml
apiVersion: networking.k8s.io/v1beta1  # finding: networking.k8s.io/v1beta1, which Kubernetes 1.22 removed
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  backend: {serviceName: web, servicePort: 80}
```

```yaml
apiVersion: v1  # finding: which is no API of that kind; did you mean 'networking.k8s.io/v1'?
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
```

A warning, as the versions of Gateway API are installed apart from the cluster's:

```yaml
apiVersion: gateway.networking.k8s.io/v1alpha2  # finding: which Gateway API 1.2 removed
kind: ReferenceGrant
metadata: {name: routes, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge}]
  to: [{group: "", kind: Service}]
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Does not see: versions of other custom resources, whose removal is their projects' affair; and kinds without a bearing
on networking, such as roles and storage classes, which are counted and not read.

References:

* Kubernetes documentation: Deprecated API Migration Guide
* Gateway API: release notes of 1.0, 1.2, 1.5 and 1.6
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint import Resource


@rule(severity=Severity.ERROR, may_give=(Severity.WARNING,), since="0.1", evidence=Evidence.LOCAL)
def check(graph: Graph) -> Iterator[Problem]:
    judged = None
    for resource in graph.resources:
        problem = _retired(resource, graph.facts.kubernetes_version) or _misspelt(resource)
        if problem is not None and resource.node is not judged:
            judged = resource.node
            yield problem


def _retired(resource: Resource, version: tuple[int, int]) -> Problem | None:
    fate = resource.retirement
    if fate is None:
        return None
    is_ours = fate.project == "Kubernetes"
    if is_ours and version < fate.deprecated:
        return None
    gone, release = not is_ours or version >= fate.removed, ".".join(map(str, fate.removed))
    verb = "removed" if gone else "removes"
    return Problem(
        at=resource.node["apiVersion"],
        message=f"{resource} is written in {resource.api_version}, which {fate.project} {release} {verb}",
        help=_move(fate.replacement, fate.renamed) if fate.replacement else "delete it; nothing replaces this kind",
        severity=None if gone and is_ours else Severity.WARNING,
    )


def _move(replacement: str, renamed: str) -> str:
    return f"move to {replacement}; {renamed}" if renamed else f"move to {replacement}"


def _misspelt(resource: Resource) -> Problem | None:
    right = resource.right_spelling
    if right is None:
        return None
    api_version, kind = right
    if kind != resource.kind:
        message = f"{resource} is of the kind '{resource.kind}', which no API has; did you mean '{kind}'?"
        return Problem(
            at=resource.node["kind"], message=message, help=f"write kind: {kind} and apiVersion: {api_version}"
        )
    return Problem(
        at=resource.node["apiVersion"],
        message=f"{resource} is written in {resource.api_version}, which is no API of that kind; "
        f"did you mean '{api_version}'?",
        help=f"write apiVersion: {api_version}",
    )
