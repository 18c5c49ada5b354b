"""Probe or lifecycle hook names a port that its container does not declare.

The kubelet looks a named port up among the ports of the probe's own container. Where it is not declared, the probe
fails for as long as the pod lives: it never becomes ready, or is restarted over and over. Name the container port, or
write the number. A number works without a declaration; where the pod declares other ports, it may be a mistyped one.

Bad:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web
          ports: [{name: web, containerPort: 8080}]
          readinessProbe:
            httpGet: {path: /ready, port: http}  # finding: port 'http', which container 'web' does not declare
          livenessProbe:
            tcpSocket: {port: 8081}  # finding: port 8081
          lifecycle:
            preStop:
              httpGet: {path: /stop, port: "8080"}  # finding: without quotes
```

Good:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example/web
          args: ["--health-probe-bind-address=:8081"]
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: http}}
          livenessProbe: {httpGet: {path: /healthz, port: 8081}}
```

An error for a name, a note for a number. A warning for the name of a port that is declared for UDP or SCTP only: the
kubelet takes its number, and connects by TCP.

Does not fire when:

* a number stands in the arguments, the environment or the annotations of the pods, or in a ConfigMap they read
* two probes or hooks of the pods agree on a number, or a Service targets it
* a number is asked for and the pods declare no ports, or a mesh or a controller adds containers to them
* a name is asked for and a controller other than Kubernetes' own completes the container
* the probe goes to another `host`, or to a port that is still to be filled in (`PROBE_PORT`, `{{ .Values.port }}`), as
  the names of the container's ports may be

References: Pod API, `httpGet.port`, `tcpSocket.port`; Kubernetes documentation, *Configure Probes*, named ports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.ERROR, may_give=(Severity.NOTE, Severity.WARNING), supersedes=("field-invalid",), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        yield from _named(workload)
        for handler in graph.pod_ports.unexplained_calls(workload):
            number = handler.port.integer
            yield Problem(
                at=handler.port,
                message=f"{handler.where} of {workload} calls port {number}, though it has {workload.ports_text}",
                help=f"call a declared port, or declare containerPort {number}",
                severity=Severity.NOTE,
                related=((workload.ports_node, f"the ports of {workload}"),),
            )


def _named(workload: Workload) -> Iterator[Problem]:
    called = [each for each in workload.calls if each[1].port.text]
    if not called:
        return
    tcp = {port.number for port in workload.ports if port.protocol == "TCP"}
    owners = {port.name: container for container in workload.containers for port in container.ports}
    for container, handler in called:
        name, who = handler.port.text, f"container '{container.name}'"
        meant = [port for port in container.ports if port.name == name]
        if handler.flaws:
            message = f"{handler.where} of {who} of {workload} has {handler.flaws[0]}"
            yield Problem(at=handler.port, message=message, help="name a port of the container, or write its number")
        elif workload.is_verbatim and not meant and not any(port.is_open for port in container.ports):
            calls = f"{handler.where} of {workload} calls port '{name}', which {who} does not declare"
            concerned = dict.fromkeys(each for each in (container, owners.get(name)) if each and each.ports)
            yield Problem(
                at=handler.port,
                message=f"{calls}; it declares {container.ports_text}",
                help=f"give a port of {who} the name '{name}', or write the number that it listens on",
                related=tuple((each.node["ports"], f"the ports of container '{each.name}'") for each in concerned),
            )
        elif meant and not any(port.protocol == "TCP" or port.number in tcp for port in meant):
            yield Problem(
                at=handler.port,
                message=f"{handler.where} of {workload} calls port '{name}' by TCP, which is not its protocol",
                help="call a TCP port, or declare that the number is served by TCP as well",
                severity=Severity.WARNING,
            )
