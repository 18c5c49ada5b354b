"""Service has a port on which no policy lets anyone reach its pods.

A Service's port is of use only where the policies of the pods behind it let somebody in on the port that it targets.
Here they admit nobody: neither a workload among the scanned files, nor any other pod, nor an address. Most often the
policy was written for the main port and forgot the one for metrics, or names the Service's port instead of the pods'.
Allow the port to those who need it, or remove it from the Service.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9090}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:  # finding: lets nobody reach port 9090 (metrics) of Service/shop/web
    - {from: [{namespaceSelector: {}}], ports: [{port: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9090}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - {from: [{namespaceSelector: {}}], ports: [{port: 8080}]}
    - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
      ports: [{port: 9090}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}
```

Does not fire when:

* some pod, in the set or not, or some address may be let in on the port, by one of the workloads behind it
* an Ingress or a route (Gateway API, OpenShift) leads to the Service, or it is of type `LoadBalancer` or `NodePort`:
  `policy-blocks-declared-path` judges those
* a workload, a webhook or a monitor of the set asks for the port: `policy-blocks-declared-traffic` judges those
* the target port's name stands for nothing on the pods, or the pods are on their node's network
* one of the policies names a port that the pods lack, of which `policy-port-unknown` or `policy-names-service-port`
  tells, or holds what is rejected

Does not see: connections from the pods' own node, which most networks let in, and policies of other engines
(Antrea). Where there are any, it is a note, and so it is for a policy for all pods that names no namespace and lies in
another directory or chart than the pods.

References: NetworkPolicy API, `spec.ingress`; Service API, `spec.ports[].targetPort`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, listed, rule
from k8snet_lint.kinds import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.WARNING, evidence=Evidence.ABSENCE, presets=(Preset.RECOMMENDED,), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for _, found in groupby(
        Effects.of(graph).unreachable_services, lambda each: (id(each.isolating.policy), id(each.service))
    ):
        ports = tuple(found)
        first = ports[0]
        isolating, service, workload = first.isolating, first.service, first.workload
        policy = isolating.policy
        names = listed(f"port {each.port}" + (f" ({each.port.name})" if each.port.name else "") for each in ports)
        targets = tuple(dict.fromkeys(f"{each.protocol} {each.number}" for each in ports))
        yield Problem(
            at=isolating.at,
            at_key=True,
            message=f"{policy} lets nobody reach {names} of {service}: {workload} admits no {listed(targets)}",
            help=f"allow {', '.join(targets)} to those who need it by a rule of {policy.name}, "
            "or remove what nobody needs from the Service",
            absence=graph.isolation.absence_for(workload, isolating.policies),
            related=((workload.ports_node, f"the ports of {workload}"),) if workload.declares_ports else (),
            chain=(
                *(
                    (each.port.node, f"{service} leads port {each.port} to {each.protocol} {each.number}")
                    for each in ports
                ),
                (workload.name_node, f"{workload} has the pods behind it"),
                *isolating.steps(f"isolates them and does not allow {listed(targets)}", Direction.INGRESS.field),
            ),
        )
