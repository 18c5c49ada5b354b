"""Files to the objects they hold, each file once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.errors import Unread
from k8snet_lint.expression import expression
from k8snet_lint.loader.kinds import DEFINITION, built, wanted
from k8snet_lint.loader.kustomization import FILE_NAMES, as_kustomization
from k8snet_lint.loader.objects import Objects, collect
from k8snet_lint.manifest import InputProblem, ProblemCode, decode, parse
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.loader.options import LoadOptions
    from k8snet_lint.loader.walk import File
    from k8snet_lint.manifest import Node, Parsed, Passed
    from k8snet_lint.source import Source

_MANIFEST = expression(
    r"""^(?:apiVersion\s*:|kind\s*:\s*["']?[A-Z]) | (?:^|[{,])[ \t]*["'](?:apiVersion|kind)["']\s*:""",
    re.MULTILINE | re.VERBOSE,
)
"""What every manifest says somewhere; a faulty file that does not say it belongs to another program."""

MAX_MEBIBYTES = 64
"""What a file may weigh: far more than any manifest, and less than what fills a memory."""

CHUNK = 65_536


class Text(NamedTuple):
    """A file that was read.

    Shapes: `held` is what its documents hold; `is_template` where something would have to fill it
    in before it is YAML; `unread` says why there is nothing; `roots` are the documents of a patch; `definitions` are
    the CustomResourceDefinitions that were passed over.
    """

    file: File
    held: Objects
    source: Source | None = None
    problems: tuple[InputProblem, ...] = ()
    documents: int = 0
    is_template: bool = False
    unread: Unread | None = None
    roots: tuple[Node, ...] = ()
    definitions: tuple[Passed, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the file is lost."""
        return self.is_parsed and not self.held.problems

    @property
    def is_parsed(self) -> bool:
        """Whether all of the file is YAML."""
        return self.unread is None and not self.is_template and not self.problems


class Reader:
    """Reads files and keeps what it read.

    `given` are the bytes of files that are not on disk, by path. Raises nothing: what cannot be read is said in the
    Text, since the run goes on without it.
    """

    def __init__(self, options: LoadOptions, given: Mapping[str, bytes]) -> None:
        self._wanted = None if options.read_all_kinds else wanted
        self._strict = options.strict_parse
        self._given = given
        self._texts: dict[str, Text] = {}
        self._patches: dict[str, Text] = {}

    def read(self, file: File, *, fragments: bool = False, building: bool = False) -> Text:
        """What a file holds; `fragments` where it lies beside a kustomization that may patch with it.

        With `building`, objects that no rule judges are read too where others name them.
        """
        text = self._texts.get(file.path)
        if text is None:
            text = self._texts[file.path] = self._text(file, fragments=fragments, building=building)
        return text

    def patch(self, file: File) -> Text:
        """The documents of a file that a kustomization patches with."""
        text = self._patches.get(file.path)
        if text is None:
            text = self._patches[file.path] = self._patch(file)
        return text

    def content(self, file: File) -> bytes | Unread:
        """The bytes of a file."""
        return self._bytes(file)

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that was read, by name; a file that is a patch and a resource too counts as the latter."""
        return tuple(sorted({**self._patches, **self._texts}.values(), key=lambda text: text.file.name))

    def _text(self, file: File, *, fragments: bool, building: bool) -> Text:
        data = self._bytes(file)
        if isinstance(data, Unread):
            return Text(file, Objects(), unread=data)
        source = decode(file.name, data)
        if isinstance(source, InputProblem):
            if self._is_strange(file, source.location.source):
                return Text(file, Objects(others=1))
            place = source.location.span.start
            return Text(
                file, Objects(), unread=Unread(file.name, source.message, source.help, place.line, place.column)
            )
        parsed = parse(source, wanted=built if building and self._wanted else self._wanted, strict=self._strict)
        if _is_for_ytt(source.text) or any(problem.code is ProblemCode.TEMPLATE for problem in parsed.problems):
            return Text(file, Objects(), is_template=True)
        if parsed.problems and self._is_strange(file, source):
            return Text(file, Objects(others=1), source, documents=len(parsed.documents))
        held = self._held(file, parsed, fragments=fragments)
        return Text(
            file,
            held,
            source,
            # What a file without manifests repeats is its own affair.
            tuple(one for one in parsed.problems if held or one.code is ProblemCode.PARSE_ERROR),
            len(parsed.documents) + len(parsed.passed),
            definitions=tuple(one for one in parsed.passed if one[:2] == DEFINITION),
        )

    def _patch(self, file: File) -> Text:
        data = self._bytes(file)
        source = data if isinstance(data, Unread) else decode(file.name, data)
        if isinstance(source, Unread):
            return Text(file, Objects(), unread=source)
        if isinstance(source, InputProblem):
            place = source.location.span.start
            return Text(
                file, Objects(), unread=Unread(file.name, source.message, source.help, place.line, place.column)
            )
        parsed = parse(source)
        if any(problem.code is ProblemCode.TEMPLATE for problem in parsed.problems):
            return Text(file, Objects(), is_template=True)
        roots = tuple(document.root for document in parsed.documents)
        return Text(file, Objects(), source, parsed.problems, len(roots), roots=roots)

    def _held(self, file: File, parsed: Parsed, *, fragments: bool) -> Objects:
        roots = [document.root for document in parsed.documents]
        if roots and file.base in FILE_NAMES:
            written = as_kustomization(roots[0])
            if written is not None:
                return Objects([written], is_kustomization=True)
        held = collect(roots, self._wanted, fragments=fragments)
        for kind, count in parsed.skipped:
            held.kinds[kind] = held.kinds.get(kind, 0) + count
        return held

    def _is_strange(self, file: File, source: Source) -> bool:
        """Whether a faulty file is another program's, whose faults are none of our concern."""
        named = file.is_argument or file.base in FILE_NAMES
        return not named and not _MANIFEST.search(source.text)

    def _bytes(self, file: File) -> bytes | Unread:
        limit = MAX_MEBIBYTES * 1024 * 1024
        data = self._given.get(file.path)
        if data is None:
            try:
                data = _read(file.path, limit)
            except (OSError, ValueError) as error:
                message = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                return Unread(file.name, message[:1].lower() + message[1:], "make the file readable, or exclude it")
        if len(data) > limit:
            return Unread(file.name, f"the file is larger than {MAX_MEBIBYTES} MiB", "split it, or exclude it")
        return data


def _read(path: str, limit: int) -> bytes:
    """The file's bytes, up to the limit and a little more: a pipe may never end."""
    chunks = []
    size = 0
    with open(path, "rb", buffering=0) as stream:
        while size <= limit and (chunk := stream.read(CHUNK)):
            chunks.append(chunk)
            size += len(chunk)
    return b"".join(chunks)


def _is_for_ytt(text: str) -> bool:
    """Whether comments of a text are code of Carvel's ytt, which leaves values empty that it fills in."""
    return "#@" in text and re.search(r"(?m)^[ \t]*#@ (?:load|if|for|def|end)\b|[:-] #@ ", text) is not None
