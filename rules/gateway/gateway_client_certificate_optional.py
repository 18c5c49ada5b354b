"""Gateway asks clients for certificates, and admits those without.

With `validation.mode: AllowInsecureFallback`, connections without a certificate, or with one that no named authority
signed, are taken all the same: only a backend that checks for itself keeps anyone out. Leave the mode out, so that such
connections are refused.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  tls:
    frontend:
      default:
        validation:
          caCertificateRefs: [{group: "", kind: ConfigMap, name: partners}]
          mode: AllowInsecureFallback  # finding: admits clients without a valid certificate
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  tls:
    frontend:
      default:
        validation:
          caCertificateRefs: [{group: "", kind: ConfigMap, name: partners}]
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}
```

References:

* Gateway API: `FrontendTLSValidation.mode`, GEP-91
* Polaris: gatewayInsecureFrontendValidation
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Gateway


@rule(severity=Severity.WARNING, since="0.1", presets=(Preset.RECOMMENDED, Preset.SECURITY))
def check(graph: Graph) -> Iterator[Problem]:
    for gateway in graph.select(Gateway):
        for setting in gateway.frontend_tls:
            mode = setting.at("validation", "mode")
            if mode.text == "AllowInsecureFallback":
                yield Problem(
                    at=mode,
                    message=f"{gateway} admits clients without a valid certificate",
                    help="leave the mode out, so that connections without a valid certificate are refused",
                )
