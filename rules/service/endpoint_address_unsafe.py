"""Endpoints name an address that belongs to no pod.

Whoever connects to the Service reaches what these addresses are on the node that forwards the connection: its own
loopback interface, or what is link-local to it, such as the cloud's metadata server (CVE-2021-25737). The API server
rejects them. It takes multicast addresses beyond the link, though no connection can be made to those. Name the address
of the host that is meant.

Bad:

```yaml
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: legacy-1
  namespace: shop
  labels: {kubernetes.io/service-name: legacy}
addressType: IPv4
ports: [{port: 80}]
endpoints:
  - addresses:
      - 127.0.0.1  # finding: loopback address 127.0.0.1
      - 169.254.169.254  # finding: link-local
```

A note, as the API Endpoints is deprecated since Kubernetes 1.33:

```yaml
apiVersion: v1
kind: Endpoints
metadata:
  name: legacy  # finding: EndpointSlice
  namespace: shop
subsets:
  - addresses: [{ip: 192.0.2.7}]
    ports: [{port: 80}]
```

Good:

```yaml
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: legacy-1
  namespace: shop
  labels: {kubernetes.io/service-name: legacy}
addressType: IPv4
ports: [{port: 80}]
endpoints:
  - addresses: [192.0.2.7]
```

Does not fire when:

* a controller wrote the Endpoints, or keeps nothing in it but who leads (`control-plane.alpha.kubernetes.io/leader`)
* the Endpoints is for an older Kubernetes (`kubernetes-version`)
* the address is a host's name (`addressType: FQDN`) or a variable

References: Kubernetes API server, `ValidateNonSpecialIP`; KEP-4974, deprecate v1.Endpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import Endpoints, EndpointSlice

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPRECATED = (1, 33)
LEADER = "control-plane.alpha.kubernetes.io/leader"


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
    references=("CVE-2021-25737",),
)
def check(graph: Graph) -> Iterator[Problem]:
    written: tuple[Endpoints | EndpointSlice, ...] = (*graph.select(EndpointSlice), *graph.select(Endpoints))
    for each in written:
        for address, what in each.special_addresses:
            fate = "to which nobody can connect" if what == "multicast" else "which the API server rejects"
            yield Problem(
                at=address,
                message=f"{each} names {what} address {address.text}, {fate}",
                help="name the address of the host that is meant",
            )
    if graph.facts.kubernetes_version >= DEPRECATED:
        for endpoints in graph.select(Endpoints):
            if endpoints.addresses and not endpoints.is_generated and LEADER not in endpoints.annotations:
                yield Problem(
                    at=endpoints.name_node,
                    message=f"{endpoints} is of a deprecated API, in whose place there is EndpointSlice",
                    help="write an EndpointSlice with the label "
                    f"kubernetes.io/service-name: {endpoints.service_name} instead",
                    severity=Severity.NOTE,
                )
