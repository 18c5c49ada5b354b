"""What the engine itself has to say: of inputs that do not parse, keys given twice, suppressions without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.errors import Unread
from k8snet_lint.fingerprint import Fingerprints
from k8snet_lint.loader import UNRENDERED, UnitKind
from k8snet_lint.loader.names import parent
from k8snet_lint.manifest import ProblemCode
from k8snet_lint.report import Finding, Related
from k8snet_lint.source import Location, Position, Source, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from k8snet_lint.config import Config
    from k8snet_lint.declare import Severity
    from k8snet_lint.loader import Loaded
    from k8snet_lint.registry import Registry
    from k8snet_lint.suppression import Lapse, Suppressions

ENGINE = "engine"
UNUSED = "unused-suppression"
SKIPPED = "skipped-input"
BUILD = "check what is built from it: kubectl kustomize DIR | k8snet-lint check -"
RENDER = "check what is rendered from it: helm template CHART | k8snet-lint check -"
WITHOUT_REASON = "suppression-without-reason"


def input_findings(loaded: Loaded, registry: Registry, config: Config) -> Iterator[Finding]:
    """A finding for each place of the input that could not be read or that is read in a surprising way."""
    severities, fingerprints = _severities(registry, config), Fingerprints()
    for problem in loaded.problems:
        yield _finding(
            severities,
            problem.code.value,
            problem.location,
            problem.message,
            problem.help,
            fingerprints,
            tuple(Related(location, message) for location, message in problem.related),
        )
    for location, message, help_text in (*_raw(loaded), *_unrendered(loaded)):
        yield _finding(severities, SKIPPED, location, message, help_text, fingerprints)


def _raw(loaded: Loaded) -> Iterator[tuple[Location, str, str]]:
    """The units that were not built in full, at their kustomization or else at the first thing they hold."""
    for unit in loaded.units:
        if unit.kind is UnitKind.RAW and unit.objects:
            roots = [each.node for each in unit.objects if each.kind in ("Kustomization", "Component")]
            own = [root for root in roots if parent(root.document.source.name) == unit.name]
            at = (own or roots)[-1] if roots else unit.objects[0].node
            message = f"{unit.name} was not built, so that much of it is not judged: {unit.reason}"
            yield at.location, message, BUILD if roots else RENDER


def _unrendered(loaded: Loaded) -> Iterator[tuple[Location, str, str]]:
    """The charts of which nothing was rendered, at the beginning of their Chart.yaml."""
    start = Position(1, 1)
    for skip in loaded.skipped:
        if skip.reason.startswith(UNRENDERED):
            for name in skip.names:
                why = skip.reason.removeprefix(UNRENDERED).lstrip(", ").removeprefix("as ") or "rendering is turned off"
                location = Location(Source(f"{name}/Chart.yaml", ""), Span(start, start))
                yield location, f"{name} was not rendered, so that nothing of it is judged: {why}", RENDER


def unread(loaded: Loaded) -> tuple[Unread, ...]:
    """Every input, and every part of one, that could not be read."""
    parts = (
        Unread(place.source.name, each.message, each.help, place.span.start.line, place.span.start.column)
        for each in loaded.problems
        if each.code is ProblemCode.PARSE_ERROR
        for place in (each.location,)
    )
    return (*loaded.unread, *parts)


def suppression_findings(
    suppressions: Suppressions, registry: Registry, ran: Collection[str], config: Config
) -> list[Finding]:
    """A finding for each suppression that had no effect, and, where reasons are required, that gives none.

    To be asked once every other finding has been matched.
    """
    lapses: list[tuple[str, Lapse]] = []
    if UNUSED in ran:
        lapses += [(UNUSED, lapse) for lapse in suppressions.unused(known=registry.ids, ran=ran)]
    if WITHOUT_REASON in ran and config.require_reason:
        lapses += [(WITHOUT_REASON, lapse) for lapse in suppressions.without_reason()]
    severities, fingerprints = _severities(registry, config), Fingerprints()
    return [
        _finding(severities, rule, lapse.location, lapse.message, lapse.help, fingerprints) for rule, lapse in lapses
    ]


def _severities(registry: Registry, config: Config) -> Mapping[str, Severity]:
    """The severities of what the engine itself says, as they are configured."""
    own = {rule_id: registry.rule(rule_id).severity for rule_id, subject in registry.ids.items() if subject == ENGINE}
    return {**own, **registry.by_id(config.severity)}


def _finding(
    severities: Mapping[str, Severity],
    rule: str,
    location: Location,
    message: str,
    help: str,  # noqa: A002 - the reports' word for it
    fingerprints: Fingerprints,
    related: tuple[Related, ...] = (),
) -> Finding:
    return Finding(
        rule=rule,
        severity=severities[rule],
        message=message,
        help=help,
        resource=None,
        location=location,
        path="",
        related=related,
        fingerprint=fingerprints.of(rule, None, (location.source.name,), message),
    )
