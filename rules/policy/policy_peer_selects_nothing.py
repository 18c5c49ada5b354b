"""Policy admits pods or namespaces that do not exist.

A rule whose peer selects nothing admits nobody, so the connections that it was written for fail. Most often a label
is misspelt, or a namespace is selected by a label that it does not carry: the one that every namespace has is
`kubernetes.io/metadata.name`, its name. Correct the selector, or label what is meant.

It is a warning where workloads of the selected namespaces were scanned, or where something almost matches, an error for
both, or where a client is kept out that is told to connect; otherwise, and for a switch (`client: "true"`), a note.

Bad:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: monitoring}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              name: monitoring  # finding: admits namespaces with name=monitoring, but there are none
        - podSelector:
            matchLabels:
              app: storefornt  # finding: admits pods with app=storefornt in namespace 'shop', but there are none
---
apiVersion: v1
kind: Pod
metadata: {name: storefront, namespace: shop, labels: {app: storefront}}
spec: {containers: [{name: storefront, image: storefront}]}
```

Good:

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: monitoring}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: catalog, namespace: shop}
spec:
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: monitoring}
  egress:
    - to:
        - namespaceSelector: {}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
        - ipBlock: {cidr: 10.20.0.0/16}
```

Does not fire when:

* the peer selects everything, is an `ipBlock`, or may mean pods of a namespace whose labels are not known
* it names a namespace that every cluster has, or one of OpenShift's own (`openshift-…`), or the cluster's DNS pods
  (`kube-dns`, `coredns`, `node-local-dns`), or the ingress controller of the configuration, or only leaves some out
* it rests on labels that a controller adds or a text that is to be filled in (`${APP}`), or an operator makes the pods
  (a note where a label's value goes on from the name of a custom resource there)

Does not see: labels that something else gives to a namespace. What policies of five namespaces select lives elsewhere.
Labels of a program's domain (`longhorn.io/component`) that no pod there has are taken for its own pods': a note.

References: NetworkPolicy API, `NetworkPolicyPeer`; KEP-2161 (`kubernetes.io/metadata.name`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Problem, Relation, Severity, Unresolved, rule
from k8snet_lint.kinds import EnginePolicy, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHOWN = 3
NAME = "kubernetes.io/metadata.name"
NAME_LABELS = {"Cilium": "k8s:io.kubernetes.pod.namespace", "Calico": "projectcalico.org/name"}


@rule(severity=Severity.WARNING, may_give=(Severity.ERROR,), evidence=Evidence.ABSENCE, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for first, *others in Unresolved.alike(graph.unresolved(Relation.ADMITS, NetworkPolicy, EnginePolicy)):
        yield _problem(graph, first, others)


def _problem(graph: Graph, missing: Unresolved, others: Sequence[Unresolved]) -> Problem:
    what = "namespaces" if missing.kind == "Namespace" else "pods"
    verb = "admits" if isinstance(missing.source, NetworkPolicy) else "names"
    also = f"; {len(others)} more {'peers select' if len(others) > 1 else 'peer selects'} the same" if others else ""
    shut = Effects.of(graph).shut_by(missing.at)
    return Problem(
        at=missing.at,
        message=f"{missing.source} {verb} {what} with {missing.wanted}, but there are none{also}",
        help=_help(missing),
        severity=Severity.ERROR if shut.is_sure else None,
        absence=missing.absence,
        related=(*((other.at, f"{other.source} {verb} the same") for other in others[:SHOWN]), *shut.related),
    )


def _help(missing: Unresolved) -> str:
    engine = missing.source.engine if isinstance(missing.source, EnginePolicy) else ""
    if missing.kind != "Namespace":
        where = f"the label {NAME_LABELS[engine]}" if engine == "Cilium" else "a namespaceSelector"
        return f"give the peer and the pods that are meant the same labels, and {where} if they are elsewhere"
    label, _, name = missing.wanted.partition("=")
    if label != NAME or "," in name:
        return f"select it by its name, with {NAME_LABELS.get(engine, NAME)}, or give the namespace that label"
    if missing.near:
        return f"write {missing.near[0].node.text}, if that one is meant"
    return f"declare Namespace '{name}' in the files, or name it under assume.namespaces if it is there already"
