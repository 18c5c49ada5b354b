"""What the configuration tells of the ingress controller, as peers may mean it: its namespace and its pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.selector import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Container

    from k8snet_lint.facts import Facts
    from k8snet_lint.selector import Selector


def is_of_controller(facts: Facts, namespaces: Selector) -> bool:
    """Whether a selector means the controller's namespace by its name; what other labels that has is not told."""
    told = facts.ingress_controller
    on_name = [each for each in namespaces.requirements if each.key == NAME_LABEL]
    if told is None or not told.namespace:
        return False
    return bool(on_name) and all(each.admits({NAME_LABEL: told.namespace}) for each in on_name)


def is_controller(facts: Facts, namespaces: Container[str], pods: Selector) -> bool:
    """Whether a selector may mean the controller's pods: in its namespace, by no label that is told otherwise."""
    told = facts.ingress_controller
    if told is None or not told.namespace or told.namespace not in namespaces:
        return False
    return all(each.key not in told.labels or each.admits(told.labels) for each in pods.requirements)
