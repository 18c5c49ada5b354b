"""How a rule is declared, and what its check yields."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from k8snet_lint.record import NamedTuple
from k8snet_lint.shipped import shipped_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.graph import Absence
    from k8snet_lint.manifest import Node

Check = Callable[..., Iterator["Problem"]]


class Severity(enum.IntEnum):
    """How bad a finding is; SARIF's levels."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        return self.name.lower()

    @property
    def raised(self) -> Severity:
        """One level worse; an error stays an error."""
        return Severity(min(self + 1, Severity.ERROR))


class Evidence(enum.Enum):
    """What a rule needs to see before it can be sure.

    LOCAL: one object decides. CONTRADICTION: two objects, both present, disagree.
    ABSENCE: something is not in the scanned set; it may be elsewhere.
    """

    LOCAL = "L"
    CONTRADICTION = "X"
    ABSENCE = "A"


class Preset(enum.StrEnum):
    """A named selection of rules; `strict` holds them all."""

    RECOMMENDED = "recommended"
    STRICT = "strict"
    SECURITY = "security"


class Problem(NamedTuple):
    """What a check found wrong, and where.

    `at` is the value to point to; one that is not written points to the nearest key that is. `severity`
    names another level than the rule's default. `absence` is given where the problem is that something is
    missing: the engine then lowers or raises the severity by what the scanned set covers and adds the near
    misses. `related` are further places with a word on each; `chain` are the steps of a path, in their order;
    `at_key` points to the key instead of the value. `pedantic` marks what most would not want to hear: the preset
    `strict` says it, and whoever selects rules by name. `instead_of` are further places where the rules that this
    one supersedes would tell the same.
    """

    at: Node
    message: str
    help: str = ""
    related: tuple[tuple[Node, str], ...] = ()
    severity: Severity | None = None
    absence: Absence | None = None
    at_key: bool = False
    chain: tuple[tuple[Node, str], ...] = ()
    pedantic: bool = False
    instead_of: tuple[Node, ...] = ()


class Rule(NamedTuple):
    """One check of ours, with all that is said about it.

    `docs` is the page (the module's docstring), `subject` the folder, `check` is None for what the engine
    itself says (a diagnostic); `supersedes` are the ids of rules whose findings are dropped where this one
    speaks at the same place, at a step of its chain or `instead_of` them; `accepted_with` are those whose
    suppression at the same place accepts its findings too.
    """

    id: str
    subject: str
    docs: str
    file: str
    severity: Severity
    severities: tuple[Severity, ...]
    evidence: Evidence
    presets: frozenset[Preset]
    since: str
    check: Check | None
    options: type[Any] | None = None
    references: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    accepted_with: tuple[str, ...] = ()
    fixable: bool = False

    @property
    def is_shipped(self) -> bool:
        """Whether it is one of ours, none of a user's."""
        return self.file.startswith(f"{_slashed(shipped_path('rules'))}/")

    @property
    def asks_effects(self) -> bool:
        """Whether it asks what policies do, which is worked out once for all rules that do."""
        return "Effects" in getattr(self.check, "__globals__", ())

    @property
    def summary(self) -> str:
        """The page's first line, without its final period."""
        from k8snet_lint import page  # noqa: PLC0415 - a check shows no pages

        return page.summary(self.docs)

    @property
    def defaults(self) -> Mapping[str, Any]:
        """What its options are where nobody sets them, by the names of their fields."""
        if self.options is None:
            return {}
        if hasattr(self.options, "_field_defaults"):
            return cast("Mapping[str, Any]", self.options._field_defaults)
        from dataclasses import fields  # noqa: PLC0415 - the options of most rules are a NamedTuple

        return {field.name: field.default for field in fields(self.options)}


def rule(  # noqa: PLR0913 - a declaration has as many parts as a rule
    *,
    severity: Severity,
    since: str,
    evidence: Evidence = Evidence.LOCAL,
    may_give: tuple[Severity, ...] = (),
    presets: tuple[Preset, ...] = (Preset.RECOMMENDED,),
    options: type[Any] | None = None,
    references: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    supersedes: tuple[str, ...] = (),
    accepted_with: tuple[str, ...] = (),
    fixable: bool = False,
) -> Callable[[Check], Rule]:
    """Declare the decorated check a rule; id, subject and page are read off its module.

    `may_give` are severities besides the default that a Problem of the rule may name.
    """

    def declare(check: Check) -> Rule:
        subject, rule_id, docs, file = _read_off(check.__module__)
        return Rule(
            id=rule_id,
            subject=subject,
            docs=docs,
            file=file,
            severity=severity,
            severities=tuple(sorted({severity, *may_give})),
            evidence=evidence,
            presets=frozenset((Preset.STRICT, *presets)),
            since=since,
            check=check,
            options=options,
            references=references,
            aliases=aliases,
            supersedes=supersedes,
            accepted_with=accepted_with,
            fixable=fixable,
        )

    return declare


def diagnostic(module: str, *, severity: Severity, since: str, presets: tuple[Preset, ...] = tuple(Preset)) -> Rule:
    """Declare what the engine itself says a rule without a check, so that it has an id, a page and a severity.

    `module` is the `__name__` of the file that holds the page.
    """
    subject, rule_id, docs, file = _read_off(module)
    return Rule(
        id=rule_id,
        subject=subject,
        docs=docs,
        file=file,
        severity=severity,
        severities=(severity,),
        evidence=Evidence.LOCAL,
        presets=frozenset((Preset.STRICT, *presets)),
        since=since,
        check=None,
    )


def _read_off(module_name: str) -> tuple[str, str, str, str]:
    """Subject, id, page and path of a rule's file: identity is where it stands, not what it says."""
    module = sys.modules[module_name]
    file = _slashed(str(module.__file__))
    *_, subject, name = file.removesuffix(".py").split("/")
    return subject, name.replace("_", "-"), module.__doc__ or "", file


def _slashed(path: str) -> str:
    return path.replace("\\", "/")
