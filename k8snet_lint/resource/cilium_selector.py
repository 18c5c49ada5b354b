"""Cilium's selectors: labels with the source they come from, among them those of the pod's namespace.

Sources are written before the key, `k8s:app`; a key without one means any source. Of the labels that Cilium itself
gives to pods, the namespace's name and labels are known here (`PodNamespaceLabel`, `PodNamespaceMetaLabelsPrefix`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource.engine_policy import PodsMeant
from k8snet_lint.selector import NAME_LABEL, Requirement, Selector

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

NAMESPACE = "io.kubernetes.pod.namespace"
NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels."
SOURCES = ("k8s:", "any:")
"""Those that labels of pods and namespaces come from."""

RESERVED = ("reserved:", "reserved.")
CLUSTER = "io.cilium.k8s.policy.cluster"


def subject(node: Node, namespace: str | None) -> PodsMeant:
    """The pods of an `endpointSelector`; `namespace` is that of the policy, None for a cluster-wide one.

    A namespaced policy is for pods of its own namespace, whatever namespace its selector names with `k8s:`.
    """
    selector = Selector.of(node)
    if namespace is None:
        return _meant(node, selector, everywhere=True)
    kept = selector.where(lambda each: each.key != f"k8s:{NAMESPACE}")
    own = kept.where(
        lambda each: _key(each) != NAMESPACE or (bool(namespace) and not each.admits({each.key: namespace}))
    )
    return PodsMeant(node, None, _renamed(own))


def endpoints(node: Node, *, cluster_wide: bool) -> PodsMeant:
    """The pods of an entry of `fromEndpoints` or `toEndpoints`.

    Those of the policy's own namespace, as long as no label names another, or namespaces by their labels.
    """
    return _meant(node, Selector.of(node), everywhere=cluster_wide)


def reserved(node: Node) -> list[str]:
    """The reserved identities that a selector asks for in place of pods, by the names that entities have."""
    keys = (each.key for each in Selector.of(node).requirements)
    return [key[len("reserved:") :] for key in keys if key.startswith(RESERVED)]


def is_elsewhere(node: Node) -> bool:
    """Whether a selector may mean pods of another cluster (`io.cilium.k8s.policy.cluster`)."""
    return any(_key(each) == CLUSTER for each in Selector.of(node).requirements)


def _meant(node: Node, selector: Selector, *, everywhere: bool) -> PodsMeant:
    spaces = tuple(space for each in selector.requirements if (space := _of_namespace(each)) is not None)
    pods = _renamed(selector.where(lambda each: _of_namespace(each) is None))
    if not spaces and not everywhere:
        return PodsMeant(node, None, pods)
    return PodsMeant(node, Selector(tuple(sorted(spaces)), selector.invalid), pods)


def _of_namespace(requirement: Requirement) -> Requirement | None:
    """A condition on the pod's namespace, as one on the labels of the namespace."""
    key = _key(requirement)
    if key == NAMESPACE:
        return requirement._replace(key=NAME_LABEL)
    if key.startswith(NAMESPACE_LABELS):
        return requirement._replace(key=key.removeprefix(NAMESPACE_LABELS))
    return None


def _renamed(selector: Selector) -> Selector:
    """The selector with the keys that pods carry."""
    return Selector(tuple(sorted({each._replace(key=_key(each)) for each in selector.requirements})), selector.invalid)


def _key(requirement: Requirement) -> str:
    """The key without its source."""
    for source in SOURCES:
        if requirement.key.startswith(source):
            return requirement.key.removeprefix(source)
    return requirement.key
