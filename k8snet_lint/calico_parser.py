"""Reads Calico's selector expressions, and says where a text is none (Calico, *NetworkPolicy*, Selectors)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.calico_selector import And, Condition, Everything, Not, Or, Test
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.calico_selector import Expression

DEEPEST = 50
"""Parentheses inside of parentheses; nobody writes as many."""

OPERATORS = "==, !=, in, not in, contains, starts with or ends with"


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
