"""Mesh route leads to a host, subset or port that the mesh does not know.

Envoy gets no cluster for such a destination, so that requests end in 503. A name without a dot is a Service
of the object's own namespace: another namespace's is written in full, `web.shop.svc.cluster.local`, and a
host outside the cluster needs a ServiceEntry. Subsets come from a DestinationRule of the same host, and
their labels have to be carried by pods of the Service.

Bad:

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - route: [{destination: {host: storefront}}]  # finding: no Service shop/storefront
  - route: [{destination: {host: web, port: {number: 8080}}}]  # finding: has no port 8080
  - route: [{destination: {host: web, subset: v3}}]  # finding: no DestinationRule defines subset 'v3'
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec:
  host: web
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}  # finding: no pods of the host have version=v2
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, version: v1}}
spec: {containers: [{name: web, image: web}]}
```

Good:

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web, payments.example.com]
  http:
  - route: [{destination: {host: web}}]
    mirror: {host: web.shop.svc.cluster.local}
  tls:
  - match: [{sniHosts: [payments.example.com]}]
    route: [{destination: {host: payments.example.com}}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments, namespace: shop}
spec: {hosts: ["*.example.com"], ports: [{number: 443, name: tls, protocol: TLS}], resolution: NONE}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}, {name: http-metrics, port: 9090}]}
```

Does not fire when:

* an operator makes the Service, `assume.services` names it, or the host is another cluster's (`.global`,
  `.clusterset.local`);
* a host of several ports is named without one by its own VirtualService for sidecars alone: they keep the port;
* a subset is chosen by the labels of nodes (`topology.kubernetes.io/…`), or only controllers know its labels.

References:

* Istio: `Destination`, `DestinationRule.subsets`, `ServiceEntry.hosts`, `exportTo`
* istioctl analyze: IST0101, IST0112 and the check of subsets without pods; Kiali: KIA1101, KIA1107, KIA0202
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, listed, rule


@rule(severity=Severity.WARNING, may_give=(Severity.ERROR,), since="0.1", evidence=Evidence.ABSENCE)
def check(graph: Graph) -> Iterator[Problem]:
    if graph.mesh is None:
        return
    found = graph.mesh.destinations
    for missing in found.unknown_hosts:
        yield Problem(
            at=missing.at,
            message=f"{missing.source} names a host that the mesh does not know: no {missing.kind} {missing.wanted}",
            help=f"name an existing host, in full where it is elsewhere, or create {missing.kind} {missing.wanted}",
            absence=missing.absence,
        )
    for source, at, target in found.hidden_hosts:
        yield Problem(
            at=at,
            message=f"{source} names '{at.text}', but {target} is not exported to its namespace",
            help=f"add the namespace to exportTo of {target}",
            related=((target.name_node, f"{target} is here"),),
        )
    for missing in found.unknown_subsets:
        message = f"no DestinationRule defines subset {missing.wanted}, named by {missing.source}"
        yield Problem(missing.at, message, "define the subset in the host's DestinationRule", absence=missing.absence)
    for missing in found.empty_subsets:
        message = f"subset of {missing.source} is empty: no pods of the host have {missing.wanted}"
        yield Problem(missing.at, message, "use labels that pods of the host carry", absence=missing.absence)
    for service, each, offered in found.unknown_ports:
        message = f"host '{each.host.text}' has no port {each.port.value}, which {service} routes to"
        yield Problem(each.port, message, f"use {listed(offered)}")
    for service, each, offered in found.ambiguous_ports:
        message = f"{service} names no port of host '{each.host.text}', which has {listed(offered)}"
        yield Problem(each.host, message, "name one of them in destination.port.number")
