"""What a manifest's text can have wrong, in the reader's words."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.source import Location


class ProblemCode(enum.StrEnum):
    """What kind of thing is wrong with an input.

    PARSE_ERROR: a document, or a whole file, could not be read. DUPLICATE_KEY: a mapping holds a key twice.
    TEMPLATE: a file that does not parse because it is a template; to be counted, not an error.
    """

    PARSE_ERROR = "parse-error"
    DUPLICATE_KEY = "duplicate-key"
    TEMPLATE = "template"


class InputProblem(NamedTuple):
    """One thing that is wrong with an input, and where; `related` are further places with a word on each."""

    code: ProblemCode
    location: Location
    message: str
    help: str = ""
    related: tuple[tuple[Location, str], ...] = ()


class ScalarError(Exception):
    """A scalar that Kubernetes' reader of YAML refuses."""

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002 - the reports' word for it
        super().__init__(message)
        self.message = message
        self.help = help


class Refused(Exception):  # noqa: N818 - it says what became of the document
    """A document that cannot be read.

    Shapes: `line` and `column` count from 0 in the text that was read; `width` is in code points.
    """

    def __init__(self, message: str, help: str, line: int, column: int, width: int = 1) -> None:  # noqa: A002 - as above
        super().__init__(message)
        self.message = message
        self.help = help
        self.line = line
        self.column = column
        self.width = max(width, 1)
