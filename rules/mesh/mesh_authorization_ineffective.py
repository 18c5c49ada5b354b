"""Mesh authorization policy does not do what it says.

A policy, or a Sidecar, whose labels no pods carry is for nobody, one with an empty rule lets all requests through, one
that denies without rules never matches, and one that asks about HTTP where the proxy sees plain TCP is
not understood: its ALLOW rules then never match, and its DENY rules hit everything. Mend the selector, name
sources or operations, and in ambient mode bind what is about HTTP to a waypoint with `targetRefs`.

Bad:

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: storefront, namespace: shop}
spec:
  selector:
    matchLabels:
      app: storefornt  # finding: no pods have app=storefornt
  rules: [{from: [{source: {namespaces: [web]}}]}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: open, namespace: shop}
spec:
  rules:
  - {}  # finding: lets every request through
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: block, namespace: shop}
spec:
  action: DENY  # finding: has no rules, so that it never matches
---
apiVersion: v1
kind: Pod
metadata: {name: storefront, namespace: shop, labels: {app: storefront}}
spec: {containers: [{name: web, image: web}]}
```

In ambient mode:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reads, namespace: shop}
spec:
  rules:
  - to:
    - operation:
        methods: [GET]  # finding: ztunnel reads no HTTP
```

Good:

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nothing, namespace: shop}
spec: {}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  rules: [{from: [{source: {principals: [cluster.local/ns/istio-ingress/sa/public]}}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
```

Does not fire when:

* a policy without rules allows nothing, which is how everything else is closed;
* an empty rule is an exception to such a policy, or is for an ingress gateway, which is there for everyone; for some
  pods of a namespace alone it is a note, as such a policy may live elsewhere;
* a policy without labels is for a namespace whose workloads are not among the scanned files;
* the labels are those of a WorkloadEntry or WorkloadGroup, or of an ingress gateway, which mostly is installed apart.

References:

* Istio: `AuthorizationPolicy`, `targetRefs`, ambient mode's layer 4 features; Linkerd: `AuthorizationPolicy.targetRef`
* istioctl analyze: IST0127 and the check of selectors for managed gateways; Kiali: KIA0110
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Preset, Problem, Severity, rule


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.ERROR,),
    since="0.1",
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
)
def check(graph: Graph) -> Iterator[Problem]:
    if graph.mesh is None:
        return
    policies, mend = graph.mesh.policies, "use labels that the pods carry"
    for each in policies.selecting_nothing:
        yield Problem(each.at, f"{each.source} is for no pods: no pods have {each.wanted}", mend, absence=each.absence)
    for each in policies.misspelt_namespaces:
        message = f"{each.source} names namespace '{each.wanted}', which is not there"
        yield Problem(each.at, message, "name an existing namespace", absence=each.absence)
    for each in (*policies.missing_targets, *graph.mesh.linkerd.missing):
        what, help_ = f"{each.kind} {each.wanted}", f"name an existing {each.kind}, or create it"
        if each.kind == "Pod":
            what, help_ = f"pods have {each.wanted}", mend
        yield Problem(each.at, f"{each.source} is for what is not there: no {what}", help_, absence=each.absence)
    for at, message, remedy, absence in graph.mesh.ineffective:
        yield Problem(at, message, remedy, absence=absence)
