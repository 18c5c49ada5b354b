"""Probe or lifecycle hook calls a host of its own choice instead of its pod.

The kubelet calls `host` from the node's network, past every policy: whoever may write a Pod can so have each node send
requests to what only nodes reach, and a probe that asks another host says nothing about its own container. Leave
`host` out, so that the pod's address is called; a virtual host goes into the header `Host`.

Bad:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: web
      livenessProbe:
        httpGet: {host: 169.254.169.254, path: /, port: 80}  # finding: livenessProbe of container 'web'
```

Good:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: web
      livenessProbe:
        httpGet: {path: /, port: 80, httpHeaders: [{name: Host, value: shop.example.com}]}
```

Does not fire when `host` is empty. For pods on their node's network it is a note of the preset `strict` if they are the
node's own agents or in a system namespace, as the API server is, or if the address is one that only the node has, such
as `127.0.0.1`: they listen there.

References: Pod Security Standards, baseline, *Host Probes / Lifecycle Hooks* (v1.34+); Pod API, `HTTPGetAction.host`,
`TCPSocketAction.host`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, quoted, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = ("127.0.0.1", "localhost", "::1", "169.254.")
"""How addresses start that only the node itself has, as those of NodeLocal DNSCache."""

VIRTUAL = "; write a virtual host into httpHeaders as Host"


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    references=("Pod Security Standards: baseline",),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        for container in workload.containers:
            for handler in container.handlers:
                host = handler.node["host"]
                if host:
                    is_agent = graph.roles.is_node_agent(workload)
                    own = workload.host_network and (is_agent or host.text.startswith(OWN))
                    yield Problem(
                        at=host,
                        message=(
                            f"{handler.where} of container '{container.name}' of {workload} calls {quoted(host.text)} "
                            "from the node, not the pod"
                        ),
                        help=f"delete host{VIRTUAL if handler.node.key == 'httpGet' else ''}",
                        severity=Severity.NOTE if own else None,
                        pedantic=own,
                    )
