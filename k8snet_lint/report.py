"""All of a run, as plain frozen data: what reporters render."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import ResourceName

__all__ = ["Crash", "Finding", "Related", "Report", "ResourceName", "Scanned", "Skipped", "Suppressed"]

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.declare import Rule, Severity
    from k8snet_lint.errors import Unread
    from k8snet_lint.source import Location


class Related(NamedTuple):
    """A further place that a finding speaks of."""

    location: Location
    message: str


class Suppressed(NamedTuple):
    """Why a finding is accepted: `kind` is `inline`, `annotation` or `configuration`; `by` is where that is written."""

    kind: str
    reason: str
    by: str


class Finding(NamedTuple):
    """A problem, stamped with its rule and its place.

    Shapes: `path` is a JSON pointer within the object; `chain` are the steps of a path, in their order; `units` are
    the names of the units in whose views it shows, empty where there is but one; `absence` marks a note about
    something that may live outside the scanned set, which never fails a run; `instead_of` are further places at which
    it drops what its rule supersedes.
    """

    rule: str
    severity: Severity
    message: str
    help: str
    resource: ResourceName | None
    location: Location
    path: str
    related: tuple[Related, ...] = ()
    fingerprint: str = ""
    units: tuple[str, ...] = ()
    absence: bool = False
    suppressed: Suppressed | None = None
    chain: tuple[Related, ...] = ()
    instead_of: tuple[Location, ...] = ()


class Crash(NamedTuple):
    """A rule that failed on this input; `where` is the file:line of the rule's code."""

    rule: str
    where: str
    message: str


class Scanned(NamedTuple):
    """What the run looked at.

    Shapes: `objects` counts by kind; `unresolved` counts references to what is not in the scanned set;
    `raw` are the units that could not be built, with the reason, `unbuilt` the charts; `config` is the
    configuration in use, of which `notices` say what it does not lead to, each with its place.
    """

    files: int = 0
    documents: int = 0
    objects: Mapping[str, int] | None = None
    namespaces: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unresolved: int = 0
    units: tuple[str, ...] = ()
    worlds: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    unbuilt: tuple[str, ...] = ()
    config: str = ""
    notices: tuple[str, ...] = ()


class Report(NamedTuple):
    """All of a run.

    Shapes: `findings` are sorted by file, place and rule, suppressed ones included; `rules` are those
    that ran, sorted by id; `times` are the seconds that each took, by id, and no part of what is reported.
    """

    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()
    crashed: tuple[Crash, ...] = ()
    scanned: Scanned = Scanned()
    rules: tuple[Rule, ...] = ()
    times: Mapping[str, float] = MappingProxyType({})

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that nothing suppresses."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)
