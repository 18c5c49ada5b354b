"""Where a kind keeps its pod templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.manifest import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEMPLATE = ("spec", "template")

BUILT_IN: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "ReplicationController"): TEMPLATE,
    ("apps", "Deployment"): TEMPLATE,
    ("apps", "StatefulSet"): TEMPLATE,
    ("apps", "DaemonSet"): TEMPLATE,
    ("apps", "ReplicaSet"): TEMPLATE,
    ("extensions", "Deployment"): TEMPLATE,
    ("extensions", "DaemonSet"): TEMPLATE,
    ("extensions", "ReplicaSet"): TEMPLATE,
    ("batch", "Job"): TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("apps.openshift.io", "DeploymentConfig"): TEMPLATE,
    ("kubevirt.io", "VirtualMachine"): TEMPLATE,
    ("kubevirt.io", "VirtualMachineInstanceReplicaSet"): TEMPLATE,
    ("kubevirt.io", "VirtualMachineInstance"): (),
    ("agents.x-k8s.io", "Sandbox"): ("spec", "podTemplate"),
}
"""Paths of the templates that need no looking for (API references of each group)."""

LABELLED: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("sparkoperator.k8s.io", "SparkApplication"): (("spec", "driver"), ("spec", "executor")),
    ("sparkoperator.k8s.io", "ScheduledSparkApplication"): (
        ("spec", "template", "driver"),
        ("spec", "template", "executor"),
    ),
}
"""Paths of what has the `labels` of pods, though not the shape of their template (reference of the Spark operator)."""

NOT_WORKLOADS = frozenset(
    {"PodTemplate", "Template", "CustomResourceDefinition", "Kustomization", "Component", "HelmRelease", "Application"}
)
"""Kinds that may hold a pod template's shape without making pods of it."""

SHAPELESS_GROUPS = frozenset(
    {"", "networking.k8s.io", "gateway.networking.k8s.io", "policy", "rbac.authorization.k8s.io", "discovery.k8s.io"}
)
"""Groups whose kinds never hold a pod template beyond those in the table."""

MAX_DEPTH = 12
MAX_NODES = 20_000


def templates(node: Node, group: str, kind: str) -> tuple[Node, ...]:
    """The pod templates that an object holds; empty for what makes no pods.

    Kinds that no table knows are searched for a `…template` (or `…Template`) mapping whose `spec.containers` is a list.
    """
    path = BUILT_IN.get((group, kind))
    if path is not None:
        template = node.at(*path)
        return (template,) if template.is_mapping else ()
    if group in SHAPELESS_GROUPS or kind in NOT_WORKLOADS:
        return ()
    if group == "argoproj.io" and kind in ("Workflow", "CronWorkflow"):
        return tuple(_argo_workflow(node, kind))
    if (group, kind) in LABELLED:
        holders = (node.at(*path) for path in LABELLED[group, kind])
        return tuple(_showing(each, {"labels": each["labels"].value}) for each in holders if each["labels"])
    return tuple(_found(node["spec"]))


def _argo_workflow(node: Node, kind: str) -> Iterator[Node]:
    """An Argo Workflow's pods: no container list, labels in `podMetadata` for all, and more of each template's own."""
    spec = node["spec"] if kind == "Workflow" else node.at("spec", "workflowSpec")
    if spec.is_mapping:
        common = spec["podMetadata"]
        yield _showing(spec, common.value)
        for each in spec["templates"]:
            if own := each.at("metadata", "labels"):
                yield _showing(each, {**_fields(common), "labels": {**_fields(common["labels"]), **_fields(own)}})


def _showing(at: Node, metadata: object) -> Node:
    """A template that shows nothing of its pods but their metadata."""
    return Node(at.document, {"metadata": metadata, "spec": {}}, at.parent, at.key)


def _fields(node: Node) -> dict[str, object]:
    return node.value if isinstance(node.value, dict) else {}


def _found(root: Node) -> Iterator[Node]:
    stack, seen = [(root, 0)], 0
    while stack and seen < MAX_NODES:
        node, depth = stack.pop()
        seen += 1
        if _is_template(node):
            yield node
        elif depth < MAX_DEPTH:
            children = [child for _, child in node.items()] if node.is_mapping else list(node)
            stack.extend((child, depth + 1) for child in reversed(children) if isinstance(child.value, (dict, list)))


def _is_template(node: Node) -> bool:
    value = node.value
    if not isinstance(value, dict) or not str(node.key).lower().endswith("template"):
        return False
    spec = value.get("spec")
    return isinstance(spec, dict) and isinstance(spec.get("containers"), list)
