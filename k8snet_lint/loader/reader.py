"""Files to the objects they hold, each file once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from k8snet_lint.errors import Unread
from k8snet_lint.loader.kinds import wanted
from k8snet_lint.loader.kustomization import FILE_NAMES, as_kustomization
from k8snet_lint.loader.objects import Objects, collect
from k8snet_lint.manifest import InputProblem, ProblemCode, decode, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.loader.options import LoadOptions
    from k8snet_lint.loader.walk import File
    from k8snet_lint.source import Source

MAX_MEBIBYTES = 64
"""What a file may weigh: far more than any manifest, and less than what fills a memory."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file that was read.

    Shapes: `held` is what its documents hold; `is_template` where something would have to fill it
    in before it is YAML; `unread` says why there is nothing.
    """

    file: File
    source: Source | None = None
    problems: tuple[InputProblem, ...] = ()
    held: Objects = field(default_factory=Objects)
    documents: int = 0
    is_template: bool = False
    is_kustomization: bool = False
    unread: Unread | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the file is lost."""
        return self.unread is None and not self.is_template and not self.problems and not self.held.problems


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

    def read(self, file: File, *, fragments: bool = False) -> Text:
        """What a file holds; `fragments` where it lies beside a kustomization that may patch with it."""
        text = self._texts.get(file.path)
        if text is None:
            text = self._texts[file.path] = self._text(file, fragments=fragments)
        return text

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that was read, by name."""
        return tuple(sorted(self._texts.values(), key=lambda text: text.file.name))

    def _text(self, file: File, *, fragments: bool) -> Text:
        data = self._bytes(file)
        if isinstance(data, Unread):
            return Text(file, unread=data)
        source = decode(file.name, data)
        if isinstance(source, InputProblem):
            place = source.location.span.start
            return Text(file, unread=Unread(file.name, source.message, source.help, place.line, place.column))
        parsed = parse(source, wanted=self._wanted, strict=self._strict)
        if any(problem.code is ProblemCode.TEMPLATE for problem in parsed.problems):
            return Text(file, is_template=True)
        problems = tuple(parsed.problems)
        roots = [document.root for document in parsed.documents]
        if roots and os.path.basename(file.path) in FILE_NAMES:
            written = as_kustomization(roots[0])
            if written is not None:
                return Text(file, source, problems, Objects([written]), len(roots), is_kustomization=True)
        held = collect(roots, self._wanted, fragments=fragments)
        return Text(file, source, problems, held, len(roots))

    def _bytes(self, file: File) -> bytes | Unread:
        limit = MAX_MEBIBYTES * 1024 * 1024
        data = self._given.get(file.path)
        if data is None:
            try:
                with open(file.path, "rb") as stream:
                    data = stream.read(limit + 1)
            except (OSError, ValueError) as error:
                message = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
                return Unread(file.name, message[:1].lower() + message[1:], "make the file readable, or exclude it")
        if len(data) > limit:
            return Unread(file.name, f"the file is larger than {MAX_MEBIBYTES} MiB", "split it, or exclude it")
        return data
