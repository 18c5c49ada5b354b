"""TLS settings permit what has been broken.

TLS 1.0 and 1.1 are retired (RFC 8996), and ciphers such as RC4 and 3DES can be read with some patience; whoever stands
between client and server can have them use the weakest that both permit. Permit TLS 1.2 and 1.3 only, and leave the
ciphers to the controller, whose defaults are sound.

Bad:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
data:
  ssl-protocols: TLSv1 TLSv1.1 TLSv1.2  # finding: permits TLSv1
  ssl-ciphers: ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA:!aNULL  # finding: DES-CBC3-SHA
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-2016-08  # finding: ELBSecurityPolicy-2016-08
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
    - hosts: [shop.example.com]
      port: {number: 443, name: https, protocol: HTTPS}
      tls:
        mode: SIMPLE
        credentialName: shop-tls
        minProtocolVersion: TLSV1_0  # finding: TLSV1_0
```

Good:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
data:
  ssl-protocols: TLSv1.2 TLSv1.3
  ssl-ciphers: HIGH:!aNULL:!MD5:!3DES
---
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: default, namespace: shop}
spec: {minVersion: VersionTLS12}
```

It knows the settings of ingress-nginx and NGINX (ConfigMap, annotations, options of a Gateway's listener), AWS
(`ssl-policy`, `aws-load-balancer-ssl-negotiation-policy`, IngressClassParams, LoadBalancerConfiguration), Istio's
Gateway, Traefik's TLSOption, Contour, Envoy Gateway's ClientTrafficPolicy, Emissary's TLSContext, OpenShift's
IngressController, and the ComputeSSLPolicy of Config Connector.

Does not fire when:

* nothing is written, so that the controller's default counts
* a cipher is taken off the list (`!RC4`)

Does not see: policies that are named but live in the cloud, such as the `sslPolicy` of a GKE FrontendConfig.

References: RFC 8996; RFC 7465; AWS: security policies for load balancers.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Resource, Severity, quoted, rule


@rule(severity=Severity.WARNING, presets=(Preset.RECOMMENDED, Preset.SECURITY), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for resource in graph.select(Resource):
        for weak in resource.weak_tls:
            within = "" if weak.what == weak.node.text else f" in {quoted(weak.node.text)}"
            yield Problem(
                at=weak.node,
                message=f"{resource} permits {weak.what}{within}, which is broken",
                help=weak.remedy,
            )
