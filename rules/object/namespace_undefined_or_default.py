"""Namespace is `default`, or one that nothing creates.

In `default` gathers what nobody assigned: policies that mean one application there reach the others, and
whoever has rights in it has them on all. And where no Namespace object of that name is among the files, it
depends on somebody's memory whether the namespace exists and carries the labels that policies ask for, or it
is misspelt. Give an application a namespace of its own, and write its Namespace beside it.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: default  # finding: Service/default/web is in the namespace default
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shpo  # finding: no Namespace shpo
spec:
  selector: {app: db}
  ports: [{port: 5432}]
---
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shpo}
spec:
  selector: {app: cache}
  ports: [{port: 6379}]
```

Good:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
```

Each namespace is reported once, at the first object in it.

Does not fire when:

* the object names no namespace, or a variable for it (`${NAMESPACE}`): whoever applies it gives one;
* the namespace is one of the cluster's own (`system-namespaces`), or `assume.namespaces` names it;
* an OpenShift Project makes it.

References:

* Kubernetes documentation: Namespaces
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Resource, Severity, did_you_mean, rule


@rule(severity=Severity.NOTE, since="0.1", presets=(), references=("CIS 5.7.4",))
def check(graph: Graph) -> Iterator[Problem]:
    known = {*graph.namespaces.written, *graph.facts.assumed.namespaces, *graph.facts.system_namespaces}
    known |= {each.name for each in graph.resources if each.group == "project.openshift.io" and each.kind == "Project"}
    first: dict[str, Resource] = {}
    for resource in graph.resources:
        if resource.namespace and not resource.is_generated and not resource.awaits_namespace:
            first.setdefault(resource.namespace, resource)
    for namespace, resource in first.items():
        if namespace == "default":
            yield Problem(
                at=resource.metadata["namespace"],
                message=f"{resource} is in the namespace default",
                help="give the application a namespace of its own",
            )
        elif namespace not in known:
            near = did_you_mean(namespace, (name for name in graph.whole.namespaces.written if namespace not in name))
            yield Problem(
                at=resource.metadata["namespace"],
                message=f"{resource} is in a namespace that nothing creates: no Namespace {namespace} is written{near}",
                help=f"add a Namespace {namespace}, or name it under assume.namespaces",
            )
