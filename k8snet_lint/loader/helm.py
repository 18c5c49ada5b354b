"""Helm charts: recognised, so that no template is read as if it were YAML, and rendered where Helm is at hand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped
from k8snet_lint.loader.names import parent, shown
from k8snet_lint.loader.scan import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.loader.charts import Charts
    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.loader.unit import Unit

INNER = frozenset({"templates", "charts", "crds"})
"""Directories of a chart that only Helm reads (Helm's chart file structure)."""

TEMPLATES = f"{os.sep}templates{os.sep}"

REASON = "unrendered Helm chart"
"""What every reason starts with for which a chart was not rendered."""


def charts(scan: Scan) -> Claim:
    """Claim what only Helm can read: templates, subcharts, CRDs and values of each chart, and what its templates read.

    Other files are left.
    """
    found = _charts(scan)
    owners: dict[str, str] = {}
    claimed = {
        file.path
        for file in scan.files
        if _owner(file.directory, found, owners) or (file.directory in found and _is_chart_file(file.base))
    }
    outermost = {path: name for path, name in found.items() if not _owner(path, found, owners)}
    files = frozenset(claimed)
    if not outermost or not scan.options.render:
        names = tuple(sorted(outermost.values()))
        return Claim(files, skipped=(Skipped(REASON, len(names), names, is_gap=True),) if names else ())
    from k8snet_lint.loader.charts import Charts  # noqa: PLC0415 - most trees hold no chart

    rendered = Charts(scan.tree, scan.options, outermost)
    files |= frozenset(rendered.read_by_templates())
    return Claim(files, units=tuple(_units(rendered)), charts=rendered)


def _units(rendered: Charts) -> Iterator[Unit]:
    """A unit for each way in which the configuration applies a chart, or for the chart with its own values.

    The values of one that others of the tree depend on are theirs.
    """
    parts = rendered.parts()
    for path in sorted(rendered.names, key=rendered.names.__getitem__):
        units = [rendered.apply(path, way)[1] for way in rendered.configured(path)]
        if not rendered.is_configured(path) and path not in parts:
            units.append(rendered.plain(path))
        yield from filter(None, units)


def _charts(scan: Scan) -> dict[str, str]:
    """The charts' directories with their shown names; values beside templates make one without a Chart.yaml too."""
    found = {}
    with_values = {}
    with_templates = set()
    for file in scan.files:
        name = file.base
        if name == "Chart.yaml":
            found[file.directory] = parent(file.name)
        elif name == "values.yaml":
            with_values[file.directory] = parent(file.name)
        elif TEMPLATES in file.path:
            with_templates.add(file.path.partition(TEMPLATES)[0])
    found.update((path, name) for path, name in with_values.items() if path in with_templates)
    for path in scan.tree.arguments.values():
        around = _chart_around(path)
        if around:
            found.setdefault(around, shown(around))
    return found


def _chart_around(path: str) -> str:
    """The chart that an argument is a part of, or nothing."""
    while True:
        above, name = os.path.split(path)
        if above == path:
            return ""
        if name in INNER and os.path.isfile(os.path.join(above, "Chart.yaml")):
            return above
        path = above


def _owner(directory: str, found: dict[str, str], known: dict[str, str]) -> str:
    """The chart that has this directory among its inner ones, or nothing; `known` are earlier answers."""
    walked = []
    owner = ""
    while directory not in known:
        walked.append(directory)
        above, name = os.path.split(directory)
        if name in INNER and above in found:
            owner = above
            break
        if above == directory:
            break
        directory = above
    else:
        owner = known[directory]
    known.update(dict.fromkeys(walked, owner))
    return owner


def _is_chart_file(name: str) -> bool:
    return name in ("Chart.yaml", "requirements.yaml") or (name.startswith("values") and not name.endswith(".json"))
