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
  targetRefs:
  - group: ""
    kind: Service
    name: login
    sectionName: htps  # finding: has no port named 'htps'
  validation:
    hostname: login.shop.example.com
    caCertificateRefs:
    - group: ""
      kind: ConfigMap
      name: authority  # finding: has no key 'ca.crt'
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

References:

* Gateway API: `BackendTLSPolicySpec`, reasons `Conflicted`, `InvalidCACertificateRef`; GEP-1897
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Node, Problem, Relation, Severity, Unresolved, did_you_mean, rule
from k8snet_lint.kinds import BackendTLSPolicy, ConfigMap, Service

MOST_RELATED = 3


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE, Severity.WARNING), since="0.1", evidence=Evidence.ABSENCE)
def check(graph: Graph) -> Iterator[Problem]:
    wanted: dict[tuple[object, ...], list[Unresolved]] = {}
    for relation in (Relation.SELECTS, Relation.REFERS_TO):
        for missing in graph.unresolved(relation, BackendTLSPolicy):
            sure = missing.covered or missing.near
            wanted.setdefault((missing.kind, missing.wanted, id(missing) if sure else None), []).append(missing)
    for missing, *others in wanted.values():
        yield Problem(
            at=missing.at,
            message=f"{missing.source} names what is not there: no {missing.kind} {missing.wanted}",
            help=f"name a {missing.kind} of the policy's namespace that exists",
            related=tuple((other.at, f"{other.source} names it too") for other in others[:MOST_RELATED]),
            severity=Severity.WARNING,
            absence=missing.absence,
        )
    first: dict[tuple[str, str, str], BackendTLSPolicy] = {}
    for policy in graph.select(BackendTLSPolicy):
        yield from (Problem(at, f"{policy} {what}", mend) for at, what, mend in _flaws(graph, policy))
        for target in policy.targets:
            section = target.node["sectionName"].text
            earlier = first.setdefault((str(target), target.group, section), policy)
            if earlier.name != policy.name and not graph.are_alternatives(earlier, policy):
                yield Problem(
                    at=target.node,
                    message=f"{policy} is for {target}{section and ' port ' + section}, as {earlier} is (Conflicted)",
                    help="keep one of the two policies",
                    related=((earlier.name_node, "the other one"),),
                )
    for route, backend, service, port in graph.plain_backends:
        yield Problem(
            at=backend.node["port"],
            message=f"{route} leads to port {port} of {service}, which is for HTTPS, and no BackendTLSPolicy says so",
            help="add a BackendTLSPolicy for the Service, unless the Gateway is to speak plain HTTP to it",
            related=((port.node, "the Service's port"),),
            severity=Severity.NOTE,
        )


def _flaws(graph: Graph, policy: BackendTLSPolicy) -> Iterator[tuple[Node, str, str]]:
    if policy.validation and bool(policy.authorities) == bool(policy.well_known):
        what = "both caCertificateRefs and" if policy.authorities else "neither caCertificateRefs nor"
        yield policy.validation, f"has {what} wellKnownCACertificates", "set exactly one of the two"
    for target in policy.targets:
        section = target.node["sectionName"]
        services = graph.named(Service, target.namespace, target.name) if target.is_service and section.text else ()
        names = [port.name for port in services[-1].ports] if services else [section.text]
        if section.text not in names:
            hint = did_you_mean(section.text, [name for name in names if name])
            yield (
                section,
                f"is for a port that {target} lacks: it has no port named '{section.text}'{hint}",
                ("name a port of the Service, or leave sectionName out for all of them"),
            )
    for edge in graph.targets(policy, Relation.REFERS_TO):
        if isinstance(edge.target, ConfigMap) and edge.target.data and not edge.target.data["ca.crt"].present:
            yield edge.at, f"takes its authority from {edge.target}, which has no key 'ca.crt'", "add the key `ca.crt`"
