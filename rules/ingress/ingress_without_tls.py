"""Ingress serves its hosts without TLS.

Whatever clients send to such a host, passwords and session cookies among it, crosses the network in
the clear, and nothing proves to them who answers. Add `spec.tls` with a Secret that holds a certificate
for each host; cert-manager makes one where the Ingress names an issuer. Where something in front of the
controller terminates TLS, tell it to the configuration once (`cluster.tls-terminated-upstream`, or
`cluster.internal-ingress-classes` for classes that the Internet does not reach).

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:  # finding: serves shop.example.com without TLS
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
```

An empty list is no TLS either:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: []  # finding: its list of TLS entries is empty
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  tls: [{hosts: [shop.example.com], secretName: shop-tls}]
  rules:
  - host: shop.example.com
    http:
      paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]
```

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations: {networking.gke.io/managed-certificates: shop-certificate}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

Does not fire when:

* an annotation says that the controller serves TLS: certificates of GKE, an AWS load balancer (or another Ingress
  of its `group.name`, or the class by its IngressClassParams) or Application Gateway, Traefik's `router.tls`, Kong's
  `protocols: https`, `ssl-passthrough`, an OpenShift `termination`;
* the class is one that always brings TLS: Azure Application Gateway, Cloudflare Tunnel, Tailscale, ngrok;
* another Ingress of the same class has TLS for every one of its hosts and the controller serves a host by one
  server, as ingress-nginx does: a canary beside its main Ingress, or paths split over several Ingresses;
* it only answers ACME challenges, or all its hosts stay on the client's machine (`localhost`, `localtest.me`);
* the load balancer is internal: GKE's class `gce-internal`, or `alb.ingress.kubernetes.io/scheme: internal`;
* the configuration says that TLS is terminated upstream, or that the class is internal.

References:

* Kubernetes documentation: Ingress, TLS
* Kubescape C-0263
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Ingress


@rule(
    severity=Severity.WARNING,
    since="0.1",
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("SOC2 CC6.1", "SOC2 CC6.6", "SOC2 CC6.7"),
)
def check(graph: Graph) -> Iterator[Problem]:
    for ingress in graph.select(Ingress):
        if ingress.tls or not _serves(ingress) or _is_covered(graph, ingress):
            continue
        why = "; its list of TLS entries is empty" if ingress.spec["tls"].is_list else ""
        yield Problem(
            at=ingress.spec["tls"],
            message=f"{ingress} serves {_hosts(ingress)} without TLS{why}",
            help="add spec.tls with a Secret for each host, or record where TLS ends (cluster.tls-terminated-upstream)",
        )


def _serves(ingress: Ingress) -> bool:
    return bool(ingress.spec["rules"] or ingress.default_backend) and not ingress.is_acme_solver


def _is_covered(graph: Graph, ingress: Ingress) -> bool:
    tls = graph.ingress_tls
    if graph.ingress_classes.is_internal(ingress) or tls.is_told(ingress) or ingress.is_for_loopback:
        return True
    return bool(ingress.hosts) and all(tls.is_served_by_another(ingress, host.text) for host in ingress.hosts)


def _hosts(ingress: Ingress) -> str:
    hosts = list(dict.fromkeys(host.text for host in ingress.hosts))
    if not hosts or not all(hosts):
        return "every host"
    return ", ".join(hosts) if len(hosts) < 4 else f"{', '.join(hosts[:2])} and {len(hosts) - 2} more hosts"
