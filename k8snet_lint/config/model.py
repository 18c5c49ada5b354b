"""The configuration, whole: what a file says, the flags' word before it, and where each key is written."""

from __future__ import annotations

import os
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from k8snet_lint.config import values
from k8snet_lint.declare import Preset, Severity
from k8snet_lint.errors import UsageError
from k8snet_lint.facts import Facts
from k8snet_lint.loader.globs import covering
from k8snet_lint.loader.names import parent
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.loader.options import ChartRelease, UnitFiles, WorldUnits
    from k8snet_lint.manifest import Node
    from k8snet_lint.manifest.node import Path
    from k8snet_lint.source import Location

_covering = lru_cache(covering)


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Suppression(NamedTuple):
    """Findings that are accepted: those of `rule` about the objects that `resource` and `namespace` name.

    Shapes: `resource` is `Kind/namespace/name` or `Kind/name`, empty for any; it and `namespace` may hold `*`.
    `expires` is the last day, `YYYY-MM-DD`, or empty.
    """

    rule: str
    resource: str = ""
    namespace: str = ""
    reason: str = ""
    expires: str = ""


class Override(NamedTuple):
    """Settings for the files that the globs `paths` match; an empty `select` lets every rule count."""

    paths: tuple[str, ...]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = _NOTHING

    def covers(self, path: str) -> bool:
        """Whether a glob matches the file or a directory above it; `path` is relative to the configuration's."""
        return _covering(self.paths)(path)


class Flags(NamedTuple):
    """What the command line says; None where a flag was not given."""

    paths: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    preset: Preset | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    severity: Mapping[str, Severity] | None = None
    fail_on: Severity | None = None
    namespace: str | None = None
    render: bool | None = None
    kubernetes_version: tuple[int, int] | None = None
    assume_complete: bool | None = None
    require_reason: bool | None = None
    inline: bool | None = None
    rules: tuple[str, ...] | None = None
    crds: tuple[str, ...] | None = None
    strict_inputs: bool | None = None


def kubernetes_version(text: str) -> tuple[int, int]:
    """The flag's `1.33` or `v1.33.2` as (1, 33). Raises UsageError."""
    try:
        return values.kubernetes_version(text)
    except values.Rejected:
        raise UsageError(f"{text!r} is no Kubernetes version", help="write major and minor, such as 1.33") from None


_REPLACED = ("paths", "preset", "select", "fail_on", "namespace", "render", "require_reason", "inline", "strict_inputs")
_EXTENDED = ("exclude", "ignore", "rules", "crds")


class Config(NamedTuple):
    """What to check, by which rules, and how the findings count; without arguments, the defaults.

    Rule ids are plain strings here; whoever knows the rules checks them and says `where` one is wrong.

    Shapes: `name` is the file's, as messages give it, empty for the defaults; `paths`, `rules` and `crds` are relative
    to the working directory, the globs of `exclude` and `overrides` to `directory`. Keys: `schemas/config.schema.json`.
    """

    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    preset: Preset = Preset.RECOMMENDED
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = _NOTHING
    fail_on: Severity = Severity.WARNING
    options: Mapping[str, Mapping[str, Any]] = _NOTHING
    namespace: str = ""
    charts: tuple[ChartRelease, ...] = ()
    units: tuple[UnitFiles, ...] = ()
    worlds: tuple[WorldUnits, ...] = ()
    render: bool = True
    facts: Facts = Facts()
    suppressions: tuple[Suppression, ...] = ()
    require_reason: bool = False
    inline: bool = True
    overrides: tuple[Override, ...] = ()
    rules: tuple[str, ...] = ()
    crds: tuple[str, ...] = ()
    strict_inputs: bool = False
    name: str = ""
    written: Node | None = None
    by_flag: frozenset[str] = frozenset()

    @property
    def directory(self) -> str:
        """The directory that the globs are relative to: the file's, or the working directory."""
        return parent(self.name)

    def overriding(self, name: str) -> tuple[Override, ...]:
        """The overrides that are meant for the file of that name, in the order of the configuration."""
        try:
            below = os.path.relpath(name, self.directory).replace(os.sep, "/")
        except ValueError:  # another drive
            return ()
        if below.startswith("../"):
            return ()
        return tuple(override for override in self.overrides if override.covers(below))

    def locate(self, path: Path) -> Location | None:
        """Where the file writes the entry at `path`, its keys spelt as there; None where it does not say it."""
        if self.written is None or path[0] in self.by_flag:
            return None
        node = self.written.at(*path)
        if not node.present:
            return None
        return node.location if isinstance(path[-1], int) else node.key_location

    def where(self, path: Path) -> str:
        """`file:line:column` of the entry at `path`; empty for what a flag or a default says."""
        return str(self.locate(path) or "")

    def merged(self, flags: Flags) -> Config:
        """The configuration with the flags' word on top.

        `exclude`, `ignore`, `rules`, `crds` and `severity` add to what the file says; any other flag takes its place.
        """
        given: dict[str, Any] = {name: value for name in _REPLACED if (value := getattr(flags, name)) is not None}
        by_flag = self.by_flag.union(name.replace("_", "-") for name in given)
        for name in _EXTENDED:
            given[name] = getattr(self, name) + (getattr(flags, name) or ())
        if flags.severity:
            given["severity"] = MappingProxyType({**self.severity, **flags.severity})
        return self._replace(**given, facts=self._facts(flags), by_flag=by_flag)

    def _facts(self, flags: Flags) -> Facts:
        facts = self.facts
        if flags.kubernetes_version is not None:
            facts = facts._replace(kubernetes_version=flags.kubernetes_version)
        if flags.assume_complete is not None:
            facts = facts._replace(assumed=facts.assumed._replace(complete=flags.assume_complete))
        return facts
