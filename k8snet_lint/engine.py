"""Rules over graphs make a report: stamped, merged over worlds, suppressed, sorted; a rule's crash is isolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.declare import Preset
from k8snet_lint.diagnostics import input_findings, suppression_findings, unread
from k8snet_lint.graph import Graph
from k8snet_lint.judging import Judging, Settings
from k8snet_lint.overrides import overridden
from k8snet_lint.registry import options_of
from k8snet_lint.report import Report
from k8snet_lint.scanned import Outside, scanned
from k8snet_lint.subjects import idle
from k8snet_lint.suppression import ANNOTATION, Annotated, Suppressions, files_of
from k8snet_lint.variants import told_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.config import Config
    from k8snet_lint.declare import Rule
    from k8snet_lint.graph.parts.parts import Parts
    from k8snet_lint.loader import Loaded
    from k8snet_lint.registry import Registry
    from k8snet_lint.report import Finding
    from k8snet_lint.resource import ResourceName
    from k8snet_lint.source import Location


def lint(loaded: Loaded, registry: Registry, config: Config, today: str) -> Report:
    """Everything that the selected rules and the engine itself say of what was loaded.

    `today` is the date that whatever expires is held against, `YYYY-MM-DD`. Raises ConfigError and RuleError
    for a configuration that names unknown rules or options; a rule that fails is an entry in `crashed`.
    """
    registry.check(config)
    graphs = Graph.of_worlds(loaded.worlds, config.facts._replace(today=today), loaded.definitions)
    rules = registry.selected(config, idle(graphs))
    parts = _parts(loaded, graphs) if len(graphs) > 1 else None
    outside = Outside(parts, len(graphs))
    judged = Judging(rules, loaded, graphs, _settings(rules, registry, config), parts, outside.look).result()
    ran = {rule.id for rule in rules}
    found = [
        *judged.findings,
        *(finding for finding in input_findings(loaded, registry, config) if finding.rule in ran),
    ]
    findings = [each for finding in found for each in overridden(finding, config, registry)]
    # What charts include holds no object of its own, though it may hold the line that is wrong.
    sources = dict.fromkeys((*loaded.sources, *(finding.location.source for finding in findings)))
    annotations = _annotations(loaded, graphs)
    suppressions = Suppressions.of(sources, annotations, config, today=today, current=registry.current)
    findings = [_suppressed(finding, suppressions, registry) for finding in findings]
    lapses = suppression_findings(suppressions, registry, ran, config)
    findings += [each for finding in lapses for each in overridden(finding, config, registry)]
    return Report(
        findings=tuple(sorted(told_once(findings), key=_order)),
        unread=unread(loaded),
        crashed=judged.crashed,
        times=judged.times,
        scanned=scanned(loaded, graphs, outside, config),
        rules=rules,
    )


def _parts(loaded: Loaded, graphs: Sequence[Graph]) -> Parts | None:
    from k8snet_lint.graph.parts.parts import Parts  # noqa: PLC0415 - most trees are one world

    return Parts.of(graphs, {id(unit) for unit in loaded.worlds[0].shared})


def _settings(rules: Sequence[Rule], registry: Registry, config: Config) -> Settings:
    written = registry.by_id(config.options)
    return Settings(
        severities=registry.by_id(config.severity),
        options={
            rule.id: options_of(rule, written.get(rule.id, {}), config.where(("options", rule.id))) for rule in rules
        },
        pedantic=bool(config.select) or config.preset == Preset.STRICT,
    )


def _annotations(loaded: Loaded, graphs: Sequence[Graph]) -> Iterator[Annotated]:
    """Every annotation that suppresses, once for each name that the object has, with all that show it."""
    found: dict[tuple[Location, ResourceName], Annotated] = {}
    for world, graph in zip(loaded.worlds, graphs, strict=True):
        for resource in graph.resources:
            if ANNOTATION in resource.annotations:
                node = resource.annotation(ANNOTATION)
                fresh = Annotated(resource.identity, node, frozenset())
                other = found.get((node.location, resource.identity), fresh)
                files = other.files | files_of(resource.node)
                found[node.location, resource.identity] = Annotated(
                    resource.identity, node, files, other.views | {resource.unit.name, world.name}
                )
    return iter(found.values())


def _suppressed(finding: Finding, suppressions: Suppressions, registry: Registry) -> Finding:
    """The finding, accepted where its rule is suppressed at its place, or one that its rule goes with."""
    for rule in (finding.rule, *registry.rule(finding.rule).accepted_with):
        why = suppressions.match(rule, finding.resource, finding.location, finding.units)
        if why:
            return finding._replace(suppressed=why)
    return finding


def _order(finding: Finding) -> tuple[object, ...]:
    return (finding.location.sort_key, -finding.severity, finding.rule, finding.message)
