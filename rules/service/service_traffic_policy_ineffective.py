"""Service has a traffic policy that cannot do what it is for.

`externalTrafficPolicy` and `healthCheckNodePort` are for what comes from outside: on a Service that nothing outside
reaches, the API server rejects them. `internalTrafficPolicy: Local` drops what comes from a node without a pod of the
Service, so that it needs a pod on each node. And under `externalTrafficPolicy: Cluster`, the default, pods see the
address of a node instead of the client's: a NetworkPolicy that goes by the client's address keeps everyone out.

Bad, as the pods of a Deployment are on some nodes only:

```yaml
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec:
  externalTrafficPolicy: Local  # finding: type ClusterIP
  internalTrafficPolicy: Local  # finding: Deployment/shop/cache
  selector: {app: cache}
  ports: [{port: 6379}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cache, namespace: shop}
spec:
  selector: {matchLabels: {app: cache}}
  template: {metadata: {labels: {app: cache}}, spec: {containers: [{name: cache, image: redis}]}}
```

Good, as a DaemonSet has a pod on every node:

```yaml
apiVersion: v1
kind: Service
metadata: {name: agent, namespace: shop}
spec:
  internalTrafficPolicy: Local
  selector: {app: agent}
  ports: [{port: 8125, protocol: UDP}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: shop}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: agent, image: example/agent}]}}
```

Does not fire when:

* a ClusterIP Service has `externalIPs`, for which the policy counts
* some selected pod is a DaemonSet's or its controller is not known, or `single-node` is set
* a policy admits everyone, or private addresses, among which the nodes may be
* the load balancer leads to pods past the nodes (`aws-load-balancer-nlb-target-type: ip`), or has a class of its own

References: Service API, `externalTrafficPolicy`, `internalTrafficPolicy`, `healthCheckNodePort`; Kubernetes API server,
`validateServiceExternalTrafficPolicy`; Kubernetes documentation, *Network Policies*, ipBlock and rewritten addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Evidence, Graph, Problem, Severity, rule
from k8snet_lint.kinds import Service
from k8snet_lint.record import NamedTuple

ON_SOME_NODES = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"})


class Options(NamedTuple):
    """`single_node` says that the cluster has one node, on which every pod is local."""

    single_node: bool = False


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.ERROR,),
    evidence=Evidence.CONTRADICTION,
    since="0.1",
    options=Options,
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for service in graph.select(Service):
        if service.is_of_known_type:
            yield from _rejected(service)
        if not options.single_node:
            yield from _dropped(graph, service)
            yield from _hidden(graph, service)


def _rejected(service: Service) -> Iterator[Problem]:
    policy, port = service.spec["externalTrafficPolicy"], service.spec["healthCheckNodePort"]
    if policy and not service.is_reachable_from_outside:
        message = f"{service} has externalTrafficPolicy {policy.value}, which a Service of type {service.type_name} "
        help_ = "delete externalTrafficPolicy, or set the type that was meant"
        yield Problem(at=policy, message=f"{message}does not take", help=help_, severity=Severity.ERROR)
    elif port.value and not (service.type_name == "LoadBalancer" and service.keeps_client_address):
        message = f"{service} has a healthCheckNodePort, which needs type LoadBalancer and externalTrafficPolicy: Local"
        yield Problem(at=port, message=message, help="delete healthCheckNodePort", severity=Severity.ERROR)


def _dropped(graph: Graph, service: Service) -> Iterator[Problem]:
    policy, pods = service.spec["internalTrafficPolicy"], graph.endpoints(service)
    if policy.value == "Local" and pods and all(each.kind in ON_SOME_NODES and each.is_verbatim for each in pods):
        message = f"{service} drops what comes from a node without its pods, and {pods[0]} has no pod on most nodes"
        help_ = "set internalTrafficPolicy: Cluster, or run a DaemonSet; trafficDistribution only prefers what is near"
        yield Problem(at=policy, message=message, help=help_, related=((pods[0].name_node, "makes the pods"),))


def _hidden(graph: Graph, service: Service) -> Iterator[Problem]:
    wanted = graph.admitted_client(service) if service.hides_client_address else None
    if wanted is not None:
        policy, block = wanted
        yield Problem(
            at=service.spec["externalTrafficPolicy"],
            message=f"{service} hides the addresses of its clients, and {policy} goes by them: it admits "
            f"{block.cidr.node.text}",
            help="set externalTrafficPolicy: Local",
            related=((block.cidr.node, "the addresses that are admitted"),),
        )
