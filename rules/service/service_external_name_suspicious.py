"""Service is an alias for a host that it does not lead to, or that it hides.

An ExternalName is nothing but a CNAME record in the cluster's DNS. An IP address is no name, so that nothing resolves;
`localhost` is whoever asks; an alias for a metadata server has a harmless name and hands out the node's credentials;
and an alias into another namespace gets around what keeps the two apart. Select pods, or name outside addresses in an
EndpointSlice beside a Service without a selector.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {type: ExternalName, externalName: 192.0.2.10}  # finding: IP address
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {type: ExternalName, externalName: "https://api.example.com"}  # finding: no DNS name; the API server rejects it
---
apiVersion: v1
kind: Service
metadata: {name: billing, namespace: shop}
spec:
  type: ExternalName
  externalName: api.billing.svc.cluster.local  # finding: of namespace billing
  selector: {app: api}  # finding: without effect
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec: {type: ExternalName, externalName: smtp.example.com}
```

What the API server rejects is an error; an alias into another namespace, and fields without effect, are notes.

Does not fire when:

* the name is one of `allowed`, whose patterns may hold `*`, or holds a variable that is yet to be filled in
* the alias is for another Service of its own namespace, or the namespace of either is not known
* the `targetPort` is the `port`, or an Ingress leads to the Service, as ingress-nginx goes by the `targetPort`

References: Service API, `spec.externalName`; Kubernetes API server, `ValidateService`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Relation, Severity, quoted, rule
from k8snet_lint.kinds import Service
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.kinds import Alias

INSTEAD = "select pods, or name the addresses in an EndpointSlice"


class Options(NamedTuple):
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
        if (alias := service.alias) is not None:
            if alias.is_rejected or not (alias.is_filled_later or alias.is_among(options.allowed)):
                for severity, what, mend in _host(service, alias, graph.facts.cluster_domain):
                    yield Problem(alias.node, f"{service} is an alias for {what}", mend, severity=severity)
            yield from _without_effect(graph, service)


def _host(service: Service, alias: Alias, domain: str) -> Iterator[tuple[Severity, str, str]]:
    written, (namespace, name) = quoted(alias.node.text), alias.service(domain)
    if alias.is_rejected:
        what, mend = f"{written}, which is no DNS name", "write the host's name alone: no scheme, no port, no path"
        if not alias.node.text:
            what, mend = "nothing: it has no externalName", "add externalName, the name of the host that is meant"
        yield Severity.ERROR, f"{what}; the API server rejects it", mend
    elif alias.is_metadata_server:
        what = f"{written}, the name or address of a metadata server, which hands out the node's credentials"
        yield Severity.WARNING, what, INSTEAD
    elif alias.is_address:
        mend = f"write a Service without a selector, and an EndpointSlice that holds {alias.host}"
        yield Severity.WARNING, f"{written}, an IP address, which DNS takes for a name and does not resolve", mend
    elif alias.is_whoever_asks:
        yield Severity.WARNING, f"{written}, which is whoever asks", INSTEAD
    elif namespace and service.namespace not in ("", namespace):
        mend = "have clients name that Service themselves, so that policies and readers see where they go"
        yield Severity.NOTE, f"{written}, a Service of namespace {namespace}", mend
    elif namespace and (namespace, name) == (service.namespace, service.name):
        yield Severity.WARNING, f"{written}, which is itself", INSTEAD


def _without_effect(graph: Graph, service: Service) -> Iterator[Problem]:
    if address := service.spec["clusterIP"] or service.spec["clusterIPs"]:
        message = f"{service} is an alias with {address.key}, which the API server rejects"
        yield Problem(at=address, message=message, help=f"delete {address.key}", severity=Severity.ERROR)
    routed = bool(graph.sources(service, Relation.ROUTES_TO))
    targets = (port.node["targetPort"] for port in service.ports if port.target != port.number and not routed)
    for node in filter(None, (service.spec["selector"], *targets)):
        message = f"{service} is an alias, for which its {node.key} is without effect"
        help_ = f"delete {node.key}, or the type where the pods are meant"
        yield Problem(at=node, message=message, help=help_, severity=Severity.NOTE, at_key=True)
