"""BackendTLSPolicy has no effect, or breaks its backend.

The policy has Gateways speak TLS to a Service, and says by which authority and host name to check its certificate. One
whose Service or `sectionName` does not exist does nothing; one without a usable authority makes every request fail; of
two for the same port one is not accepted (`Conflicted`). Name a Service and port that are there, and either a ConfigMap
with `ca.crt` or `wellKnownCACertificates: System`.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: login, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: login, sectionName: htps}]  # finding: has no port named 'htps'
  validation:
    hostname: login.shop.example.com
    caCertificateRefs: [{group: "", kind: ConfigMap, name: authority}]  # finding: has no key 'ca.crt'
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: shop}
spec: {selector: {app: login}, ports: [{name: https, port: 443}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: authority, namespace: shop}
data: {tls.crt: certificate}
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: login, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: login, sectionName: https}]
  validation: {hostname: login.shop.example.com, wellKnownCACertificates: System}
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: shop}
spec: {selector: {app: login}, ports: [{name: https, port: 443}]}
```

Does not fire when:

* the target or the authority is of a kind that only an implementation knows;
* the ConfigMap is made by something else, such as trust-manager, or `assume.config-maps` names it.

A missing Service or ConfigMap is a note where the files hold nothing of that kind in the namespace. So is a route to a
Service's port for HTTPS without any policy, as the Gateway then speaks plain HTTP to it.

References: Gateway API, `BackendTLSPolicySpec`, reasons `Conflicted`, `InvalidCACertificateRef`; GEP-1897.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from k8snet_lint import Evidence, Graph, Problem, Relation, Severity, Unresolved, did_you_mean, rule
from k8snet_lint.kinds import BackendTLSPolicy, ConfigMap

MOST_RELATED = 3


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.NOTE, Severity.WARNING),
    since="0.1",
    evidence=Evidence.ABSENCE,
    supersedes=("crd-validation-violated",),
)
def check(graph: Graph) -> Iterator[Problem]:
    wanted = (graph.unresolved(each, BackendTLSPolicy) for each in (Relation.SELECTS, Relation.REFERS_TO))
    for missing, *others in Unresolved.alike(chain.from_iterable(wanted)):
        yield Problem(
            at=missing.at,
            message=f"{missing.source} names what is not there: no {missing.kind} {missing.wanted}",
            help=f"name a {missing.kind} of the policy's namespace that exists",
            related=tuple((other.at, f"{other.source} names it too") for other in others[:MOST_RELATED]),
            severity=Severity.WARNING,
            absence=missing.absence,
        )
    for policy in graph.select(BackendTLSPolicy):
        yield from _authority(graph, policy)
    for policy, target, section, names in graph.backend_tls.unknown_ports:
        lacks = f"it has no port named '{section.text}'{did_you_mean(section.text, names)}"
        mend = "name a port of the Service, or leave sectionName out for all of them"
        yield Problem(section, f"{policy} is for a port that {target} lacks: {lacks}", mend)
    for policy, target, port, earlier in graph.backend_tls.conflicts:
        yield Problem(
            at=target.node,
            message=f"{policy} is for {target}{port and ' port ' + port}, as {earlier} is (Conflicted)",
            help="keep one of the two policies",
            related=((earlier.name_node, "the other one"),),
        )
    for route, backend, service, served in graph.backend_tls.plain_backends:
        yield Problem(
            at=backend.node["port"],
            message=f"{route} leads to port {served} of {service}, which is for HTTPS, and no BackendTLSPolicy says so",
            help="add a BackendTLSPolicy for the Service, unless the Gateway is to speak plain HTTP to it",
            related=((served.node, "the Service's port"),),
            severity=Severity.NOTE,
        )


def _authority(graph: Graph, policy: BackendTLSPolicy) -> Iterator[Problem]:
    if policy.validation and bool(policy.authorities) == bool(policy.well_known):
        what = "both caCertificateRefs and" if policy.authorities else "neither caCertificateRefs nor"
        message = f"{policy} has {what} wellKnownCACertificates"
        yield Problem(policy.validation, message, "set exactly one of the two")
    for edge in graph.targets(policy, Relation.REFERS_TO):
        if isinstance(edge.target, ConfigMap) and edge.target.data and not edge.target.data["ca.crt"].present:
            message = f"{policy} takes its authority from {edge.target}, which has no key 'ca.crt'"
            yield Problem(edge.at, message, "add the key `ca.crt`")
