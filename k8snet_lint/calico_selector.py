"""Calico's selector expressions: `app == 'web' && has(tier)` (Calico, *NetworkPolicy*, Selectors)."""

from __future__ import annotations

import enum
from functools import lru_cache
from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


_is_open = lru_cache(maxsize=4096)(is_open)


class Test(enum.StrEnum):
    """How a condition looks at a label; `==` and `!=` are IN and NOT_IN of one value."""

    IN = "in"
    NOT_IN = "not in"
    HAS = "has"
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"


class Condition(NamedTuple):
    """A test of one label; `values` is empty for HAS, and one text for the tests of a part of the value."""

    key: str
    test: Test
    values: tuple[str, ...] = ()

    @property
    def settled(self) -> bool | None:
        """What it comes to whatever the label is: no value is in an empty set; None where the label decides."""
        return None if self.values or self.test is Test.HAS else self.test is Test.NOT_IN

    def admits(self, value: str | None) -> bool:
        """Whether the label's value passes; None where there is no such label, which only NOT_IN lets pass."""
        if value is None or self.test is Test.NOT_IN:
            return self.test is Test.NOT_IN and value not in self.values
        match self.test:
            case Test.IN:
                return value in self.values
            case Test.CONTAINS:
                return self.values[0] in value
            case Test.STARTS_WITH:
                return value.startswith(self.values[0])
            case Test.ENDS_WITH:
                return value.endswith(self.values[0])
            case _:
                return True

    def __str__(self) -> str:
        if self.test is Test.HAS:
            return f"has({self.key})"
        values = ", ".join(f"'{value}'" for value in self.values)
        if self.test in (Test.IN, Test.NOT_IN) and len(self.values) != 1:
            return f"{self.key} {self.test} {{{values}}}"
        return f"{self.key} {_SHORT.get(self.test, self.test)} {values}"


class Everything(NamedTuple):
    """`all()`, and what is not written; `is_global` for `global()`: what is in no namespace."""

    is_global: bool = False

    def __str__(self) -> str:
        return "global()" if self.is_global else "all()"


class Not(NamedTuple):
    """`!`."""

    of: Expression

    def __str__(self) -> str:
        return f"!({self.of})" if isinstance(self.of, (And, Or)) else f"!{self.of}"


class And(NamedTuple):
    """`&&`."""

    of: tuple[Expression, ...]

    def __str__(self) -> str:
        return " && ".join(f"({each})" if isinstance(each, Or) else str(each) for each in self.of)


class Or(NamedTuple):
    """`||`."""

    of: tuple[Expression, ...]

    def __str__(self) -> str:
        return " || ".join(map(str, self.of))


Expression = Condition | Everything | Not | And | Or

_SHORT = {Test.IN: "==", Test.NOT_IN: "!="}


def conditions(expression: Expression) -> Iterator[Condition]:
    """Every condition of an expression, however deep."""
    match expression:
        case Condition():
            yield expression
        case Not():
            yield from conditions(expression.of)
        case And() | Or():
            for each in expression.of:
                yield from conditions(each)
        case _:
            return


def has_global(expression: Expression) -> bool:
    """Whether `global()` stands anywhere in it."""
    match expression:
        case Everything():
            return expression.is_global
        case Not():
            return has_global(expression.of)
        case And() | Or():
            return any(map(has_global, expression.of))
        case _:
            return False


def is_only_global(expression: Expression) -> bool:
    """Whether it is `global()` and nothing besides."""
    return expression == Everything(is_global=True)


def required(expression: Expression) -> Condition | None:
    """A label, with the values that it may have, without which the expression does not hold."""
    if isinstance(expression, Condition):
        is_told = expression.test is Test.IN and not any(map(_is_open, expression.values))
        return expression if is_told else None
    found = map(required, expression.of) if isinstance(expression, And) else ()
    return next(filter(None, found), None)


def holds(expression: Expression, labels: Mapping[str, str], lacks: Callable[[str], bool]) -> bool | None:
    """Whether an expression holds for labels; None where keys decide that `lacks` says may be there as well.

    None too where texts decide that are still to be filled in (`'${APP}'`), unless both sides are written alike.
    """
    match expression:
        case Condition():
            if expression.settled is not None:
                return expression.settled
            value = labels.get(expression.key)
            if value not in expression.values and any(map(_is_open, (value or "", *expression.values))):
                return None
            return None if value is None and lacks(expression.key) else expression.admits(value)
        case Everything():
            return not expression.is_global
        case Not():
            found = holds(expression.of, labels, lacks)
            return None if found is None else not found
        case And() | Or():
            decisive = isinstance(expression, Or)
            results = [holds(each, labels, lacks) for each in expression.of]
            return decisive if decisive in results else None if None in results else not decisive
