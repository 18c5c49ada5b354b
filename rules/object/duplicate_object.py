"""One object is described twice.

Two manifests that are applied together give the same object different content. The last one wins, silently:
in order of path, and of place within a file. What the other one says never reaches the cluster, or does so
until the next apply. Delete one of them, or give it a name of its own.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: web  # finding: is described twice with different content
  namespace: shop
spec:
  selector: {app: web-v2}
  ports: [{port: 80}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: checkout}
spec:
  selector: {app: web}
  ports: [{port: 80}]
```

Does not fire when:

* both descriptions are the same;
* they are in files that different acts apply, such as two overlays or two directories that each hold a variant;
* the object is a Helm hook, or its name is made by `generateName` or still to be filled in;
* one of them is what a test expects of a cluster, which nobody applies: it has a `status` and no `spec`, or its file
  is one of assertions (`01-assert.yaml`).

It is a note where the descriptions look like variants to choose from: they are in three files or more, or in two whose
names have a word in common (`ingress-tls.yaml`, `ingress-plain.yaml`), that describe several objects differently, or
of which one describes all that the other does; or the steps of a test of Chainsaw, kuttl or Kyverno. What the same
variants describe is one note.

References:

* Kubernetes documentation: object names and IDs
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Resource, Severity, rule

MOST_RELATED = 3
TIMES = {2: "twice", 3: "three times"}


@rule(severity=Severity.WARNING, may_give=(Severity.NOTE,), since="0.1", evidence=Evidence.CONTRADICTION)
def check(graph: Graph) -> Iterator[Problem]:
    alike: dict[object, list[tuple[Resource, ...]]] = {}
    for clash in graph.clashes:
        files = frozenset(each.file for each in clash)
        variants = len(files) > 2 or any(graph.are_variants(other, clash[-1]) for other in clash[:-1])
        alike.setdefault(files if variants else id(clash), []).append(clash)
    for place, (clash, *more) in alike.items():
        *others, last = clash
        times = TIMES.get(len(clash), f"{len(clash)} times")
        also = f", as {len(more)} more objects of these files are" if len(more) > 1 else ""
        also = ", as 1 more object of these files is" if len(more) == 1 else also
        yield Problem(
            at=last.name_node,
            message=f"{last} is described {times} with different content{also}; this, the last one, wins",
            help="delete one description, or give the object that it means a name of its own",
            related=tuple((other.name_node, "described here as well") for other in others[:MOST_RELATED]),
            severity=Severity.NOTE if isinstance(place, frozenset) else None,
        )
