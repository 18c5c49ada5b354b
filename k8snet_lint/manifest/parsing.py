"""Text → Documents: split, sniff, parse; each error stays within its document."""

from __future__ import annotations

from collections import Counter
from json import JSONDecodeError
from typing import TYPE_CHECKING

from k8snet_lint.expression import expression
from k8snet_lint.manifest import lines
from k8snet_lint.manifest.document import Document, Form, Written
from k8snet_lint.manifest.problem import InputProblem, ProblemCode, Refused
from k8snet_lint.manifest.sniff import unwanted
from k8snet_lint.manifest.split import Section, count_breaks, split
from k8snet_lint.record import NamedTuple
from k8snet_lint.source import Location, Position, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snet_lint.manifest.reading import Reading

# Text that starts so is meant as JSON, unlike YAML in braces or a template.
_LIKE_JSON = expression(r'\s*(?:\{\s*"|\[\s*[\[{"])')
_QUOTED = expression(r"""'[^']*'|"[^"]*"(?=\s*(?:$|[,}\]#]))""")
_SEPARATOR_HELP = "write nothing but `---` on the line that parts two documents, or indent the text"
_TEMPLATE_HELP = "render it first, as in `helm template CHART | k8snet-lint check -`"
_TAG = expression(r"(?m)^[ \t]*\{%")  # of Jinja and Liquid, and no YAML: `%` starts no value


class Passed(NamedTuple):
    """A document that was passed over: its group and kind, where its section starts and ends, and on which line."""

    group: str
    kind: str
    start: int
    end: int
    line: int

    def text(self, source: Source) -> str:
        """What the section holds, as a Section has it."""
        return ("\n" if self.start < 0 else "") + source.text[max(self.start, 0) : self.end]


class Parsed(NamedTuple):
    """What a source holds.

    Shapes: `documents` in their order, without empty ones; `passed` are those that were not parsed since nobody
    wants them.
    """

    documents: tuple[Document, ...] = ()
    problems: tuple[InputProblem, ...] = ()
    passed: tuple[Passed, ...] = ()

    @property
    def skipped(self) -> tuple[tuple[str, int], ...]:
        """How many were passed over, by `group/Kind` (`Kind` in the core group)."""
        return tuple(sorted(Counter("/".join(filter(None, one[:2])) for one in self.passed).items()))


def parse(source: Source, *, wanted: Callable[[str, str], bool] | None = None, strict: bool = False) -> Parsed:
    """The documents of a source as kubectl reads them, and what is wrong with its text.

    A document for which `wanted(group, kind)` is false is passed over where its kind can be told without parsing;
    what is wrong within it goes unseen then, unless `strict`. A file that does not parse because it is a template,
    of Go or of Jinja, gives one problem and no documents.
    """
    if source.text.startswith("\ufeff"):
        source = Source(source.name, source.text[1:])
    reader = _Reader(source, None if strict else wanted)
    for section in split(source.text):
        reader.read(section)
    return reader.parsed()


def parse_passed(source: Source, passed: Passed) -> Parsed:
    """A document that was passed over, parsed after all."""
    reader = _Reader(source, None)
    reader.read(Section(passed.text(source), passed.start, passed.line))
    return reader.parsed()


class _Reader:
    """Collects what the sections of one source give."""

    def __init__(self, source: Source, wanted: Callable[[str, str], bool] | None) -> None:
        self.source = source
        self.wanted = wanted
        self.documents: list[Document] = []
        self.problems: list[InputProblem] = []
        self.passed: list[Passed] = []
        self.template: InputProblem | None = None

    def parsed(self) -> Parsed:
        if self.template is not None:
            return Parsed((), (self.template,))
        return Parsed(tuple(self.documents), tuple(self.problems), tuple(self.passed))

    def read(self, section: Section) -> None:
        if section.wrong is not None:
            self.refuse_separator(*section.wrong)
            return
        first = section.text.lstrip()[:1]
        if first in ("{", "["):
            self.read_json(section)
        elif first and not self.skips(section):
            self.read_yaml(section)

    def skips(self, section: Section) -> bool:
        kind = unwanted(section.text, self.wanted) if self.wanted else None
        if kind is None:
            return False
        self.passed.append(Passed(*kind, section.start, section.start + len(section.text), section.line))
        return True

    def read_yaml(self, section: Section, json_error: JSONDecodeError | None = None) -> None:
        """Read the one document of a section; `json_error` tells why it is no JSON, where it looks like some."""
        try:
            plain = lines.read(section.text)
            reading = plain or _any_yaml(section.text, json_error)
        except Refused as refused:
            self.refuse(section, refused)
            return
        if reading.value is not None:
            end = section.start + len(section.text)
            form = Form.LINES if plain else Form.YAML
            written = Written(max(section.start, 0), end, max(section.line, 1), form)
            self.add(
                Document(self.source, reading.value, section.line + reading.line, written), repeats=reading.repeats
            )
        if reading.rest is not None:
            self.refuse(section, reading.rest)

    def read_json(self, section: Section) -> None:
        """Read JSON objects, several only at the start of a file; what is no JSON may still be YAML."""
        from k8snet_lint.manifest import json_text  # noqa: PLC0415 - most manifests are YAML

        try:
            values = list(json_text.read(section.text))
        except JSONDecodeError as error:
            self.read_yaml(section, error if _LIKE_JSON.match(section.text) else None)
            return
        except (ValueError, RecursionError):
            self.read_yaml(section)
            return
        if len(values) > 1 and section.start >= 0:
            self.read_yaml(section)
            return
        line, before = section.line, 0
        for value, start, end, repeats in values:
            line, before = line + count_breaks(section.text[before:start]), start
            written = Written(section.start + start, section.start + end, line, Form.JSON)
            self.add(Document(self.source, value, line, written), repeats=repeats)

    def add(self, document: Document, *, repeats: bool) -> None:
        self.documents.append(document)
        for name, first, again in document.repeated_keys() if repeats else ():
            problem = InputProblem(
                ProblemCode.DUPLICATE_KEY,
                again,
                f"the key `{name}` is written twice in one mapping; only the last value counts",
                "remove one of the two",
                ((first, "first written here"),),
            )
            self.problems.append(problem)

    def refuse(self, section: Section, refused: Refused) -> None:
        place = self.place(max(section.line + refused.line, 1), refused.column, refused.width)
        if _is_template(section.text, refused.line):
            self.found_template(place)
        else:
            self.problems.append(InputProblem(ProblemCode.PARSE_ERROR, place, refused.message, refused.help))

    def refuse_separator(self, rest: str, line: int) -> None:
        written = self.source.line(line).rstrip()
        place = self.place(line, 0, len(written))
        if "{{" in rest:
            self.found_template(place)
            return
        message = f"`{rest:.40}` follows `---`, which starts a line only to part documents"
        self.problems.append(InputProblem(ProblemCode.PARSE_ERROR, place, message, _SEPARATOR_HELP))

    def found_template(self, place: Location) -> None:
        if self.template is None:
            message = "the file is a template, not a manifest yet"
            self.template = InputProblem(ProblemCode.TEMPLATE, place, message, _TEMPLATE_HELP)

    def place(self, line: int, column: int, width: int) -> Location:
        return Location(self.source, Span(Position(line, column + 1), Position(line, column + 1 + width)))


def _any_yaml(text: str, json_error: JSONDecodeError | None) -> Reading:
    from k8snet_lint.manifest import yaml_text  # noqa: PLC0415 - PyYAML, which most manifests can do without

    return yaml_text.read(text, json_error)


def _is_template(text: str, line: int) -> bool:
    """Whether a text that failed at `line` has an action of a template there, or one that starts a line."""
    if "\n{{" in text or _TAG.search(text):
        return True
    near = text.split("\n")[max(line - 1, 0) : line + 1]
    return any("{{" in _QUOTED.sub("", written) for written in near)
