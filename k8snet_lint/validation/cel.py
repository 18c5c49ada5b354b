"""The rules that a definition gives in CEL (`x-kubernetes-validations`), where the extra `[cel]` is installed.

Source: Kubernetes documentation, *Validation rules*. What the library does not know (Kubernetes' own functions) and
what compares with the object as it was is not judged.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple
from k8snet_lint.validation.fields import FieldError, without_nulls
from k8snet_lint.validation.parts import defaulted, parts, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node

HELP = "follow the rule of the kind's definition"
MOST_STEPS = 1_000_000
"""How often a rule may look at something: far more than the API server's own budget allows."""

_MACRO = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(")
_TEXTS = ("messageExpression", "fieldPath")


class Rule(NamedTuple):
    """A rule, and the place in the schema whose values it speaks of as `self`; `wording` is its `messageExpression`."""

    place: tuple[str, ...]
    expression: str
    message: str
    wording: str
    field: str


class Rules(NamedTuple):
    """The rules of a version, and its schema, for the defaults that count before they do."""

    rules: tuple[Rule, ...] = ()
    schema: Any = None

    def __bool__(self) -> bool:
        return bool(self.rules)


def is_installed() -> bool:
    """Whether there is something to judge rules with."""
    return find_spec("cel") is not None


def rules_of(schema: object) -> Rules:
    """All rules of a schema that speak of an object as it is."""
    return Rules(tuple(_rules(schema)), schema)


def broken_rules(root: Node, rules: Rules) -> tuple[FieldError, ...]:
    """What an object breaks; nothing where rules cannot be judged."""
    if not rules or not is_installed():
        return ()
    value = defaulted(without_nulls(root.value), rules.schema)
    return tuple(
        FieldError(root.at(*path, *_field(rule.field)), _said(rule, each), HELP, by_schema=False)
        for rule in rules.rules
        for path, each in values(value, rule.place)
        if not _has_open(each) and _result(rule.expression, each) is False
    )


def _rules(schema: object) -> Iterator[Rule]:
    for place, each in parts(schema):
        written = each.get("x-kubernetes-validations")
        for rule in written if isinstance(written, list) else ():
            expression = rule.get("rule") if isinstance(rule, dict) else None
            if isinstance(expression, str) and "oldSelf" not in expression:
                message = rule.get("message")
                said = message if isinstance(message, str) and message else f"expected {quoted(expression)}"
                wording, field = (text if isinstance(text := rule.get(key), str) else "" for key in _TEXTS)
                yield Rule(place, expression, said, wording, field)


def _said(rule: Rule, value: object) -> str:
    """What a broken rule says of a value: as the API server does, in its own wording where that comes to a line."""
    worded = _result(rule.wording, value) if rule.wording else None
    return worded if isinstance(worded, str) and worded.strip() and "\n" not in worded else rule.message


def _result(expression: str, value: object) -> object:
    """What an expression comes to; None for one that fails, or would take too long, and so is not judged."""
    program = _program(expression)
    if program is None or _width(value) ** len(_MACRO.findall(expression)) > MOST_STEPS:
        return None
    try:
        result: object = program.execute({"self": value})
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - whatever the library raises, panics included: the rule is not judged
        return None
    return result


@cache
def _program(expression: str) -> Any:  # noqa: ANN401 - the library has no types
    import cel  # noqa: PLC0415 - an extra, imported with the first rule

    try:
        return cel.compile(expression)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - likewise
        return None


def _width(value: object) -> int:
    """The length of the longest list, map or text within a value."""
    if isinstance(value, dict):
        return max([len(value), *map(_width, value.values())])
    if isinstance(value, list):
        return max([len(value), *map(_width, value)])
    return 1


def _has_open(value: object) -> bool:
    """Whether something within a value has still to be filled in."""
    if isinstance(value, dict):
        return any(map(_has_open, value.values()))
    return any(map(_has_open, value)) if isinstance(value, list) else is_open(value)


def _field(path: str) -> list[str]:
    """The keys of a rule's `fieldPath`, such as `.spec.x`; none for one with brackets."""
    return [] if "[" in path else [key for key in path.split(".") if key]
