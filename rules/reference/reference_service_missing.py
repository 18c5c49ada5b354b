"""Settings name a Service that does not exist.

A variable, an argument, a ConfigMap or a webhook names a host of the cluster for which there is no Service. The name
does not resolve, and whoever connects gets an error. Most often the Service was renamed, or the name is misspelt, or it
is in another namespace: a short name means a Service of the own one. Name the Service as it is called, with its
namespace where that is another.

It is a note, as files that were not scanned may hold the Service, and a warning where one that nothing else names is
called almost the same.

Bad:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: storefront, namespace: shop}
spec:
  selector:
    matchLabels: {app: storefront}
  template:
    metadata:
      labels: {app: storefront}
    spec:
      containers:
        - name: storefront
          image: storefront
          env:
            - name: CATALOG_URL
              value: http://catalouge:8080/items  # finding: names 'http://catalouge:8080'
---
apiVersion: v1
kind: Service
metadata: {name: catalogue, namespace: shop}
spec:
  selector: {app: catalogue}
  ports: [{port: 8080}]
```

Good:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: storefront, namespace: shop}
spec:
  selector:
    matchLabels: {app: storefront}
  template:
    metadata:
      labels: {app: storefront}
    spec:
      containers:
        - name: storefront
          image: storefront
          args: ["--database=postgres://db.storage.svc.cluster.local:5432/shop", "--listen=storefront:8080"]
          env:
            - {name: CATALOG_URL, value: "http://catalogue:8080/items"}
            - {name: CACHE, value: redis}
            - {name: SIDECAR_IMAGE, value: "envoy:1234"}
---
apiVersion: v1
kind: Service
metadata: {name: catalogue, namespace: shop}
spec:
  selector: {app: catalogue}
  ports: [{port: 8080}]
```

Does not fire when:

* no Service of the namespace in question is among the scanned files, or a Helm release, an Argo CD application or the
  like adds objects to it, or most of its Services that are named are not there: so they are elsewhere
* the host is a bare word without a port, or the words around it do not speak of hosts (`IMAGE: envoy:1234`)
* an operator makes the Service, by its name (`*-operated`, `*-rw`) or as a custom resource of that name is scanned
* the variable's name says that the Service is optional, a fallback or a backup
* it lives in a namespace of the system, or `assume.services` names it

Does not see: hosts that are put together from several variables.

References: Kubernetes documentation, *DNS for Services and Pods*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Evidence, Graph, Problem, Severity, did_you_mean, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 3


@rule(severity=Severity.NOTE, may_give=(Severity.WARNING,), evidence=Evidence.ABSENCE, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for missing, others in graph.missing_services.alike:
        mention = missing.mention
        where = f" in namespace '{mention.namespace}'" if mention.namespace else ""
        more = f", as {len(others)} more {'places do' if len(others) > 1 else 'place does'}" if others else ""
        meant = did_you_mean(mention.name, missing.nearly)
        what = f"{mention.source} names {quoted(mention.said)}{more}"
        yield Problem(
            at=mention.at,
            message=f"{what}, but there is no Service '{mention.name}'{where}{meant}",
            help="name a Service that exists, and its namespace where it is in another, or create this one",
            severity=Severity.WARNING if missing.absence.near and not missing.absence.covered else None,
            absence=missing.absence,
            related=tuple((other.mention.at, f"{other.mention.source} names it too") for other in others[:SHOWN]),
        )
