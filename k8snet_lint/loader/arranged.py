"""Units rearranged: what something applies from a directory becomes a unit of that directory, in its namespace."""

from __future__ import annotations

import json
import os
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped
from k8snet_lint.helm.values import merged
from k8snet_lint.loader.kustomization import FILE_NAMES
from k8snet_lint.loader.names import is_below, parent, real_path, shown
from k8snet_lint.loader.release import Way
from k8snet_lint.loader.unit import NOTE, OTHER_FILES, Unit, UnitKind
from k8snet_lint.manifest import parse
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.loader.charts import Charts
    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.loader.target import HelmOptions, Target
    from k8snet_lint.loader.unit import Object

PART = "path that Flux or Argo CD applies, and that other kustomizations are made of"


class Arranger:
    """Arranges the units that a scan found.

    Shapes: `roots` are the repositories that paths start at; `skipped` is what the last arrangement could not make.
    """

    def __init__(self, scan: Scan, roots: Sequence[str]) -> None:
        self._scan = scan
        self._roots = roots
        self._built = {file.directory for file in scan.tree.files if file.base in FILE_NAMES}
        self._charts = scan.charts
        self._releases: dict[str, tuple[Target, str, Unit | None]] = {}
        self.skipped: tuple[Skipped, ...] = ()

    def arranged(self, wanted: Mapping[str, Sequence[Target]]) -> tuple[Unit, ...]:
        """The units, where these targets apply what lies in these directories."""
        charts = {directory for directory in wanted if self._charts and directory in self._charts.names}
        roots = {shown(path): found for path, found in wanted.items() if path in self._built}
        plain = {shown(path): found for path, found in wanted.items() if path not in self._built and path not in charts}
        replaced = self._replaced(charts)
        units = [unit for unit in self._scan.units if unit.name not in replaced]
        parted = _parted(units, plain, self._scan.options.namespace)
        made = (each for unit in parted for each in _assigned(unit, roots, plain))
        missing = roots.keys() - {unit.name for unit in units}
        names = sorted(f"{target.name}: {name}" for name in missing for target in roots[name])
        self.skipped = (Skipped(PART, len(names), tuple(names)),) if names else ()
        return (*made, *self._released({path: wanted[path] for path in sorted(charts)}))

    def _replaced(self, directories: set[str]) -> set[str]:
        """The units of charts with their own values that are not applied so."""
        if self._charts is None:
            return set()
        self._charts.replaced = frozenset(each for each in directories if not self._charts.is_configured(each))
        return {self._charts.names[each] for each in self._charts.replaced}

    def _released(self, wanted: Mapping[str, Sequence[Target]]) -> Iterator[Unit]:
        """A unit for each release of a chart; what earlier rounds released otherwise is forgotten."""
        if self._charts is None:
            return
        ways = {
            called: (directory, target)
            for directory, targets in wanted.items()
            for target, called in _called(self._charts.names[directory], targets)
        }
        for called, (before, name, _) in [*self._releases.items()]:
            if called not in ways or ways[called][1] != before:
                self._charts.forget(name)
                del self._releases[called]
        for called, (directory, target) in ways.items():
            if called not in self._releases:
                way = Way(
                    called,
                    namespace=target.namespace,
                    reasons=target.reasons,
                    applier=target.applier,
                    patched=target.patched,
                )
                way = self._options(way, directory, target.helm, self._charts) if target.helm else way
                self._releases[called] = (target, *self._charts.apply(directory, way))
            unit = self._releases[called][2]
            if unit is not None:
                yield unit

    def _options(self, way: Way, directory: str, helm: HelmOptions, charts: Charts) -> Way:
        """A way to apply a chart with the options of its target; values files have to lie in the repository."""
        real = [self._file(path, directory) for path in helm.files]
        allowed = [path for path in real if any(is_below(path, root) for root in (directory, *self._roots))]
        files, unread = charts.values(path for path in allowed if not helm.may_lack or os.path.exists(path))
        written = parse(Source("values", helm.text)).documents if helm.text else ()
        inline = written[0].value if written and isinstance(written[0].value, dict) else {}
        reasons = [*way.reasons, *helm.reasons, *map(str, unread)]
        reasons += ["a values file lies outside the repository"] if len(allowed) < len(real) else []
        return way._replace(
            release=helm.release,
            told_namespace=helm.namespace,
            files=files,
            values=merged([inline, helm.values]),
            replaces=helm.replaces,
            reasons=tuple(reasons),
        )

    def _file(self, path: str, directory: str) -> str:
        """The real path of a values file, which is relative to a repository or to the chart's directory."""
        if not path.startswith("/"):
            return real_path(os.path.join(directory, path))
        found = [real_path(root + path) for root in self._roots]
        return next((each for each in found if os.path.isfile(each)), found[0])


def _parted(units: Sequence[Unit], plain: Mapping[str, Sequence[Target]], namespace: str) -> list[Unit]:
    """The units, of which those of plain files give up what lies in the directories of a target."""
    parted: list[Unit] = []
    taken: dict[str, list[Object]] = {}
    for unit in units:
        if unit.kind is not UnitKind.PLAIN:
            parted.append(unit)
            continue
        left = []
        for written in unit.objects:
            owner = _owner(parent(written.node.document.source.name), plain)
            if not owner or unit.name == owner or unit.name.startswith(f"{owner}/"):
                left.append(written)
            else:
                taken.setdefault(owner, []).append(written)
        if left:
            parted.append(unit._replace(objects=tuple(left)))
    for owner, objects in sorted(taken.items()):
        own = next((place for place, unit in enumerate(parted) if unit.name == owner), None)
        if own is None:
            parted.append(Unit(owner, UnitKind.PLAIN, tuple(objects), namespace))
        else:
            parted[own] = parted[own]._replace(objects=(*parted[own].objects, *objects))
    return parted


def _owner(directory: str, plain: Mapping[str, Sequence[Target]]) -> str:
    """The innermost directory of a target that takes in this one, or nothing."""
    above = directory
    while True:
        if any(target.nested or above == directory for target in plain.get(above, ())):
            return above
        outer = parent(above)
        if outer == above:
            return ""
        above = outer


def _assigned(
    unit: Unit, roots: Mapping[str, Sequence[Target]], plain: Mapping[str, Sequence[Target]]
) -> Iterator[Unit]:
    """A unit for each target that applies this one; itself where none does."""
    owner = _owner(unit.name.removesuffix(OTHER_FILES), plain)
    wanted = roots.get(unit.name) or plain.get(owner, ())
    for target, called in _called(unit.name, wanted):
        chosen = _chosen(unit, target, owner)
        if chosen.objects:
            yield _applied(chosen._replace(name=called), target)
    if not wanted:
        yield unit


def _called(name: str, wanted: Sequence[Target]) -> Iterator[tuple[Target, str]]:
    """What the units are called that several apply of one."""
    alike = Counter(target.name for target in wanted)
    for target in wanted:
        said = f"{target.name} of {target.applier}" if alike[target.name] > 1 else target.name
        yield target, f"{name}{NOTE}{said})" if len(wanted) > 1 else name


def _chosen(unit: Unit, target: Target, name: str) -> Unit:
    """The part of a unit of plain files that the target's patterns take (Argo CD, `directory.include`)."""
    if unit.kind is not UnitKind.PLAIN or not (target.include or target.exclude):
        return unit

    def is_chosen(written: Object) -> bool:
        inner = written.node.document.source.name.removeprefix(f"{name}/")
        return (not target.include or _fits(inner, target.include)) and not _fits(inner, target.exclude)

    return unit._replace(objects=tuple(written for written in unit.objects if is_chosen(written)))


def _fits(inner: str, pattern: str) -> bool:
    """Whether a path matches one of the patterns, which may stand in braces, parted by commas."""
    plain = pattern.strip("{}").split(",") if pattern.startswith("{") else [pattern]
    return any(fnmatchcase(inner, each.strip()) for each in plain if each)


def _applied(unit: Unit, target: Target) -> Unit:
    """A unit in the namespace of its target, raw where that does more than is known."""
    reasons = [unit.reason, *target.reasons]
    if target.substituted and any("${" in json.dumps(written.node.value) for written in unit.objects):
        reasons.append(f"the {target.name} fills in variables")
    said = "; ".join(filter(None, reasons))
    gives = target.namespace and (target.overrides or not unit.namespace_overrides)
    return unit._replace(
        kind=UnitKind.RAW if said else unit.kind,
        namespace=target.namespace if gives else unit.namespace,
        namespace_overrides=target.overrides if gives else unit.namespace_overrides,
        reason=said,
        patched=unit.patched | target.patched,
        applier=target.applier,
    )
