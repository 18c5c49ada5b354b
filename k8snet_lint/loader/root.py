"""A Kustomize root as a unit: what it applies, and why that may not be what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.loader.kinds import group_of
from k8snet_lint.loader.names import parent
from k8snet_lint.loader.unit import Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snet_lint.loader.listing import Listing
    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.loader.unit import Object

HOLDS_NAMESPACES = frozenset(
    {
        ("apiregistration.k8s.io", "APIService"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    }
)
"""Kinds of which kustomize's `namespace` changes more than where they live, as (group, kind)."""

MAX_FLAWS = 3


def unit_of(root: str, listings: Mapping[str, Listing], scan: Scan, room: int) -> Unit:
    """What the root in this directory applies: BUILT if it but lists resources and gives them a namespace, else RAW.

    Shapes: `room` is how many objects it may hold; what is beyond is left out, and makes it RAW.
    """
    reached, flaws = _reach(root, listings)
    if listings[root].kustomization.written.kind == "Component":
        flaws.append("it is a component, which others complete")
    objects: list[Object] = []
    namespaces = set()
    for part, namespace in reached:
        objects.append(part.kustomization.written)
        flaws.extend(part.flaws)
        for file in part.files:
            text = scan.reader.read(file)
            if len(objects) + len(text.held.objects) > room:
                flaws.insert(0, f"'{file.name}' is left out, as all roots together hold too many objects")
                continue
            objects.extend(text.held.objects)
            namespaces.add(namespace)
            if not text.is_whole:
                flaws.append(f"'{file.name}' could not be read in full")
    namespace = namespaces.pop() if len(namespaces) == 1 else ""
    if namespaces:
        flaws.append("its parts set different namespaces")
    if namespace:
        flaws.extend(_renamed(objects, namespace))
    fields = sorted({name for part, _ in reached for name in part.kustomization.fields})
    reason = _reason(fields, list(dict.fromkeys(flaws)))
    return Unit(
        name=parent(listings[root].kustomization.file.name),
        kind=UnitKind.RAW if reason else UnitKind.BUILT,
        objects=tuple(objects),
        namespace=namespace or scan.options.namespace,
        namespace_overrides=bool(namespace),
        reason=reason,
    )


def _reach(root: str, listings: Mapping[str, Listing]) -> tuple[list[tuple[Listing, str]], list[str]]:
    """The kustomizations that a root applies, each with the namespace it ends up with; and what is wrong with that.

    The outermost namespace wins.
    """
    reached: dict[str, tuple[Listing, str]] = {}
    flaws = []
    pending = [(root, "")]
    while pending:
        directory, outer = pending.pop()
        part = listings.get(directory)
        if part is None:
            flaws.append("a kustomization it refers to could not be read")
        elif directory in reached:
            flaws.append(f"it reaches '{parent(part.kustomization.file.name)}' more than once")
        else:
            namespace = outer or part.kustomization.namespace
            reached[directory] = (part, namespace)
            pending.extend((below, namespace) for below in reversed(part.directories))
    return list(reached.values()), flaws


def _renamed(objects: Sequence[Object], namespace: str) -> list[str]:
    """The objects that a namespace changes beyond `metadata.namespace` (kustomize's `namespace` field specs)."""
    flaws = []
    for written in objects:
        group = group_of(written.api_version)
        if (group, written.kind) in HOLDS_NAMESPACES:
            flaws.append(f"its namespace changes the Services that a {written.kind} names")
        elif (group, written.kind) == ("", "Namespace") and written.node.at("metadata", "name").value != namespace:
            flaws.append(f"its namespace '{namespace}' renames a Namespace")
    return flaws


def _reason(fields: Sequence[str], flaws: Sequence[str]) -> str:
    """Why a root is not built, in one line; empty where it is."""
    said = [f"{', '.join(fields)} not applied"] if fields else []
    said.extend(flaws[:MAX_FLAWS])
    if len(flaws) > MAX_FLAWS:
        said.append(f"and {len(flaws) - MAX_FLAWS} more")
    return "; ".join(said)
