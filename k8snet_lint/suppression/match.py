"""Which suppression accepts a finding, and which accepted none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from k8snet_lint.nearest import did_you_mean
from k8snet_lint.record import NamedTuple
from k8snet_lint.report import ResourceName, Suppressed
from k8snet_lint.source import Location, Position, Source, Span
from k8snet_lint.suppression.comments import MARKER, WHOLE_FILE, directives

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from k8snet_lint.config import Config, Suppression
    from k8snet_lint.suppression.annotated import Annotated

ANNOTATION = "k8snet-lint.io/ignore"

_EXPECTED = 'write "rule-id: reason; other-rule: reason"'
_UNWRITTEN = Location(Source("<configuration>", ""), Span(Position(1, 1), Position(1, 1)))


class Entry:
    """One rule that is suppressed, and where that is written.

    Shapes: `kind` as in Suppressed; `rule` is empty where every rule is meant.
    """

    def __init__(self, kind: str, rule: str, reason: str, location: Location) -> None:
        self.kind: Final = kind
        self.rule: Final = rule
        self.reason: Final = reason
        self.location: Final = location


class Lapse(NamedTuple):
    """What is wrong with a suppression, and where it is written."""

    location: Location
    message: str
    help: str


class Suppressions:
    """All suppressions of a run; it remembers which of them have matched a finding."""

    def __init__(self, today: str, current: Callable[[str], str]) -> None:
        self._today = today
        self._known_as = current
        self._written: dict[tuple[str, int, str], Entry] = {}
        self._annotated: dict[tuple[str, ResourceName, str], list[tuple[Entry, frozenset[str]]]] = {}
        self._configured: dict[tuple[str, str], list[tuple[Entry, Suppression]]] = {}
        self._expired: dict[Entry, str] = {}
        self._entries: list[Entry] = []
        self._faults: list[Lapse] = []
        self._used: set[Entry] = set()

    @classmethod
    def of(
        cls,
        sources: Iterable[Source],
        annotations: Iterable[Annotated],
        config: Config,
        *,
        today: str,
        current: Callable[[str], str],
    ) -> Suppressions:
        """The suppressions that these texts, these values of `k8snet-lint.io/ignore` and the configuration hold.

        Where the configuration says that manifests have no say (`inline: false`), texts and annotations are left alone.

        Shapes: `today` is `YYYY-MM-DD`; `current` gives the id of today for one that a rule once had.
        """
        found = cls(today, current)
        if config.inline:
            for source in sources:
                if MARKER in source.text:
                    found._read_comments(source)
            for annotated in annotations:
                found._read_annotation(annotated)
        for index, suppression in enumerate(config.suppressions):
            found._configure(suppression, config.locate(("suppressions", index)) or _UNWRITTEN)
        return found

    def _read_comments(self, source: Source) -> None:
        for found in directives(source):
            if found.fault:
                self._faults.append(Lapse(found.location, found.fault, "write 'ignore[rule-id] reason'"))
            for rule in found.rules:
                self._add(source, found.line, Entry("inline", self._known_as(rule), found.reason, found.location))

    def _read_annotation(self, annotated: Annotated) -> None:
        location = annotated.node.location
        parts = [part.partition(":") for part in annotated.node.text.split(";") if part.strip()]
        if not parts:
            self._faults.append(Lapse(location, f"the annotation {ANNOTATION} names no rule", _EXPECTED))
        for rule, _, reason in parts:
            if rule.strip():
                entry = Entry("annotation", self._known_as(rule.strip()), reason.strip(), location)
                self._entries.append(entry)
                for file in annotated.files:
                    key = (file, annotated.resource, entry.rule)
                    self._annotated.setdefault(key, []).append((entry, annotated.views))
            else:
                fault = f"the annotation {ANNOTATION} names no rule before '{reason.strip()}'"
                self._faults.append(Lapse(location, fault, _EXPECTED))

    def _add(self, source: Source, line: int, entry: Entry) -> None:
        self._entries.append(entry)
        self._written.setdefault((source.name, line, entry.rule), entry)

    def _configure(self, suppression: Suppression, location: Location) -> None:
        entry = Entry("configuration", self._known_as(suppression.rule), suppression.reason, location)
        self._entries.append(entry)
        if suppression.expires and suppression.expires < self._today:
            self._expired[entry] = suppression.expires
        else:
            exact = "" if "*" in suppression.resource else suppression.resource
            self._configured.setdefault((entry.rule, exact), []).append((entry, suppression))

    def match(
        self, rule: str, resource: ResourceName | None, location: Location, views: Collection[str] = ()
    ) -> Suppressed | None:
        """Why a finding of `rule` about `resource` at `location` is accepted; None where it is not.

        Of several suppressions the nearest answers (the line's, the object's, the file's, the configuration's), and all
        of them count as used. An object's annotation accepts what is found in any file that writes a part of it.

        Shapes: `views` are the units or worlds that show the finding, all of which have to hold the annotation; empty
        where there is but one.
        """
        matching = list(self._matching(rule, resource, location, frozenset(views)))
        self._used.update(matching)
        for entry in matching:
            return Suppressed(entry.kind, entry.reason, str(entry.location))
        return None

    def _matching(
        self, rule: str, resource: ResourceName | None, location: Location, views: frozenset[str]
    ) -> Iterator[Entry]:
        file = location.source.name
        yield from self._commented(file, location.span.start.line, rule)
        held = self._annotated.get((file, resource, rule), ()) if resource is not None else ()
        if views <= frozenset().union(*(shown for _, shown in held)):
            yield from (entry for entry, _ in held)
        yield from self._commented(file, WHOLE_FILE, rule)
        names = {str(resource), f"{resource.kind}/{resource.name}"} if resource is not None else set()
        for name in (*sorted(names), ""):
            for entry, suppression in self._configured.get((rule, name), ()):
                if _is_about(suppression, resource):
                    yield entry

    def _commented(self, file: str, line: int, rule: str) -> Iterator[Entry]:
        found = (self._written.get((file, line, wanted)) for wanted in (rule, ""))
        return (entry for entry in found if entry is not None)

    def unused(self, *, known: Collection[str], ran: Collection[str]) -> tuple[Lapse, ...]:
        """The suppressions that had no effect, once every finding has been matched; ill-formed ones too.

        One that names a known rule which did not run is no lapse.

        Shapes: `known` are the ids of all rules, `ran` of those that ran.
        """
        lapses = self._faults.copy()
        for entry in self._entries:
            if entry.rule and entry.rule not in known:
                message = f"suppression of the unknown rule '{entry.rule}'{did_you_mean(entry.rule, known)}"
                lapses.append(Lapse(entry.location, message, "'k8snet-lint rules' lists all rules"))
            elif entry.rule and entry.rule not in ran:
                continue
            elif entry in self._expired:
                message = f"{_said(entry)} expired on {self._expired[entry]}"
                lapses.append(Lapse(entry.location, message, "mend what it accepted, or give it a later date"))
            elif entry not in self._used:
                lapses.append(Lapse(entry.location, f"{_said(entry)} matches no finding", "delete it"))
        return tuple(sorted(lapses, key=_place))

    def without_reason(self) -> tuple[Lapse, ...]:
        """The suppressions that do not say why."""
        silent = (entry for entry in self._entries if not entry.reason)
        return tuple(
            sorted((Lapse(e.location, f"{_said(e)} gives no reason", _ASKED[e.kind]) for e in silent), key=_place)
        )


_ASKED = {
    "inline": "say why after it: 'ignore[rule-id] reason'",
    "annotation": _EXPECTED,
    "configuration": "add 'reason'",
}


def _said(entry: Entry) -> str:
    return f"suppression of '{entry.rule}'" if entry.rule else "suppression of every rule in this file"


def _place(lapse: Lapse) -> tuple[tuple[str, Span], str]:
    return lapse.location.sort_key, lapse.message


def _is_about(suppression: Suppression, resource: ResourceName | None) -> bool:
    """Whether a configured suppression means this object."""
    if resource is None:
        return not suppression.resource and not suppression.namespace
    wanted = suppression.resource.split("/")
    written = (resource.kind, resource.namespace, resource.name)
    actual = written if len(wanted) == 3 else (resource.kind, resource.name)
    return (not suppression.namespace or _matches(suppression.namespace, resource.namespace)) and (
        wanted == [""] or all(map(_matches, wanted, actual))
    )


def _matches(pattern: str, name: str) -> bool:
    """Whether `name` is as `pattern` says, in which `*` stands for any letters; in time linear in the name."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    if not name.startswith(first):
        return False
    position = len(first)
    *middle, last = rest
    for piece in middle:
        position = name.find(piece, position) + len(piece)
        if position < len(piece):
            return False
    return name.endswith(last) and len(name) - len(last) >= position
