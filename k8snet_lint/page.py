"""A rule's page taken apart: its summary, its sections, the examples in it and the lines they mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FENCE = "```"
MARK = "# finding"


class Mark(NamedTuple):
    """A line that an example marks with `# finding`, or `# finding: words of the message`."""

    line: int
    text: str = ""


class Example(NamedTuple):
    """A fenced manifest of a page; without marks it is one that the rule has nothing to say about."""

    line: int
    text: str
    marks: tuple[Mark, ...]


def summary(page: str) -> str:
    """The page's first line, without its final period."""
    return page.strip().partition("\n")[0].rstrip(".")


def introduction(page: str) -> str:
    """What stands between the summary and the first heading: why it matters and what to do."""
    paragraphs = page.strip().split("\n\n")[1:]
    before = []
    for paragraph in paragraphs:
        if _is_heading(paragraph):
            break
        before.append(" ".join(paragraph.split()))
    return "\n\n".join(before)


def _is_heading(paragraph: str) -> bool:
    first = paragraph.strip().partition("\n")[0]
    return first.endswith(":") or first.startswith(FENCE)


def examples(page: str) -> tuple[Example, ...]:
    """The fenced `yaml` examples of a page, in order."""
    return tuple(_examples(page.split("\n")))


def _examples(lines: list[str]) -> Iterator[Example]:
    start: int | None = None
    for number, line in enumerate(lines, start=1):
        if start is None:
            if line.strip() == f"{FENCE}yaml":
                start = number + 1
        elif line.strip() == FENCE:
            body = lines[start - 1 : number - 1]
            yield Example(start, "\n".join(body) + "\n", tuple(_marks(body)))
            start = None


def _marks(body: list[str]) -> Iterator[Mark]:
    for number, line in enumerate(body, start=1):
        before, mark, after = line.rpartition(MARK)
        if mark and (not before or before.endswith(" ")) and (not after or after.startswith(":")):
            yield Mark(number, after.removeprefix(":").strip())
