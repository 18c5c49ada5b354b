"""Policy lets pods connect to others, but not look up their names.

Pods find Services and hosts by name, and ask the cluster's DNS for it: UDP port 53 of the `kube-dns` pods in
`kube-system`, 5353 in OpenShift. A pod that is isolated for egress can no longer ask once none of its policies allows
that, and everything that goes by a name fails with a timeout. A `podSelector` alone means pods of the policy's own
namespace, so a rule for DNS needs a `namespaceSelector` beside it; `port: 53` without a protocol is TCP's, and does not
do.

The policies of Cilium and Calico are judged alike, and the help is a rule in their words.

It is an error where policies allow the pods other connections, a warning where those are addresses only and nothing
in the pods' template looks like a host name, and a note where they allow nothing at all.

Bad:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:  # finding: lets Deployment/shop/web connect to others, but not ask the cluster's DNS
    - to: [{podSelector: {matchLabels: {app: database}}}]
      ports: [{port: 5432}]
    - to: [{podSelector: {matchLabels: {k8s-app: kube-dns}}}]
      ports: [{protocol: UDP, port: 53}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
    - to: [{podSelector: {matchLabels: {app: database}}}]
      ports: [{port: 5432}]
    - to:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
      ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
```

Does not fire when:

* some policy allows UDP 53 or 5353 to the name servers, to pods that declare such a port, to pods of other namespaces
  by a rule that names the port, or to any address outside the cluster (that of NodeLocal DNSCache among them)
* it cannot be told, as labels of a namespace or of the name servers are not among the scanned files
* the pods' `dnsPolicy` is `Default`, or `None` with one of their `nameservers` allowed, else the finding names those;
  or they are on their node's network, or an operator makes them
* they may call the API server alone (port 6443, Cilium's `kube-apiserver`), and no host name is in their template

Does not see: policies of other engines (Antrea). Where there are any, it is a note that fails nothing.

References: Kubernetes documentation, *Network Policies*, *DNS for Services and Pods*; NetworkPolicy API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.WARNING, Severity.NOTE),
    evidence=Evidence.ABSENCE,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for each in Effects.of(graph).cut_off_from_dns:
        policy, first = each.policy, each.workloads[0]
        more = f" and {len(each.workloads) - 1} more" if len(each.workloads) > 1 else ""
        what = f"others, but not ask {each.asked}" if each.talks else f"nobody, not even to {each.asked}"
        severity = None if each.talks else Severity.NOTE
        if each.talks and not any(workload.names_hosts for workload in each.workloads):
            if each.to_api_server:
                continue
            severity = Severity.WARNING if each.to_addresses else None
        yield Problem(
            at=each.at,
            at_key=True,
            message=f"{policy} lets {first}{more} connect to {what}, UDP port 53",
            help=each.help,
            severity=severity,
            absence=graph.isolation.absence_of_policies(first.namespace),
            related=((each.over_tcp, "this rule lets queries out by TCP alone"),) if each.over_tcp else (),
            chain=(
                (first.name_node, f"{first} asks {each.asked}, UDP port 53"),
                *((other.spec["egress"], f"{other} isolates it and does not allow that") for other in each.policies),
            ),
        )
