"""NetworkPolicy blocks traffic that another object declares.

A variable, an argument or a ConfigMap makes a workload connect to a Service, a webhook has the API server call one, a
monitor has Prometheus scrape one, and the policies in between let none of it through: requests hang until they time
out, and metrics are missing just when somebody looks for them. Policies see the traffic at the port of the pods. Allow
the consumer on that port, in the policy of the pods and, where one isolates it, in the consumer's own.

It is an error where the consumer's own environment or command line names the Service, a warning where a ConfigMap, a
webhook or a monitor does.

Bad:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: storefront, namespace: shop, labels: {app: storefront}}
spec: {containers: [{name: storefront, image: storefront, env: [{name: CATALOG_URL, value: "http://catalog:80"}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: shop}
spec: {selector: {app: catalog}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: catalog, namespace: shop, labels: {app: catalog}}
spec: {containers: [{name: catalog, image: catalog}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {matchLabels: {app: catalog}}
  ingress:  # finding: blocks Pod/shop/storefront, which is told to connect to 'http://catalog:80'
    - from: [{podSelector: {matchLabels: {app: checkout}}}]
      ports: [{port: 8080}]
```

Good:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: storefront, namespace: shop, labels: {app: storefront}}
spec: {containers: [{name: storefront, image: storefront, env: [{name: CATALOG_URL, value: "http://catalog:80"}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: shop}
spec: {selector: {app: catalog}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: catalog, namespace: shop, labels: {app: catalog}}
spec: {containers: [{name: catalog, image: catalog}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {matchLabels: {app: catalog}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: storefront}}}]
      ports: [{port: 8080}]
```

Does not fire when:

* the consumer or the pods behind the Service are not among the scanned files; for a webhook or a scrape without a
  Prometheus in the set, when the policies admit anything from outside the set on the port
* the variable's name says that the Service is optional, a fallback or a backup, or is not connected to (`NO_PROXY`,
  `CORS_ORIGINS`, `AUDIENCE`, what a server advertises of itself)
* one of several workloads that take settings from the ConfigMap may connect: not each of them needs all it says
* the Service leads to other pods that the consumer may connect to
* a mistake blocks it of which another finding tells: a Service's port instead of the pods', a port's name that these
  lack, a misspelt peer, what is rejected

Does not see: hosts that code or Secrets name, and policies of other engines (Antrea). Where there are any, it
is a note, and so for a policy for all pods that names no namespace and lies in another directory or chart than they do.

References: NetworkPolicy API, `spec.ingress`, `spec.egress`; Kubernetes documentation, *DNS for Services and Pods*;
Prometheus Operator API, `ServiceMonitor`, `PodMonitor`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(severity=Severity.ERROR, may_give=(Severity.WARNING,), evidence=Evidence.ABSENCE, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for each, others in Effects.of(graph).blocked_traffic:
        declared, denial = each.declared, each.denial
        consumer, target = declared.consumer, declared.target
        port = "the port" if target.number is None else target.port
        more = f", and {len(others)} more" if others else ""
        alike = [
            (other.declared.at, f"{other.declared.consumer} {other.declared.wants} too") for other in others[:SHOWN]
        ]
        yield Problem(
            at=denial.at,
            at_key=denial.rule is None,
            message=f"{denial.policy} blocks {consumer}, which {declared.wants}{more}: {each.lacks}",
            help=each.remedy,
            severity=None if declared.is_sure else Severity.WARNING,
            absence=graph.isolation.absence_for(each.end, denial.isolating.policies),
            related=(*alike, *denial.near[:SHOWN], *each.ports),
            chain=(
                (declared.at, f"{consumer} {declared.wants}"),
                (target.workload.name_node, f"{target.service or 'that'} leads to {port} of {target.workload}"),
                *denial.isolating.steps(f"isolates {each.end}, and does not allow it"),
            ),
        )
