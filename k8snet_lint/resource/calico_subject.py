"""Whom a policy of Calico is for, in the words of Kubernetes' selectors, as far as they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.calico_selector import And, Condition, Everything, Not, Or, Test
from k8snet_lint.resource.calico_rule import NAME, NAMESPACE
from k8snet_lint.resource.engine_policy import PodsMeant
from k8snet_lint.selector import NAME_LABEL, Operator, Requirement, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.calico_selector import Expression
    from k8snet_lint.resource.calico import CalicoPolicy

OWN = ("projectcalico.org/", "pcns.", "pcsa.")
"""Before the keys of labels that Calico gives pods."""

_OPERATORS = {Test.IN: Operator.IN, Test.NOT_IN: Operator.NOT_IN, Test.HAS: Operator.EXISTS}
_OPPOSITES = {
    Operator.IN: Operator.NOT_IN,
    Operator.NOT_IN: Operator.IN,
    Operator.EXISTS: Operator.DOES_NOT_EXIST,
    Operator.DOES_NOT_EXIST: Operator.EXISTS,
}


def subjects(policy: CalicoPolicy) -> Iterator[PodsMeant]:
    """The pods; none where no such selector can say it, or where hosts may be meant, which are in no namespace."""
    if policy.account_selector.is_written or (policy.is_global and not policy.namespace_selector.is_written):
        return
    pods = _requirements(policy.selector.expression)
    spaces = _requirements(policy.namespace_selector.expression) if policy.is_global else []
    if pods is None or spaces is None:
        return
    inside = [each._replace(key=NAME_LABEL) for each in pods if each.key == NAMESPACE]
    own = [each for each in pods if each.key != NAMESPACE]
    named = [each._replace(key=NAME_LABEL) if each.key == NAME else each for each in spaces]
    if any(each.key.startswith(OWN) for each in (*own, *named)):
        return
    namespaces = Selector(tuple(sorted((*inside, *named)))) if policy.is_global or inside else None
    yield PodsMeant(policy.spec["selector"], namespaces, Selector(tuple(sorted(own))))


def _requirements(expression: Expression | None) -> list[Requirement] | None:
    """The conditions that all have to hold; None where it is not as simple as that."""
    match expression:
        case Everything(is_global=False):
            return []
        case Condition() if expression.test in _OPERATORS and (expression.values or expression.test is Test.HAS):
            return [Requirement(expression.key, _OPERATORS[expression.test], expression.values)]
        case Not():
            return _opposite(_requirements(expression.of))
        case And():
            parts = [_requirements(each) for each in expression.of]
            return [each for part in parts for each in part or ()] if None not in parts else None
        case Or():
            return _one_of(expression)
        case _:
            return None


def _opposite(found: list[Requirement] | None) -> list[Requirement] | None:
    if found is None or len(found) != 1:
        return None
    return [found[0]._replace(operator=_OPPOSITES[found[0].operator])]


def _one_of(expression: Or) -> list[Requirement] | None:
    """Several values of one label."""
    parts = [each for each in expression.of if isinstance(each, Condition) and each.test is Test.IN and each.values]
    if len(parts) < len(expression.of) or len({each.key for each in parts}) > 1:
        return None
    values = sorted({value for each in parts for value in each.values})
    return [Requirement(parts[0].key, Operator.IN, tuple(values))]
