"""VirtualService is bound to no Gateway that would use it.

A VirtualService only has an effect at the Gateways that it names: where such a Gateway does not exist, or
serves none of its hosts to its namespace, its routes are configured nowhere and requests end in 404. Name
the Gateway with its namespace (`istio-ingress/public`) where it is in another one, and make `hosts` fit one
of the `servers` of the Gateway. A Gateway itself is for the proxies whose pods carry the labels of its `selector`.

Bad:

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: storefront, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*.example.com"], tls: {mode: PASSTHROUGH}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.example.com]
  gateways: [storefornt]  # finding: names Gateway shop/storefornt, which is not there
  http: [{route: [{destination: {host: web}}]}]
```

A host that the Gateway does not serve:

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-ingress}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop/shop.example.com]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.example.com]
  gateways: [istio-ingress/public]  # finding: serves none of its hosts
  http: [{route: [{destination: {host: web}}]}]
```

Good:

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-ingress}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com"]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web.example.com]
  gateways: [istio-ingress/public, mesh]
  http: [{route: [{destination: {host: web}}]}]
```

Does not fire when:

* the gateway is the reserved `mesh`, or none is named, so that sidecars follow it;
* the name is that of a Gateway of the Gateway API, which istiod accepts too;
* one host of several fits: the others may be for another Gateway of the list;
* a name or a host is still to be filled in, such as `$(gateway)`.

References:

* Istio: `VirtualService.gateways`, `VirtualService.hosts`, `Gateway.servers.hosts`
* istioctl analyze: IST0101, IST0132 and the reference to an internal gateway; Kiali: KIA1102
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, listed, quoted, rule


@rule(severity=Severity.WARNING, may_give=(Severity.ERROR,), since="0.1", evidence=Evidence.ABSENCE)
def check(graph: Graph) -> Iterator[Problem]:
    if graph.mesh is None:
        return
    gateways = graph.mesh.gateways
    for missing in gateways.missing:
        yield Problem(
            at=missing.at,
            message=f"{missing.source} names Gateway {missing.wanted}, which is not there",
            help=f"create Gateway {missing.wanted}, or name an existing one as <namespace>/<name>",
            absence=missing.absence,
        )
    for missing in gateways.selecting_nothing:
        message = f"{missing.source} is for no proxy: no pods have {missing.wanted}"
        yield Problem(missing.at, message, "use labels that the pods of the proxy carry", absence=missing.absence)
    for service, at in gateways.internal:
        yield Problem(
            at=at,
            message=f"{service} names '{at.text}', which istiod generates for itself and may rename",
            help="name the Gateway that is written, or route with an HTTPRoute of the Gateway API",
        )
    for each in gateways.unserved:
        hosts = listed(quoted(host.text) for host in each.source.hosts)
        served = listed(map(quoted, each.served)) if each.served else "no host of this namespace"
        yield Problem(
            at=each.at,
            message=f"{each.gateway} serves none of its hosts: {each.source} is for {hosts}, the Gateway for {served}",
            help=f"use a host that {each.gateway} serves, or add one of these to its servers",
            related=((each.gateway.name_node, f"{each.gateway} is here"),),
        )
