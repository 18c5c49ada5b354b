"""Cluster runs ingress-nginx, which is retired.

The project ended its maintenance in March 2026: no releases, no fixes, not even for vulnerabilities. What runs keeps
running, in front of everything that the cluster shows to the Internet. Plan the move to an implementation of the
Gateway API or to another controller; `ingress2gateway` drafts the routes.

Bad:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
spec:
  selector: {matchLabels: {app: ingress-nginx}}
  template:
    metadata: {labels: {app: ingress-nginx}}
    spec:
      containers:
        - name: controller
          image: registry.k8s.io/ingress-nginx/controller:v1.13.0  # finding: runs ingress-nginx
```

```yaml
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec:
  controller: k8s.io/ingress-nginx  # finding: is for ingress-nginx
```

Good:

```yaml
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec:
  controller: nginx.org/ingress-controller
```

Does not fire when:

* the controller is that of NGINX Inc., which is another project
* an IngressClass stands beside the controller's own workload, which is told already

References: kubernetes/ingress-nginx, README; Kubernetes blog, *Ingress NGINX Retirement*; Kubescape C-0292.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import IngressClass, Workload

IMAGES = ("ingress-nginx/controller", "kubernetes-ingress-controller/nginx-ingress-controller")
HELP = "plan the move to a Gateway API implementation; ingress2gateway drafts the routes"


@rule(severity=Severity.NOTE, presets=(Preset.SECURITY,), since="0.1", references=("NSA/CISA",))
def check(graph: Graph) -> Iterator[Problem]:
    running = list(_running(graph))
    yield from running
    for ingress_class in graph.select(IngressClass) if not running else ():
        is_ours = ingress_class.controller.startswith("k8s.io/") and "ingress-nginx" in ingress_class.controller
        if is_ours and not any(_running(graph.whole)):
            message = f"{ingress_class} is for ingress-nginx, which has had no fixes since March 2026"
            yield Problem(at=ingress_class.spec["controller"], message=message, help=HELP)


def _running(graph: Graph) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        for container in workload.containers:
            if any(image in container.repository for image in IMAGES):
                message = f"{workload} runs ingress-nginx, which has had no fixes since March 2026"
                yield Problem(at=container.node["image"], message=message, help=HELP)
