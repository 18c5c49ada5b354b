"""ingress-nginx is configured to trust whoever writes an Ingress.

These settings switch off what keeps one tenant of a cluster from another's traffic, and from the controller's Secrets
(CVE-2021-25742, CVE-2025-1974). Set the safe values, and change the few Ingresses that need more.

Bad:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
data:
  allow-snippet-annotations: "true"  # finding: raw configuration
  allow-cross-namespace-resources: "true"  # finding: of other namespaces
  strict-validate-path-type: "false"  # finding: paths
  annotations-risk-level: Critical  # finding: every annotation
```

Good:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
data:
  allow-snippet-annotations: "false"
  annotations-risk-level: Medium
```

Does not fire when:

* the ConfigMap is not the controller's, by its name or labels, and no controller's `--configmap` names it

References: ingress-nginx: ConfigMaps, `allow-snippet-annotations`, `allow-cross-namespace-resources`,
`strict-validate-path-type`, `annotations-risk-level`.
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import ConfigMap

UNSAFE = (
    ("allow-snippet-annotations", "true", "false", "lets Ingresses write raw configuration"),
    (
        "allow-cross-namespace-resources",
        "true",
        "false",
        "lets Ingresses use Secrets and ConfigMaps of other namespaces",
    ),
    ("strict-validate-path-type", "false", "true", "lets paths hold what NGINX takes for configuration"),
    ("annotations-risk-level", "critical", "Medium", "accepts every annotation, snippets among them"),
)


@rule(
    severity=Severity.ERROR,
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for config_map in graph.select(ConfigMap):
        for key, unsafe, safe, why in UNSAFE:
            setting = config_map.data[key]
            if setting.text.strip().lower() == unsafe and graph.roles.configures_nginx(config_map):
                yield Problem(
                    at=setting,
                    message=f"{config_map} {why}: {key} is '{setting.text.strip()}'",
                    help=f'set {key}: "{safe}"',
                )
