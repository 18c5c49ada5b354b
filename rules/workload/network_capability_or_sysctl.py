"""Container may change the network of its pod or node, or forge packets.

`NET_ADMIN` rewrites interfaces, routes and firewall rules, `NET_RAW` sends packets with any sender's address, and
`SYS_MODULE` loads drivers into the node's kernel: each gets round policies. Kernel settings beyond the safe ones need
nodes that allow them, or the pod is refused. Add only what the program needs, and drop the rest.

Bad:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext:
    sysctls:
      - name: net.core.somaxconn  # finding: not among the safe ones
        value: "1024"
  containers:
    - name: web
      image: web
      securityContext:
        capabilities:
          add: [NET_ADMIN]  # finding: NET_ADMIN
          drop: [ALL]
```

Good:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext:
    sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "80"}]
  containers:
    - name: web
      image: web
      securityContext:
        capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}
```

In the preset `strict` it also notes containers that keep `NET_RAW`, which they get unless it is dropped.

Does not fire when:

* the workload is in a system namespace, or runs a known node agent or one that option `agents` names
* the setting is safe in the cluster's version (`--kubernetes-version`)

References: CIS 5.7.3; Pod Security Standards, baseline; Kubernetes documentation, *Using sysctls in a Cluster*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Preset, Problem, Severity, quoted, rule
from k8snet_lint.kinds import Workload
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 4
CAPABILITIES = frozenset({"ALL", "NET_ADMIN", "NET_RAW", "SYS_MODULE"})


class Options(NamedTuple):
    """Which workloads serve the node, beside those that are known to.

    Shapes: `agents` are image repositories without tag, of which the last parts are enough; `*` for any characters.
    """

    agents: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
    references=("CIS 5.7.3",),
    since="0.1",
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    safe = graph.facts.safe_sysctls
    for workload in graph.select(Workload):
        found = [*_capabilities(workload), *_sysctls(workload, safe)]
        if found and not graph.roles.is_node_agent(workload, options.agents):
            yield from found


def _capabilities(workload: Workload) -> Iterator[Problem]:
    keeping = []
    for container in workload.containers:
        added, keeps_net_raw = container.capabilities
        for node, name in added:
            if name in CAPABILITIES:
                message = f"container '{container.name}' of {workload} may use {name}"
                yield Problem(at=node, message=message, help="delete it and drop ALL, or record why it is needed")
        if keeps_net_raw:
            keeping.append(container)
    if keeping:
        names = ", ".join(f"'{each.name}'" for each in keeping[:SHOWN])
        yield Problem(
            at=keeping[0].node["name"],
            message=f"{workload} keeps NET_RAW, which forges packets, in {names}",
            help="drop ALL in securityContext.capabilities and add what is needed",
            severity=Severity.NOTE,
            pedantic=True,
        )


def _sysctls(workload: Workload, safe: frozenset[str]) -> Iterator[Problem]:
    for node, name in workload.sysctls:
        if name.startswith("net.") and name not in safe:
            message = f"{workload} sets {quoted(name)}, which is not among the safe ones; nodes refuse the pod"
            help_ = "set it on the nodes, or allow it there by --allowed-unsafe-sysctls and record that"
            yield Problem(at=node, message=message, help=help_)
