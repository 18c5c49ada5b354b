"""What real trees are heavy with and rules seldom read: CRDs, roles, dashboards in ConfigMaps."""

from __future__ import annotations

import json


def custom_resource_definition(name: str, number: int) -> str:
    """A CRD with a schema of some 15 to 45 kB, written as controller generators write it."""
    kind = name.title().replace("-", "")
    plural = f"{kind.lower()}s"
    fields = "".join(_field(f"part{index:02}", 12) for index in range(12 + number % 24))
    return f"""\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {plural}.parts.example.org
  annotations:
    controller-gen.kubebuilder.io/version: v0.14.0
spec:
  group: parts.example.org
  names:
    kind: {kind}
    listKind: {kind}List
    plural: {plural}
    singular: {kind.lower()}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: {kind} is a resource that nobody needs.
        type: object
        properties:
{fields}\
    subresources:
      status: {{}}
"""


def _field(name: str, depth: int) -> str:
    """A property with properties of its own, indented as deep as it stands."""
    margin = " " * depth
    inner = "".join(
        f"""\
{margin}    {word}:
{margin}      description: |-
{margin}        {word.capitalize()} of the part, as its controller sees it. It defaults to the value that the
{margin}        cluster's administrator gave, and cannot be changed once the part is in use.
{margin}      type: {kind}
"""
        for word, kind in (("name", "string"), ("size", "integer"), ("weight", "number"), ("ready", "boolean"))
    )
    return f"""\
{margin[:-2]}{name}:
{margin}description: The part that stands at this place.
{margin}type: object
{margin}required:
{margin}- name
{margin}properties:
{inner}\
{margin}    labels:
{margin}      type: object
{margin}      additionalProperties:
{margin}        type: string
"""


def role(name: str, namespace: str) -> str:
    """A Role with a few rules."""
    rules = "".join(
        f"""\
- apiGroups:
  - "{group}"
  resources:
  - {resource}
  verbs:
  - get
  - list
  - watch
"""
        for group, resource in (("", "configmaps"), ("apps", "deployments"), ("coordination.k8s.io", "leases"))
    )
    return f"""\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {name}
  namespace: {namespace}
rules:
{rules}"""


def dashboard(name: str, namespace: str) -> str:
    """A ConfigMap with a page of JSON in it."""
    panels = [
        {
            "id": index,
            "title": f"Requests of {name}",
            "type": "timeseries",
            "gridPos": {"h": 8, "w": 12, "y": index * 8},
        }
        for index in range(24)
    ]
    text = json.dumps({"title": name, "refresh": "30s", "panels": panels}, indent=2)
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}-dashboard
  namespace: {namespace}
  labels:
    grafana_dashboard: "1"
data:
  {name}.json: |
{lines}"""
