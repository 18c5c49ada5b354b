"""Service selects no pods.

A Service without pods has no endpoints: its name resolves, and every connection to it fails. Most often a label was
renamed on one side only, or the Service and the workload are in different namespaces. Give the selector and the pod
template the same labels, in one namespace.

The pods may come from files that were not scanned. It is a warning where workloads of the Service's namespace were
scanned, an error where one of them almost matches, and otherwise a note that fails nothing, one for all Services with
the same selector. It is a note too beside a template that was not rendered; where a label's value goes on from the name
of a custom resource there, of which an operator may make the pods; and where most selectors of the namespace, and more
than three, select nothing: then its workloads are applied from elsewhere.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector:
    app: webshpo  # finding: no workload in namespace 'shop' has app=webshpo
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: webshop}
  template:
    metadata:
      labels: {app: webshop}
    spec:
      containers: [{name: web, image: nginx}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector:
    app: webshop
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: webshop, tier: front}}
spec:
  containers: [{name: web, image: nginx}]
```

Does not fire when:

* the Service has no selector, or is of type `ExternalName`
* an Endpoints or EndpointSlice object for it is among the scanned files
* its selector rests on labels that a controller adds to pods, such as `statefulset.kubernetes.io/pod-name`, on a text
  that is still to be filled in (`${APP}`), an operator's custom resource makes the pods, or an Argo Rollout gives the
  labels to those of its canary or preview
* a mesh sends its traffic to other Services: a route has it for a parent, or a TrafficSplit names it
* a controller made the Service, or it belongs to another API, such as a Knative `Service`

Does not see: pods that something outside the scanned files creates; in system namespaces, those of the cluster itself.
Labels of a program's own domain, such as `longhorn.io/component`, that no pod of the namespace has are taken for those
of pods that it makes: a note.

References: Service API, `spec.selector`; Kubernetes documentation, *Debug Services*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Relation, Resource, Severity, Unresolved, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3
SPLITS = frozenset({("split.smi-spec.io", "TrafficSplit")})


@rule(severity=Severity.WARNING, evidence=Evidence.ABSENCE, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for first, *others in Unresolved.alike(_without_pods(graph)):
        service = first.source
        where = f" in namespace '{service.namespace}'" if service.namespace else ""
        also = f", nor for {len(others)} more Service{'s' if len(others) > 1 else ''}" if others else ""
        yield Problem(
            at=first.at,
            message=f"{service} selects no pods: no workload{where} has {first.wanted}{also}",
            help="give the selector and the labels of the pods that are meant the same values, in one namespace",
            absence=first.absence,
            related=(
                *((each.node, each.text) for each in first.homeless),
                *((other.at, f"{other.source} has the same selector") for other in others[:SHOWN]),
            ),
        )


def _without_pods(graph: Graph) -> Iterator[Unresolved]:
    """Selectors without pods; in a system namespace, the scanned workloads are never all there are."""
    for missing in graph.unresolved(Relation.SELECTS, Service):
        service = missing.source
        if not (service.is_generated or graph.sources(service, Relation.BACKS) or _is_front(graph, service)):
            is_system = service.namespace in graph.facts.system_namespaces
            yield missing._replace(covered=missing.covered and (not is_system or graph.facts.assumed.complete))


def _is_front(graph: Graph, service: Resource) -> bool:
    """Whether a mesh leads what is sent to it elsewhere, so that it needs no pods of its own."""
    splits = (each for each in graph.of_kinds(SPLITS) if each.namespace == service.namespace)
    hosts = (each.spec["service"].text.split(".") for each in splits)  # its name, or its name in DNS
    split = any(host[0] == service.name and host[1:2] in ([], [service.namespace]) for host in hosts)
    return split or bool(graph.sources(service, Relation.ATTACHES_TO))
