"""Listener's protocol and its TLS settings contradict each other.

An HTTPS listener needs a certificate to end TLS with, a TLS listener needs `tls` to say what becomes of it, and only
these two have it: the API rejects `tls` on HTTP, TCP and UDP, `Passthrough` on HTTPS, and a host name on TCP and UDP.
Name a Secret under `tls.certificateRefs`, or take out what the protocol does not know. The names of the protocols are
in capitals: a listener for `https` is not accepted (`UnsupportedProtocol`).

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - name: https
    port: 443
    protocol: HTTPS  # finding: has no certificate
  - name: through
    port: 8443
    protocol: HTTPS
    tls: {mode: Passthrough}  # finding: passes TLS through
  - name: http
    port: 80
    protocol: HTTP
    tls: {certificateRefs: [{name: shop-tls}]}  # finding: the protocol HTTP has no TLS
  - name: postgres
    port: 5432
    protocol: TCP
    hostname: db.example.com  # finding: the protocol TCP knows no host names
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop, namespace: infra}
spec:
  gatewayClassName: example
  listeners:
  - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}
  - {name: through, port: 8443, protocol: TLS, tls: {mode: Passthrough}}
  - {name: vendor, port: 9443, protocol: HTTPS, tls: {options: {example.com/certificate: shop}}}
  - {name: http, port: 80, protocol: HTTP}
```

Does not fire when:

* `tls.options` are set: they may say where the certificate comes from;
* the certificate comes from elsewhere: the annotation `networking.gke.io/certmap`, or the Gateway's
  `infrastructure.parametersRef`, as with the AWS Load Balancer Controller;
* `mode` is left out: it is `Terminate`.

References:

* Gateway API: `Listener.tls`, `ListenerTLSConfig`, and the CEL rules of Gateway and ListenerSet
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Node, Problem, Severity, rule
from k8snet_lint.kinds import Listener, ListenerHolder

CERTIFICATE_MAP = "networking.gke.io/certmap"


@rule(severity=Severity.ERROR, since="0.1", supersedes=("crd-validation-violated",))
def check(graph: Graph) -> Iterator[Problem]:
    for holder in graph.select(ListenerHolder):
        gateway = graph.gateways.parent(holder)
        elsewhere = gateway is not None and bool(
            gateway.annotation(CERTIFICATE_MAP) or gateway.spec.at("infrastructure", "parametersRef")
        )
        for listener in holder.listeners:
            for at, what, mend in _flaws(listener, has_certificate=elsewhere):
                instead_of = (holder.spec["listeners"],)
                yield Problem(at=at, message=f"{listener} {what}", help=mend, instead_of=instead_of)


def _flaws(listener: Listener, *, has_certificate: bool) -> Iterator[tuple[Node, str, str]]:
    tls, protocol, written = listener.tls, listener.protocol, listener.node["protocol"]
    if protocol != written.text:
        yield (
            written,
            f"has the protocol '{written.text}', which there is not (UnsupportedProtocol)",
            f"write {protocol}",
        )
    if protocol in ("HTTP", "TCP", "UDP") and tls:
        yield tls, f"has `tls`, and the protocol {protocol} has no TLS", "take out `tls`, or make it HTTPS or TLS"
    if protocol in ("TCP", "UDP") and listener.hostname:
        what = f"has the host name '{listener.hostname}', and the protocol {protocol} knows no host names"
        yield listener.node["hostname"], what, "take out `hostname`; a TLS listener can go by it"
    if protocol == "HTTPS" and listener.tls_mode == "Passthrough":
        yield (
            tls["mode"],
            "passes TLS through, which HTTPS cannot",
            "set protocol: TLS, for TLSRoutes, or mode: Terminate",
        )
    elif protocol == "TLS" and not tls and not has_certificate:
        mend = "set tls.mode: Passthrough, or name a Secret under tls.certificateRefs"
        yield listener.node["protocol"], "has no `tls`, and the protocol TLS needs it", mend
    elif protocol in ("HTTPS", "TLS") and listener.tls_mode == "Terminate" and not has_certificate:
        at = tls if tls.present else listener.node["protocol"]
        if not tls["certificateRefs"] and not tls["options"]:
            yield at, "has no certificate to end TLS with", "name a Secret under tls.certificateRefs"
