"""Two mesh objects claim the same host or listener, so that one of them is ignored.

Sidecars follow one VirtualService for a host: which of two it is depends on their age, not on their
content. Likewise a proxy has one listener for a port: two Gateways that select it with different
protocols, or with the same TLS host, cannot both be served, and istiod drops the later one. Merge the
two into one object, or give them hosts or ports of their own.

Bad:

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http: [{route: [{destination: {host: web}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web-canary, namespace: shop}
spec:
  hosts:
  - web.shop.svc.cluster.local  # finding: and VirtualService/shop/web both route host
  http: [{route: [{destination: {host: web-canary}}]}]
```

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [example.com], tls: {credentialName: a}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: blog, namespace: blog}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}  # finding: Gateway/shop/shop serves 'example.com' there
    hosts: [example.com]
    tls: {credentialName: b}
```

Good:

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web, example.com]
  gateways: [mesh, shop]
  http: [{route: [{destination: {host: web}}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: blog, namespace: shop}
spec:
  hosts: [example.com]
  gateways: [shop]
  http: [{match: [{uri: {prefix: /blog}}], route: [{destination: {host: blog}}]}]
```

Does not fire when:

* both are bound to Gateways alone, where istiod merges the routes of one host;
* `exportTo` shows them to different namespaces;
* plain HTTP servers of two Gateways share a port and a host, which istiod merges too;
* their files are alternatives: both also hold another object, each differently.

It is a note where the two are in different files and set no namespace, so that they may be examples of which one is
applied at a time.

References:

* Istio: `VirtualService.hosts`, `exportTo`, `Gateway.servers`
* istioctl analyze: IST0109, IST0145; Kiali: KIA1106, KIA0301
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE,), since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    if graph.mesh is None:
        return
    conflicts = graph.mesh.conflicts
    for at, source, first in conflicts.same_host:
        yield Problem(
            at=at,
            message=f"{source} and {first} both route host '{at.text}': sidecars follow only one of them",
            help=f"merge the two, or show them to different namespaces with exportTo: {first} and {source}",
            related=((first.name_node, f"{first} is here"),),
            severity=Severity.ERROR if conflicts.go_together(source, first) else Severity.NOTE,
        )
    for server, other, host in conflicts.same_listener:
        does = f"serves '{host}' there" if host else f"has {other} there"
        yield Problem(
            at=server.node["port"],
            message=f"{server.gateway} listens with {server}, but {other.gateway} {does} for the same pods",
            help="give one of them another host or port" if host else "use one protocol for the port, or another port",
            related=((other.node["port"], f"{other.gateway} listens here"),),
            severity=Severity.ERROR if conflicts.go_together(server.gateway, other.gateway) else Severity.NOTE,
        )
