"""Per-path settings: what the configuration says of the files that a glob matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.config import Config
    from k8snet_lint.registry import Registry
    from k8snet_lint.report import Finding


def overridden(finding: Finding, config: Config, registry: Registry) -> Iterator[Finding]:
    """The finding as its file's overrides have it; nothing where they leave its rule out."""
    for override in config.overriding(finding.location.source.name) if config.overrides else ():
        if override.select and finding.rule not in registry.named(override.select):
            return
        if finding.rule in registry.named(override.ignore):
            return
        severity = registry.by_id(override.severity).get(finding.rule)
        if severity is not None and not finding.absence:
            finding = finding._replace(severity=severity)
    yield finding
