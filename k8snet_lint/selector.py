"""Label selectors as the API server evaluates them (apimachinery `LabelSelectorAsSelector`)."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.nearest import did_you_mean
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from k8snet_lint.manifest import Node

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label by which the API server says a Namespace's name."""


SWITCHED_ON = frozenset({"true", "yes", "enabled", "allow", "allowed"})
"""Values of labels by which pods opt in to something."""


class Operator(enum.StrEnum):
    """How a requirement compares (`metav1.LabelSelectorOperator`)."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"

    @property
    def has_values(self) -> bool:
        """Whether it compares with values."""
        return self in (Operator.IN, Operator.NOT_IN)

    @property
    def is_negative(self) -> bool:
        """Whether it says what is left out."""
        return self in (Operator.NOT_IN, Operator.DOES_NOT_EXIST)


A_MAPPING = "a selector is a mapping of matchLabels and matchExpressions"
LABELS = "matchLabels is a mapping of labels"
EXPRESSIONS = "matchExpressions is a list of expressions"

_OPERATORS = frozenset(operator.value for operator in Operator)


class Requirement(NamedTuple):
    """One condition on a label; `values` is empty for `Exists` and `DoesNotExist`."""

    key: str
    operator: Operator
    values: tuple[str, ...]

    def admits(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet this condition; `NotIn` also holds where the key is absent."""
        match self.operator:
            case Operator.IN:
                return labels.get(self.key) in self.values
            case Operator.NOT_IN:
                return labels.get(self.key) not in self.values
            case Operator.EXISTS:
                return self.key in labels
            case Operator.DOES_NOT_EXIST:
                return self.key not in labels

    @property
    def is_unfinished(self) -> bool:
        """Whether something has still to fill in its key or a value (`${APP}`): it is met by what is written alike."""
        return any(map(is_open, (self.key, *self.values)))

    @property
    def is_switch(self) -> bool:
        """Whether it asks for a label by which pods opt in to something (`web-client: "true"`)."""
        return self.operator is Operator.IN and SWITCHED_ON.issuperset(self.values)

    def __str__(self) -> str:
        match self.operator:
            case Operator.IN if len(self.values) == 1:
                return f"{self.key}={self.values[0]}"
            case Operator.IN:
                return f"{self.key} in ({', '.join(self.values)})"
            case Operator.NOT_IN:
                return f"{self.key} not in ({', '.join(self.values)})"
            case Operator.EXISTS:
                return self.key
            case Operator.DOES_NOT_EXIST:
                return f"!{self.key}"


class SelectorFlaw(NamedTuple):
    """What the API server rejects of a selector, and why (apimachinery `ValidateLabelSelector`)."""

    node: Node
    why: str


class Selector(NamedTuple):
    """A conjunction of requirements; without any, it matches everything.

    Shapes: `requirements` are sorted, so that equal selectors are equal values; `invalid` says why the
    API server rejects it, in which case it matches nothing.
    """

    requirements: tuple[Requirement, ...] = ()
    invalid: str = ""

    @staticmethod
    def of_labels(node: Node) -> Selector:
        """A flat map of labels, as in a Service's `spec.selector`; null and absent are empty."""
        values = node.value.values() if isinstance(node.value, dict) else ()
        if any(isinstance(each, dict | list) for each in values):
            return Selector((), "the value of a label is a text")
        return Selector(tuple(sorted(_equalities(labels_of(node)))))

    @staticmethod
    def of(node: Node) -> Selector:
        """A `metav1.LabelSelector`: `matchLabels` and `matchExpressions`; null and absent are empty."""
        requirements, flaw = _read(node)
        return Selector((), flaw.why) if flaw else Selector(tuple(sorted(set(requirements))))

    @staticmethod
    def flaw(node: Node) -> SelectorFlaw | None:
        """What the API server rejects of a `metav1.LabelSelector`, if anything."""
        return _read(node)[1]

    @property
    def is_empty(self) -> bool:
        """Whether it matches everything."""
        return not self.requirements and not self.invalid

    @property
    def is_exclusion(self) -> bool:
        """Whether it only says what is left out, so that it may well select nothing for the time being."""
        return bool(self.requirements) and all(each.operator.is_negative for each in self.requirements)

    @property
    def is_open_ended(self) -> bool:
        """Whether it means whatever comes later too, but for what it leaves out by name."""
        return not self.invalid and all(each.operator.is_negative for each in self.requirements)

    @property
    def is_unfinished(self) -> bool:
        """Whether something has still to fill in a text of it, so that it may mean more than what is written alike."""
        return any(each.is_unfinished for each in self.requirements)

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether something with these labels is selected."""
        return not self.invalid and all(requirement.admits(labels) for requirement in self.requirements)

    def where(self, keep: Callable[[Requirement], bool]) -> Selector:
        """The same selector with only the requirements that `keep` holds for."""
        return Selector(tuple(filter(keep, self.requirements)), self.invalid)

    def __str__(self) -> str:
        return ", ".join(map(str, self.requirements)) or ("(invalid)" if self.invalid else "(everything)")


def label_text(value: object) -> str:
    """A label value as kubectl's decoder would print it: `1` and `true` are what people meant by them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def labels_of(node: Node) -> dict[str, str]:
    """The labels that a mapping holds; null, absent and what is no mapping are empty."""
    value = node.value
    if not isinstance(value, dict):
        return {}
    return {key: item if isinstance(item, str) else label_text(item) for key, item in value.items()}


def _read(node: Node) -> tuple[list[Requirement], SelectorFlaw | None]:
    """The requirements of a `metav1.LabelSelector`, as far as the first flaw."""
    value = node.value
    if isinstance(value, dict) and value.get("matchExpressions") is None:
        equal = value.get("matchLabels")
        if equal is None or isinstance(equal, dict):
            return _equalities(equal or {}), None
    labels, expressions = node["matchLabels"], node["matchExpressions"]
    for written, kind, why in ((node, dict, A_MAPPING), (labels, dict, LABELS), (expressions, list, EXPRESSIONS)):
        if written.value is not None and not isinstance(written.value, kind):
            return [], SelectorFlaw(written, why)
    requirements = _equalities(labels.value or {})
    for expression in expressions:
        requirement = _requirement(expression)
        if isinstance(requirement, SelectorFlaw):
            return requirements, requirement
        requirements.append(requirement)
    return requirements, None


def _equalities(labels: Mapping[str, object]) -> list[Requirement]:
    return [Requirement(key, Operator.IN, (label_text(value),)) for key, value in labels.items()]


def _requirement(node: Node) -> Requirement | SelectorFlaw:
    key, operator = node["key"].text, node["operator"].text
    values = tuple(sorted({label_text(value.value) for value in node["values"]}))
    if not key:
        return SelectorFlaw(node, "an expression names no key")
    if operator not in _OPERATORS:
        expected = f"expected one of {', '.join(Operator)}{did_you_mean(operator, Operator)}"
        return SelectorFlaw(node["operator"], f"unknown operator '{operator}'; {expected}")
    wants_values = Operator(operator).has_values
    if wants_values and not values:
        return SelectorFlaw(node["values"], f"operator {operator} on '{key}' needs at least one value")
    if not wants_values and values:
        return SelectorFlaw(node["values"], f"operator {operator} on '{key}' takes no values")
    return Requirement(key, Operator(operator), values)
