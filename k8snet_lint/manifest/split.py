"""Text → sections: kubectl parts documents at the lines that hold `---`, before any YAML is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Section(NamedTuple):
    """The text between two lines that hold `---`.

    Shapes: `text` starts with what is left of the `---` line (nothing, blanks or a comment), or, before the
    file's first line, with a line break that is not in the file; `start` is its place in the file's text, `line`
    the number of the line it starts on (0: before the first). `wrong` is what stands on a `---` line so that
    kubectl refuses the section, and the number of that line; the text of such a section is not complete.
    """

    text: str
    start: int
    line: int
    wrong: tuple[str, int] | None = None


def split(text: str) -> Iterator[Section]:
    """The sections of a file, empty ones included.

    A line that starts with `---` and goes on with anything but a comment is an error to kubectl. What follows
    `--- ` on its line starts a section, which is refused; `---x` is no separator, so that the section it
    stands in is refused.
    """
    unusual = has_unusual_breaks(text)
    pieces = iter(("\n" + text).split("\n---"))
    section = Section(next(pieces), -1, 0)
    last, start, line = section.text, -1, 0
    for piece in pieces:
        start += len(last) + 4
        # A carriage return at the end belongs to the line break that the `---` follows.
        line += (count_breaks(last.removesuffix("\r")) if unusual else last.count("\n")) + 1
        last = piece
        wrong = None
        if piece and piece[0] != "\n":
            rest = piece.partition("\n")[0].strip()
            wrong = (rest, line) if rest and rest[0] != "#" else None
        if wrong is None or piece[0] in " \t":
            yield section
            section = Section(piece, start, line, wrong)
        elif section.wrong is None:
            section = section._replace(wrong=wrong)
    yield section


def has_unusual_breaks(text: str) -> bool:
    """Whether YAML sees line breaks in the text other than LF and CR LF."""
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return True
    return not text.isascii() and ("\x85" in text or "\u2028" in text or "\u2029" in text)


def count_breaks(text: str) -> int:
    """How many line breaks the text holds, as YAML counts them."""
    return sum(map(text.count, "\n\r\x85\u2028\u2029")) - text.count("\r\n")
