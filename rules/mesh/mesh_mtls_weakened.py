"""Mesh traffic goes without mutual TLS, or to a server that nobody verifies.

With `PERMISSIVE` or `DISABLE` a workload takes plain text from anybody, so that identities say nothing and
authorization by them can be walked around. A DestinationRule with TLS `DISABLE` sends plain text; one with
`SIMPLE` or `MUTUAL` and no `caCertificates` knows no authority for an in-cluster host: up to Istio 1.20 it accepts
whatever certificate the host shows, later it knows the public authorities, who vouch for no such name. Ports that
Linkerd's proxy skips are neither encrypted nor authorized. Use `STRICT` and `ISTIO_MUTUAL`, and make exceptions for
single ports.

Bad:

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: PERMISSIVE}  # finding: takes plain text
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db, namespace: shop}
spec:
  host: db
  trafficPolicy: {tls: {mode: DISABLE}}  # finding: sends plain text to host 'db'
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: vault, namespace: shop}
spec:
  host: vault.vault.svc.cluster.local
  trafficPolicy:
    portLevelSettings:
    - port: {number: 8200}
      tls: {mode: SIMPLE}  # finding: names no authority for host 'vault.vault.svc.cluster.local' on port 8200
```

```yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    config.linkerd.io/skip-inbound-ports: "8080"  # finding: Linkerd leaves port 8080 alone
spec: {containers: [{name: web, image: web}]}
```

Good:

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  mtls: {mode: STRICT}
  portLevelMtls:
    "8081": {mode: PERMISSIVE}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: web, readinessProbe: {httpGet: {path: /ready, port: 8081}}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db, namespace: shop}
spec:
  host: db
  trafficPolicy: {tls: {mode: SIMPLE, caCertificates: /etc/certs/db.pem}}
```

Does not fire when:

* an exception is for a port of a probe, of metrics or of a webhook, whose callers are in no mesh;
* an exception is for one port of pods that are not among the scanned files: then it is a note;
* the host is outside the cluster, where the public authorities count, or its pods are known to be in no mesh.

References:

* Istio: `PeerAuthentication.mtls`, `ClientTLSSettings`; Linkerd: `config.linkerd.io/skip-inbound-ports`
* istioctl analyze: IST0128, IST0129; Kyverno: enforce-strict-mtls
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule

STRICT = "set spec.mtls.mode to STRICT, with portLevelMtls for the ports that are called from outside the mesh"
EXCEPTION = "set the port's mode to STRICT, or leave it out, unless its callers are in no mesh"
OPAQUE = "let the proxy have the ports; mark those whose server speaks first as opaque-ports instead"
LAXITIES = {
    "plain": ("sends plain text to", "use ISTIO_MUTUAL, or leave the settings out"),
    "unverified": ("does not verify", "leave out insecureSkipVerify, and name the authority's file in caCertificates"),
    "unvouched": ("names no authority for", "name the authority's file in caCertificates"),
}


@rule(severity=Severity.WARNING, may_give=(Severity.NOTE,), since="0.1", presets=(Preset.RECOMMENDED, Preset.SECURITY))
def check(graph: Graph) -> Iterator[Problem]:
    if graph.mesh is None:
        return
    tls = graph.mesh.tls
    for policy in tls.lenient:
        yield Problem(policy.mode, f"{policy} takes plain text: its mTLS mode is {policy.mode.text}", STRICT)
    for policy, port, mode, known in tls.lenient_ports:
        message = f"{policy} takes plain text on port {port}: its mTLS mode is {mode.text}"
        yield Problem(mode, message, EXCEPTION, severity=Severity.WARNING if known else Severity.NOTE)
    for given, each, laxity in tls.lax_clients:
        does, remedy = LAXITIES[laxity.value]
        message = f"{given} {does} host '{given.host.text}'{each.where}: mode is {each.mode.text}"
        yield Problem(each.mode, message, remedy)
    for resource, node, ports in tls.skipped:
        message = f"{resource}: Linkerd leaves port {ports} alone, which is then neither encrypted nor authorized"
        yield Problem(node, message, OPAQUE)
