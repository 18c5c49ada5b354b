"""What can go wrong besides the manifests' content; each error names the act that mends it."""

from __future__ import annotations

from k8snet_lint.record import NamedTuple


class K8snetLintError(Exception):
    """A message for the user, and how to mend it.

    Shapes: `message` says what is there and what was expected; `help` says what to do.
    """

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002 - the reports' word for it
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(K8snetLintError):
    """The command line cannot be carried out; exit code 2."""


class ConfigError(K8snetLintError):
    """A configuration file is not usable; exit code 2. The message starts with `file:line:column: `."""


class RuleError(K8snetLintError):
    """A rule file does not load, or a rule id is unknown; exit code 2."""


class Unread(NamedTuple):
    """An input, or a part of one, that could not be read: said in every report, exit code 3.

    Shapes: `line` and `column` count from 1, or are 0 where the whole file is meant.
    """

    name: str
    message: str
    help: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.name}{place}: {self.message}"


class Skipped(NamedTuple):
    """Inputs that were recognised and not judged: how many, why, and which.

    Shapes: with `is_gap`, they may hold what would have been judged, had it been possible.
    """

    reason: str
    total: int
    names: tuple[str, ...] = ()
    is_gap: bool = False
