"""What the API server rejects as a port's name or number (apimachinery `IsValidPortName`, `IsDNS1123Label`)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.manifest import Node

LOWEST, HIGHEST = 1, 65535

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)


class Flaw(NamedTuple):
    """A value that the API server rejects, and what it insists on; `act` is what mends it, where the value does not."""

    node: Node
    why: str
    act: str = ""

    @property
    def help(self) -> str:
        """What mends it."""
        if self.act:
            return self.act
        is_number = self.node.key in ("port", "targetPort") and self.node.text.isdecimal()
        return f"write {self.node.text} without quotes" if is_number else f"correct the {self.node.key}"

    def __str__(self) -> str:
        return f"{self.node.key} {quoted(str(self.node.value))}: {self.why}"


class Repeat(NamedTuple):
    """A value that has to be given once and is given again: both places, and what is given.

    Shapes: `is_rejected` tells that the API server rejects it where it only warns of others of its kind.
    """

    node: Node
    first: Node
    what: str
    is_rejected: bool = False


def repeats(nodes: Iterable[tuple[Node, str]]) -> Iterator[Repeat]:
    """The nodes whose text, such as `port 80/TCP`, stood before; an empty text counts for nothing."""
    seen: dict[str, Node] = {}
    for node, what in nodes:
        if what and seen.setdefault(what, node) is not node:
            yield Repeat(node, seen[what], what)


def flaws(node: Node, **judged: str) -> tuple[Flaw, ...]:
    """Those of a mapping's values that something is wrong with, by what each is judged to be.

    A variable that is yet to be filled in is not judged.
    """
    return tuple(Flaw(node[key], why) for key, why in judged.items() if why and not is_open(node[key].text))


def number_flaw(number: int | None) -> str:
    """Why a number is no port, or an empty text."""
    return "" if number is None or LOWEST <= number <= HIGHEST else f"a port is a number from {LOWEST} to {HIGHEST}"


def label_flaw(name: str) -> str:
    """Why a name is no DNS label, which a Service port's name has to be, or an empty text."""
    if len(name) > 63:
        return "a name has at most 63 characters"
    if name and not LABEL.fullmatch(name):
        return "a name has lower-case letters, digits, and '-' between them"
    return ""


@cache
def port_name_flaw(name: str) -> str:
    """Why a name is none of a container port, or an empty text."""
    if name.isascii() and name.isdecimal():
        return "a name has a letter, and a number stands without quotes"
    if len(name) > 15:
        return "a name has at most 15 characters"
    if name and (not LABEL.fullmatch(name) or "--" in name):
        return "a name has lower-case letters, digits, and single '-' between them"
    if name and not any(letter.isalpha() for letter in name):
        return "a name has at least one letter"
    return ""


def target_flaw(target: object) -> str:
    """Why a number or a name is no target port (`ValidatePortNumOrName`), or an empty text; 0 and "" mean unset."""
    if isinstance(target, str):
        return port_name_flaw(target)
    if isinstance(target, int) and not isinstance(target, bool) and target:
        return number_flaw(target)
    return ""
