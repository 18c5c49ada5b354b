"""Service is an alias for a host that it does not lead to, or that it hides.

An ExternalName is nothing but a CNAME record in the cluster's DNS. An IP address is no name, so that nothing resolves;
`localhost` is whoever asks; the name of a metadata server hands out the node's credentials under a harmless name; and
an alias into another namespace gets around what keeps the two apart. Select pods, or name outside addresses in an
EndpointSlice beside a Service without a selector.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  type: ExternalName
  externalName: 192.0.2.10  # finding: IP address
---
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec:
  type: ExternalName
  externalName: localhost  # finding: 'localhost', which is whoever asks
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  type: ExternalName
  externalName: metadata.google.internal  # finding: metadata server
```

An error, as the API server rejects what is no DNS name:

```yaml
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  type: ExternalName
  externalName: https://api.example.com  # finding: no DNS name
```

Notes, for an alias into another namespace and for fields without effect; a `clusterIP` is an error:

```yaml
apiVersion: v1
kind: Service
metadata: {name: billing, namespace: shop}
spec:
  type: ExternalName
  externalName: api.billing.svc.cluster.local  # finding: of namespace billing
  clusterIP: None  # finding: the API server rejects
  selector: {app: api}  # finding: without effect
  ports:
    - port: 80
      targetPort: 8080  # finding: without effect
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec:
  type: ExternalName
  externalName: smtp.example.com
---
apiVersion: v1
kind: Service
metadata: {name: old-name, namespace: shop}
spec:
  type: ExternalName
  externalName: web.shop.svc.cluster.local
```

Does not fire when:

* the name is one of `allowed`, whose patterns may hold `*`
* the alias is for another Service of its own namespace, or the namespace of either is not known
* a variable is to be filled in
* the `targetPort` is the `port`, or an Ingress leads to the Service, as ingress-nginx goes by the `targetPort`

References: Service API, `spec.externalName`; Kubernetes documentation, *Service*, type ExternalName; Kubernetes API
server, `ValidateService`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Relation, Severity, quoted, rule
from k8snet_lint.kinds import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint import Node

ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*")
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?", re.ASCII)
METADATA = ("169.254.169.254", "metadata", "metadata.*.internal", "instance-data", "instance-data.*", "100.100.100.200")


@dataclass(frozen=True, slots=True)
class Options:
    """`allowed` are host names, with `*` for any characters, that a Service may be an alias for."""

    allowed: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE, Severity.ERROR),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
    options=Options,
    supersedes=("field-invalid",),
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for service in graph.select(Service):
        if service.is_external_name:
            at = service.spec["externalName"]
            host = at.text.rstrip(".").lower()
            if not NAME.fullmatch(at.text) and "$" not in host:
                yield _no_name(service, at)
            elif host and "$" not in host and not any(fnmatchcase(host, pattern) for pattern in options.allowed):
                yield from _host(service, at, host, graph.facts.cluster_domain)
            yield from _without_effect(graph, service)


def _no_name(service: Service, at: Node) -> Problem:
    what = f"{quoted(at.text)}, which is no DNS name" if at.text else "nothing: it has no externalName"
    return Problem(
        at=at,
        message=f"{service} is an alias for {what}; the API server rejects it",
        help="write the host's name alone, in lower case: no scheme, no port, no path",
        severity=Severity.ERROR,
    )


def _host(service: Service, at: Node, host: str, domain: str) -> Iterator[Problem]:
    what, help_, severity = "", "select pods, or name the addresses in an EndpointSlice", Severity.WARNING
    namespace = service.aliased_namespace(domain)
    if any(fnmatchcase(host, pattern) for pattern in METADATA):
        what = "the name or address of a metadata server, which hands out the node's credentials"
    elif ADDRESS.fullmatch(host):
        what = "an IP address, which DNS takes for a name and does not resolve"
        help_ = f"write a Service without a selector, and an EndpointSlice that holds {host}"
    elif host == "localhost" or host.endswith((".localhost", ".localdomain")):
        what = "which is whoever asks"
    elif namespace and namespace != service.namespace and service.namespace:
        what, severity = f"a Service of namespace {namespace}", Severity.NOTE
        help_ = "have clients name that Service themselves, so that policies and readers see where they go"
    elif namespace and host.startswith(f"{service.name}.{service.namespace}.svc"):
        what = "which is itself"
    if what:
        message = f"{service} is an alias for {quoted(at.text)}, {what}"
        yield Problem(at=at, message=message, help=help_, severity=severity)


def _without_effect(graph: Graph, service: Service) -> Iterator[Problem]:
    address = service.spec["clusterIP"]
    if address:
        message = f"{service} is an alias with a clusterIP, which the API server rejects"
        yield Problem(at=address, message=message, help="delete clusterIP", severity=Severity.ERROR)
    routed = bool(graph.sources(service, Relation.ROUTES_TO))
    targets = [port.node["targetPort"] for port in service.ports if port.target != port.number and not routed]
    for node in (service.spec["selector"], *targets):
        if node:
            message = f"{service} is an alias, for which its {node.key} is without effect"
            help_ = f"delete {node.key}, or the type where the pods are meant"
            yield Problem(at=node, message=message, help=help_, severity=Severity.NOTE, at_key=True)
