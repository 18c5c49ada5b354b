"""A Kustomize root as a unit: what it applies, and why that may not be what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize import EntryKind
from k8snet_lint.loader.kinds import group_of, wanted
from k8snet_lint.loader.listing import entry_of
from k8snet_lint.loader.names import parent
from k8snet_lint.loader.unit import EVERY_KIND, Object, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.kustomize import Built, Flaw
    from k8snet_lint.loader.listing import Listing
    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.manifest import Node

SHORT = 120
"""So many characters of reasons are read at a glance; beyond the first, others are counted."""

NOT_APPLIED = " not applied"
NOT_RENDERED = "not rendered"
PATCHES = ("patches", "patchesJson6902", "patchesStrategicMerge")
CHANGES = ("generators", "replacements", "transformers", "vars")
COMPONENT = "it is a component, which others complete"


def unit_of(root: str, listings: Mapping[str, Listing], scan: Scan, room: int) -> Unit:
    """What the root in this directory applies: BUILT, or RAW where something stands against that.

    Shapes: `room` is how many objects it may hold; what is beyond is left out, and makes it RAW.
    """
    if listings[root].kustomization.written.kind == "Component":
        return _raw(root, listings, scan, room, COMPONENT)
    if not scan.options.render:
        return _raw(root, listings, scan, room, NOT_RENDERED)
    from k8snet_lint.kustomize import build  # noqa: PLC0415 - few trees hold kustomizations
    from k8snet_lint.loader.build_files import BuildFiles  # noqa: PLC0415 - as above

    built = build(BuildFiles(listings, scan), root, room)
    if not built.is_whole:
        return _raw(root, listings, scan, room, _reason(built.flaws), built.flaws)
    reached = [part.kustomization.written for part, _ in _reach(root, listings)]
    return Unit(
        name=parent(listings[root].kustomization.file.name),
        kind=UnitKind.BUILT,
        objects=(*reached, *_judged(built, scan)),
        namespace=scan.options.namespace,
        flaws=built.flaws,
    )


def _judged(built: Built, scan: Scan) -> Iterable[Object]:
    """The objects of a build that rules read."""
    every = scan.options.read_all_kinds
    return (Object(*each) for each in built.objects if every or wanted(group_of(each.api_version), each.kind))


def _raw(
    root: str, listings: Mapping[str, Listing], scan: Scan, room: int, reason: str, flaws: tuple[Flaw, ...] = ()
) -> Unit:
    """What a root would build, as it is written; the one namespace that all its parts set is taken for theirs."""
    objects: list[Object] = []
    namespaces = set()
    for part, namespace in _reach(root, listings):
        objects.append(part.kustomization.written)
        for file in part.files:
            held = scan.reader.read(file, building=True).held.objects
            if len(objects) + len(held) <= room:
                objects.extend(held)
                namespaces.add(namespace)
    namespace = namespaces.pop() if len(namespaces) == 1 else ""
    return Unit(
        name=parent(listings[root].kustomization.file.name),
        kind=UnitKind.RAW,
        objects=tuple(objects),
        namespace=namespace or scan.options.namespace,
        namespace_overrides=bool(namespace),
        reason=reason,
        flaws=flaws,
        patched=frozenset(kind for part, _ in _reach(root, listings) for kind in _patched(part, scan)),
    )


def _patched(part: Listing, scan: Scan) -> Iterator[str]:
    """The kinds whose values a kustomization changes, `*` where that is not said in its own fields or patch files."""
    written = part.kustomization.written.node
    if any(written[field] for field in CHANGES):
        yield EVERY_KIND
    for field in PATCHES:
        for entry in written[field]:
            kind = entry.at("target", "kind").text
            yield from [kind] if kind else _kinds(part, entry, scan)


def _kinds(part: Listing, entry: Node, scan: Scan) -> Iterator[str]:
    """The kinds of the objects in a patch's file; `*` for a patch that stands in the kustomization itself."""
    kind, path = entry_of(part.kustomization.directory, entry["path"].text or entry.text, scan.tree)
    if kind is EntryKind.FILE and path in scan.tree.by_path:
        yield from (root["kind"].text or EVERY_KIND for root in scan.reader.patch(scan.tree.by_path[path]).roots)
    else:
        yield EVERY_KIND


def _reach(root: str, listings: Mapping[str, Listing]) -> list[tuple[Listing, str]]:
    """The kustomizations that a root applies, each with the namespace it ends up with: the outermost wins."""
    reached: dict[str, tuple[Listing, str]] = {}
    pending = [(root, "")]
    while pending:
        directory, outer = pending.pop()
        part = listings.get(directory)
        if part is not None and directory not in reached:
            namespace = outer or part.kustomization.namespace
            reached[directory] = (part, namespace)
            pending.extend((below, namespace) for below in reversed(part.directories))
    return list(reached.values())


def _reason(flaws: Iterable[Flaw]) -> str:
    """Why a root is not built, in one line."""
    messages = dict.fromkeys(flaw.message for flaw in flaws if flaw.stops)
    fields = sorted(message.removesuffix(NOT_APPLIED) for message in messages if message.endswith(NOT_APPLIED))
    others = [message for message in messages if not message.endswith(NOT_APPLIED)]
    said = [f"{', '.join(fields)}{NOT_APPLIED}"] if fields else []
    shown = next((count for count in (3, 2) if sum(map(len, others[:count])) <= SHORT), 1)
    said.extend(others[:shown])
    if len(others) > shown:
        said.append(f"and {len(others) - shown} more")
    return "; ".join(said)
