"""Namespaces to which charts and applications of elsewhere add objects that no scanned file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

RELEASES = frozenset({"HelmRelease", "HelmChart", "HelmChartConfig", "Application"})
"""Kinds that have something else put objects into a namespace."""


def released(resources: Sequence[Resource], is_scanned: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
    """The names of the releases of something outside of the scanned files, by the namespace that they add objects to.

    Charts name what they make by their release: `web`, or `web-redis`. `is_scanned` tells of a path of a repository
    whether it is that of a unit of the world.
    """
    found: dict[str, tuple[str, ...]] = {}
    for each in resources:
        if each.kind in RELEASES and not _is_scanned(each, is_scanned):
            namespace = _namespace(each)
            found[namespace] = (*found.get(namespace, ()), each.spec["releaseName"].text or each.name)
    return found


def _namespace(release: Resource) -> str:
    places = (release.spec["targetNamespace"], release.spec.at("destination", "namespace"))
    return next((place.text for place in places if place.text), release.namespace)


def _is_scanned(release: Resource, is_scanned: Callable[[str], bool]) -> bool:
    """Whether all that a release applies lies at paths of a repository that are units of the world."""
    paths = [path.text.strip("./") for path in applied_paths(release)]
    return bool(paths) and all(path and is_scanned(path) for path in paths)


def applied_paths(release: Resource) -> Iterator[Node]:
    """Where a release finds what it applies; nothing where that is the name of a chart in a registry."""
    chart = release.spec.at("chart", "spec")
    if chart["sourceRef"]["kind"].text == "GitRepository":
        yield chart["chart"]
    for source in (release.spec["source"], *release.spec["sources"]):
        if source["path"].text or source["chart"].text:
            yield source["path"]


def is_at(path: str, unit: str) -> bool:
    """Whether a path of a repository is that of a unit, which may be named from above the repository or within it."""
    root = f"/{unit.partition(' (')[0]}"
    return root.endswith(f"/{path}") or f"/{path}".endswith(root)
