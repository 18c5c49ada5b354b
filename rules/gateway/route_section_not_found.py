"""Route is for a listener that its Gateway does not have.

`sectionName` and `port` of a parent pick some of its listeners. Where none fits both, the route is not accepted
(`NoMatchingParent`) and serves nothing. Name a listener that is there, or leave both out to take all that fit.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs:
  - name: edge
    sectionName: htps  # finding: did you mean 'https'
  - name: edge
    port: 8080  # finding: its listeners are http (80), https (443)
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: edge, sectionName: https}]
  rules: [{backendRefs: [{name: web, port: 80}]}]
```

Does not fire when:

* the parent is not among the scanned files (`route-parent-missing`), or of a kind that only an implementation knows;
* a variable stands for what is asked for, or for the name or port of a listener (`${PORT}`).

A Service as parent, of a mesh, has ports in place of listeners.

References:

* Gateway API: `ParentReference.sectionName`, `ParentReference.port`, reason `NoMatchingParent`
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Resource, Severity, did_you_mean, rule
from k8snet_lint.kinds import Gateway, GatewayRoute, ListenerSet, Service


@rule(severity=Severity.ERROR, since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    for each in graph.attachments.all if graph.select(GatewayRoute) else ():
        parent, target = each.parent, each.target
        if each.accepted != "NoMatchingParent" or target is None or not parent.is_narrowed:
            continue
        names, choices = _choices(target)
        section = parent.section.text
        hint = did_you_mean(section, names) if section and section not in names else ""
        at = parent.node["port"] if section in ("", *names) else parent.section
        what = "port" if isinstance(target, Service) else "listener"
        yield Problem(
            at=at,
            message=f"{each.route} is for {_wanted(what, section, parent.port)}, "
            f"and {target} has none (NoMatchingParent){hint}" + (f"; its {what}s are {choices}" if choices else ""),
            help=f"name a {what} of {target}, or leave sectionName and port out",
            related=((target.name_node, "the parent"),),
        )


def _wanted(what: str, section: str, port: int | None) -> str:
    if section:
        return f"{what} '{section}'" + ("" if port is None else f" of port {port}")
    return f"port {port}" if what == "port" else f"a {what} of port {port}"


def _choices(target: Resource) -> tuple[list[str], str]:
    if isinstance(target, (Gateway, ListenerSet)):
        listed = [f"{each.name} ({each.port})" for each in target.listeners]
        return [each.name for each in target.listeners], ", ".join(listed)
    ports = [f"{port}" for port in target.ports] if isinstance(target, Service) else []
    return [], ", ".join(ports)
