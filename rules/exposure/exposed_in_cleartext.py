"""Load balancer carries a protocol without encryption over the Internet.

What crosses the Internet in clear text is read and changed on its way: passwords, cookies, mail. End TLS at the load
balancer by your cloud's annotation, serve the encrypted port of the protocol instead, or publish the Service through
an Ingress or a Gateway with TLS.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]  # finding: HTTP
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws:acm:eu-central-1:123456789012:certificate/example
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec: {type: LoadBalancer, selector: {app: shop}, ports: [{name: http, port: 80}, {name: https, port: 443}]}
```

Does not fire when:

* the load balancer is internal or limited to certain addresses, or a policy denies the port to every address
* an annotation gives the load balancer a certificate, or the port's `appProtocol` or name says TLS
* the Service serves the encrypted port beside it (HTTPS for HTTP, and so on), so that the other may only redirect
* it is the Service of an Ingress controller or a Gateway: the Ingress or listener says what is encrypted there
* the Service is among those that option `allow` names

Does not see: encryption on a port that by its number has none, and firewalls.

References: CIS EKS 5.4.5, CIS AKS 5.4.5, CIS GKE 5.6.7; Kubernetes documentation, *Service*, TLS support on AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Effects, Evidence, Graph, Preset, Problem, Severity, rule
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CLEARTEXT = {
    21: ("FTP", 990),
    23: ("telnet", 22),
    25: ("SMTP", 465),
    80: ("HTTP", 443),
    110: ("POP3", 995),
    143: ("IMAP", 993),
    389: ("LDAP", 636),
    1883: ("MQTT", 8883),
    5672: ("AMQP", 5671),
    6667: ("IRC", 6697),
}
"""What a port speaks by its number, and the number of its encrypted sibling."""

INGRESS = ", or publish it by an Ingress with TLS"


class Options(NamedTuple):
    """Which load balancers may do without encryption.

    Shapes: `allow` lists Services as `namespace/name`, or by name for any namespace; both may hold `*`.
    """

    allow: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    evidence=Evidence.CONTRADICTION,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    references=("CIS AKS 5.4.5", "CIS EKS 5.4.5", "CIS GKE 5.6.7", "Kubescape C-0231"),
    supersedes=("exposed-workload-not-isolated", "service-public-load-balancer", "service-source-ranges-ineffective"),
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for each in Effects.of(graph).openings.first():
        service, port = each.service, each.port
        protocol, encrypted = CLEARTEXT.get(port.number or 0, ("", 0))
        if not protocol or port.protocol != "TCP" or each.on_nodes:
            continue
        if service.ends_tls or port.speaks_tls or any(one.number == encrypted for one in service.ports):
            continue
        if graph.roles.publishes_controller(service) or service.is_among(options.allow):
            continue
        yield Problem(
            at=port.node["port"],
            message=f"{service} carries {protocol} over the Internet without encryption",
            help=_help(protocol, encrypted),
            chain=each.chain,
        )


def _help(protocol: str, encrypted: int) -> str:
    if protocol == "telnet":
        return "use SSH, and admit certain addresses only"
    return f"end TLS at the load balancer and serve port {encrypted}{INGRESS if protocol == 'HTTP' else ''}"
