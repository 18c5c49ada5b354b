"""Problem to finding: rule and severity, place and fingerprint, what coverage and near misses make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.declare import Evidence, Severity
from k8snet_lint.fingerprint import Fingerprints, pointer, within
from k8snet_lint.quoting import MOST_OF_A_MESSAGE, shortened
from k8snet_lint.report import Finding, Related

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.declare import Problem, Rule
    from k8snet_lint.graph import Absence, Alone, Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

OUTSIDE = "may live outside the scanned files"
PART = "writes a part of it"
NOT_BUILT = "what builds this object was not built, so it may still change"
ONE_LINE = "both are built from this line, and may be meant for different clusters"


class Stamp:
    """Makes findings of the problems of one run."""

    def __init__(self, severities: Mapping[str, Severity], fingerprints: Fingerprints | None = None) -> None:
        self._severities = severities
        self._fingerprints = fingerprints or Fingerprints()

    def after(self) -> Stamp:
        """What stamps further findings of the same run, whose fingerprints continue those that this one gives."""
        return Stamp(self._severities, self._fingerprints.after())

    def finding(self, rule: Rule, problem: Problem, graph: Graph | Alone) -> Finding:
        """The finding that a problem comes to.

        Raises ValueError where the rule gives a severity that it does not declare.
        """
        resource = graph.owner(problem.at)
        severity, absence, word = self._severity(rule, problem, resource)
        if resource is not None and severity > Severity.NOTE and _contradicts_itself(problem, resource, graph):
            severity, absence, word = Severity.NOTE, True, ONE_LINE
        path = within(problem.at, resource.node if resource else None)
        name = resource.identity if resource else None
        return Finding(
            rule=rule.id,
            severity=severity,
            message=f"{_said(problem.message)}; {word}" if word else _said(problem.message),
            help=_said(problem.help),
            resource=name,
            location=problem.at.key_location if problem.at_key else problem.at.location,
            path=pointer(path),
            related=_related(problem),
            fingerprint=self._fingerprints.of(rule.id, name, path, problem.at.value),
            absence=absence,
            chain=_places(problem.chain),
            instead_of=tuple(node.location for node in problem.instead_of),
        )

    def _severity(self, rule: Rule, problem: Problem, resource: Resource | None) -> tuple[Severity, bool, str]:
        """The severity, whether it is an absence note, and what is to be said of that."""
        given = problem.severity or rule.severity
        if given not in rule.severities:
            message = f"rule '{rule.id}' gives severity {given.label}, which it does not declare"
            raise ValueError(message)
        if problem.absence is not None:
            weighed = _weighed(given, problem.absence)
            if weighed is None:
                return Severity.NOTE, True, f"{problem.absence.what} {OUTSIDE}"
            given = weighed
        if resource is not None and resource.is_raw and _may_change(rule, problem, resource):
            return Severity.NOTE, True, NOT_BUILT
        return self._severities.get(rule.id, given), False, ""


def _may_change(rule: Rule, problem: Problem, resource: Resource) -> bool:
    """Whether a build may mend a problem; a key that nothing reads stays one."""
    return rule.evidence is not Evidence.LOCAL or (resource.may_be_patched and not problem.at_key)


def _contradicts_itself(problem: Problem, resource: Resource, graph: Graph | Alone) -> bool:
    """Whether a problem is that two builds have what one line of their common base says, as overlays of it have."""
    return any(
        node.location == problem.at.location and (owner := graph.owner(node)) and owner.unit is not resource.unit
        for node, _ in problem.related
    )


def _weighed(given: Severity, absence: Absence) -> Severity | None:
    """The severity of something missing; None where nothing shows that it is."""
    if absence.covered:
        return given.raised if absence.near else given
    return given if absence.near else None


def _related(problem: Problem) -> tuple[Related, ...]:
    """What the rule names, then near misses, then what else had a hand in a value that was built."""
    near = problem.absence.near if problem.absence else ()
    built = [Related(location, _said(message)) for location, message in problem.at.related]
    built += [Related(location, PART) for location in problem.at.parts]
    named = (*problem.related, *((miss.node, miss.text) for miss in near))
    return (*(place for node, message in named for place in _named(node, _said(message))), *built)


def _named(node: Node, message: str) -> Iterator[Related]:
    """A further place, and where other files write parts of what stands there."""
    yield Related(node.location, message)
    yield from (Related(location, message) for location in node.parts)


def _places(written: Iterable[tuple[Node, str]]) -> tuple[Related, ...]:
    return tuple(Related(node.location, _said(message)) for node, message in written)


def _said(message: str) -> str:
    """The message, which may quote whatever stands in a manifest, at a length that can be read."""
    return shortened(message, MOST_OF_A_MESSAGE)
