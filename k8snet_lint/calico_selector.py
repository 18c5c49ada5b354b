"""Calico's selector expressions: `app == 'web' && has(tier)` (Calico, *NetworkPolicy*, Selectors)."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DEEPEST = 50
"""Parentheses inside of parentheses; nobody writes as many."""

OPERATORS = "==, !=, in, not in, contains, starts with or ends with"


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


class SelectorError(ValueError):
    """A text that is no selector; `at` is the place in it, counted from 1."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at + 1


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<has>has\(\s*(?P<key>[\w./-]+)\s*\))
    |(?P<all>all\(\s*\))
    |(?P<global>global\(\s*\))
    |(?P<word>[\w./-]+)
    |(?P<string>"[^"]*"|'[^']*')
    |(?P<sign>==|!=|&&|\|\||[!(){},])
    |(?P<wrong>\S)
    |(?P<end>$)
    )""",
    re.ASCII | re.VERBOSE,
)
_TWO_WORDS = {"starts": "with", "ends": "with", "not": "in"}
_ONE_WORD = {first + second: f"{first} {second}" for first, second in _TWO_WORDS.items()}


def parse(text: str) -> Expression:
    """The expression of a text; an empty one means everything.

    Raises SelectorError, saying what stands there and what was expected.
    """
    return _Parser(text).whole() if text.strip() else Everything()


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
        return expression if expression.test is Test.IN else None
    found = map(required, expression.of) if isinstance(expression, And) else ()
    return next(filter(None, found), None)


def holds(expression: Expression, labels: Mapping[str, str], lacks: Callable[[str], bool]) -> bool | None:
    """Whether an expression holds for labels; None where keys decide that `lacks` says may be there as well."""
    match expression:
        case Condition():
            if expression.settled is not None:
                return expression.settled
            value = labels.get(expression.key)
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


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tuple(_tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        found = self._either()
        rest = self._tokens[self._next]
        if rest.kind == "end":
            return found
        raise self._unexpected(rest, "&&, || or the end")

    def _either(self) -> Expression:
        found = [self._both()]
        while self._takes("||"):
            found.append(self._both())
        return Or(tuple(found)) if len(found) > 1 else found[0]

    def _both(self) -> Expression:
        found = [self._one()]
        while self._takes("&&"):
            found.append(self._one())
        return And(tuple(found)) if len(found) > 1 else found[0]

    def _one(self) -> Expression:
        negated = False
        while self._takes("!"):
            negated = not negated
        found = self._bare()
        return Not(found) if negated else found

    def _bare(self) -> Expression:
        token = self._take()
        match token.kind:
            case "has":
                return Condition(token.text, Test.HAS)
            case "all" | "global":
                return Everything(token.kind == "global")
            case "word":
                return self._condition(token)
            case "(":
                return self._inside(token)
            case _:
                raise self._unexpected(token, "a label, has(), all() or (")

    def _inside(self, opening: _Token) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise SelectorError(f"there are more than {DEEPEST} parentheses inside one another", opening.at)
        found = self._either()
        token = self._take()
        if token.kind != ")":
            raise self._unexpected(token, "&&, || or )")
        self._depth -= 1
        return found

    def _condition(self, label: _Token) -> Condition:
        token = self._take()
        word = token.text if token.kind == "word" else token.kind
        if word in _TWO_WORDS:
            second = self._take()
            word = f"{word} {second.text}" if second.text == _TWO_WORDS[word] else ""
        word = _ONE_WORD.get(word, word)
        if word in ("in", "not in"):
            return Condition(label.text, Test(word), self._set())
        if word in ("==", "!="):
            return Condition(label.text, Test.IN if word == "==" else Test.NOT_IN, (self._string(),))
        if word in (Test.CONTAINS, Test.STARTS_WITH, Test.ENDS_WITH):
            return Condition(label.text, Test(word), (self._string(),))
        raise self._unexpected(token, f"{OPERATORS} after the label {quoted(label.text)}")

    def _set(self) -> tuple[str, ...]:
        token = self._take()
        if token.kind != "{":
            raise self._unexpected(token, "a set such as {'a', 'b'}")
        values: list[str] = []
        while self._tokens[self._next].kind == "string":
            values.append(self._string())
            if not self._takes(","):
                break
        token = self._take()
        if token.kind != "}":
            raise self._unexpected(token, "a text in quotes, or }" if not values else ", or }")
        return tuple(sorted(set(values)))

    def _string(self) -> str:
        token = self._take()
        if token.kind == "string":
            return token.text
        raise self._unexpected(token, "a text in quotes")

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        if token.kind != "end":
            self._next += 1
        return token

    def _takes(self, kind: str) -> bool:
        found = self._tokens[self._next].kind == kind
        self._next += found
        return found

    def _unexpected(self, token: _Token, expected: str) -> SelectorError:
        found = "the end" if token.kind == "end" else quoted(self._text[token.at :].split(maxsplit=1)[0])
        return SelectorError(f"{found} at character {token.at + 1}, where {expected} was expected", token.at)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        assert match is not None  # noqa: S101 - one of the alternatives always matches
        kind, start = str(match.lastgroup), match.start(match.lastgroup or 0)
        at = match.end()
        if kind == "wrong":
            raise _wrong(match[kind], start)
        if kind in ("key", "has"):
            yield _Token("has", match["key"], match.start("has"))
        elif kind == "string":
            yield _Token(kind, match[kind][1:-1], start)
        elif kind == "end":
            yield _Token(kind, "", start)
            return
        else:
            yield _Token(match[kind] if kind == "sign" else kind, match[kind], start)


def _wrong(letter: str, at: int) -> SelectorError:
    """What is wrong about a letter with which nothing starts."""
    if letter in "\"'":
        return SelectorError(f"the quote at character {at + 1} is not closed", at)
    wanted = f"'{letter * 2}' was" if letter in "=&|" else "letters, digits, '-', '_', '.' or '/' were"
    return SelectorError(f"{quoted(letter)} at character {at + 1}, where {wanted} expected", at)
