"""Kustomizations: recognised, so that what they list and patch is seen as the root applies it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped
from k8snet_lint.loader.kustomization import FILE_NAMES, kustomization, texts_in
from k8snet_lint.loader.listing import kustomization_file, listing, with_names
from k8snet_lint.loader.root import unit_of
from k8snet_lint.loader.scan import Claim
from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.manifest import parse
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snet_lint.loader.listing import Listing
    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.loader.unit import Unit

REASON = "Kustomize patch or configuration"

MAX_VIEWS = 1_000_000
"""How many objects all roots together may hold: each of many roots may hold the same large base."""


def kustomizations(scan: Scan) -> Claim:
    """Claim the kustomizations and all they name; a unit a root, which is one that no other refers to."""
    start = dict.fromkeys(file.directory for file in scan.files if file.base in FILE_NAMES)
    listings = _follow(start, scan)
    tools = {directory for part in listings.values() for directory in part.tools}
    roots = _roots([directory for directory in start if directory in listings], listings, tools)
    units: list[Unit] = []
    views = 0
    for root in roots:
        units.append(unit_of(root, listings, scan, room=MAX_VIEWS - views))
        views += len(units[-1].objects)
    files = {path for part in listings.values() for path in (*part.paths, *part.context)}
    named = files - _applied(roots, units, listings)
    names = sorted(file.name for file in scan.files if file.path in named)
    return Claim(
        files=frozenset(files),
        units=tuple(units),
        skipped=(Skipped(REASON, len(names), tuple(names)),) if names else (),
    )


def _applied(roots: Sequence[str], units: Sequence[Unit], listings: Mapping[str, Listing]) -> set[str]:
    """The files that roots apply: kustomizations and resources, and what else they name where they are built."""
    applied: set[str] = set()
    for root, unit in zip(roots, units, strict=True):
        for directory in _cover([root], listings, set()):
            if directory in listings:
                part = listings[directory]
                applied.update(part.paths, part.context if unit.kind is UnitKind.BUILT else ())
    return applied


def _follow(start: Iterable[str], scan: Scan) -> dict[str, Listing]:
    """The kustomizations in these directories and those they refer to, by directory."""
    listings: dict[str, Listing] = {}
    pending = list(start)
    seen = set()
    while pending:
        directory = pending.pop()
        if directory in seen:
            continue
        seen.add(directory)
        file = kustomization_file(directory, scan.tree)
        text = scan.reader.read(file) if file else None
        if text and text.held.is_kustomization:
            listings[directory] = part = _with_plugins(
                listing(kustomization(text.file, text.held.objects[0]), scan.tree), scan
            )
            pending.extend(part.directories)
    return listings


def _with_plugins(part: Listing, scan: Scan) -> Listing:
    """The listing with what configurations of plugins name besides: patches, and what generators read."""
    files = [scan.tree.by_path[path] for path in part.tools if path in scan.tree.by_path]
    held = [parse(Source(part.kustomization.file.name, text)).documents for text in part.kustomization.held]
    roots = (
        *(root for file in files for root in scan.reader.patch(file).roots),
        *(document.root for documents in held for document in documents),
    )
    return with_names(part, {text for root in roots for text in texts_in(root.value)}, scan.tree) if roots else part


def _roots(candidates: Sequence[str], listings: Mapping[str, Listing], tools: Iterable[str]) -> list[str]:
    """The directories that no other refers to; of those that refer to each other in a circle, the first."""
    referred = {below for directory, part in listings.items() for below in part.directories if below != directory}
    covered = _cover(tools, listings, set())
    roots = [directory for directory in candidates if directory not in referred and directory not in covered]
    _cover(roots, listings, covered)
    for directory in sorted(candidates):
        if directory not in covered:
            roots.append(directory)
            _cover([directory], listings, covered)
    return roots


def _cover(directories: Iterable[str], listings: Mapping[str, Listing], covered: set[str]) -> set[str]:
    """Add the directories to `covered`, with all that their kustomizations lead to."""
    pending = list(directories)
    while pending:
        directory = pending.pop()
        if directory not in covered:
            covered.add(directory)
            part = listings.get(directory)
            pending.extend(part.directories if part else ())
    return covered
