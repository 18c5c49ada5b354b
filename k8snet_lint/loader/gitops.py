"""Flux and Argo CD: what they apply from the same tree is a unit in the namespace that they give it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped
from k8snet_lint.loader.arranged import Arranger
from k8snet_lint.loader.places import Places
from k8snet_lint.loader.repositories import Lead, of_sources, own
from k8snet_lint.loader.sources import targets
from k8snet_lint.loader.values_from import ConfigMaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.loader.target import Target
    from k8snet_lint.loader.unit import Unit

FLUX, ARGO = "Flux source outside the tree", "Argo CD source outside the tree"

MAX_ROUNDS = 4
"""How often what was applied may apply more: an Application that renders Applications, and so on."""

MAX_TARGETS = 5_000


def with_gitops(scan: Scan) -> Scan:
    """The scan with its units as Flux and Argo CD apply them; what they apply from elsewhere is named."""
    places = Places(scan.tree)
    arranger = Arranger(scan, places.roots)
    units: tuple[Unit, ...] = scan.units
    followed = _Followed()
    # A HelmRelease without a namespace is in the one that its Kustomization gives it, which is settled first.
    for releases in (False, True):
        for _ in range(MAX_ROUNDS):
            found = _follow(units, places, releases=releases)
            if found.targets == followed.targets:
                break
            followed = found
            units = arranger.arranged(found.targets)
    elsewhere = tuple(Skipped(reason, len(names), tuple(sorted(names))) for reason, names in found.elsewhere.items())
    return scan._replace(units=units, skipped=(*scan.skipped, *elsewhere, *arranger.skipped))


class _Followed:
    """What the objects of some units apply: by directory what applies it, and by tool what lies elsewhere."""

    def __init__(self) -> None:
        self.targets: dict[str, list[Target]] = {}
        self.elsewhere: dict[str, set[str]] = {}
        self._known: set[tuple[str, str]] = set()

    def add(self, lead: Lead) -> None:
        """Note what an object of a unit applies; what several units say alike is one act."""
        key = (lead.directory, repr(lead.target))
        if key not in self._known:
            self._known.add(key)
            target = lead.target._replace(applier=lead.unit.name)
            self.targets.setdefault(lead.directory, []).append(target)

    def add_elsewhere(self, target: Target) -> None:
        """Note what is applied and not in the tree."""
        tool = ARGO if target.name.startswith("Application") else FLUX
        self.elsewhere.setdefault(tool, set()).add(f"{target.name}: {target.elsewhere}")


def _follow(units: Sequence[Unit], places: Places, *, releases: bool) -> _Followed:
    """What is applied from where; each HelmRelease only with `releases`."""
    found = _Followed()
    leads = list(_leads(units, places, releases=releases))
    ours = own(leads)
    for number, lead in enumerate(leads):
        is_ours = not ours or lead.target.repository in ("", *ours)
        if lead.directory and is_ours and number < MAX_TARGETS:
            found.add(lead)
        elif not lead.target.is_root:
            found.add_elsewhere(lead.target)
    return found


def _leads(units: Sequence[Unit], places: Places, *, releases: bool) -> Iterator[Lead]:
    repositories = of_sources(units)
    for unit in units:
        maps = ConfigMaps(unit)
        for written in unit.objects:
            if written.kind == "HelmRelease" and not releases:
                continue
            name = written.node.document.source.name
            for target in targets(written, unit, maps, partial(places.matching, name=name)):
                named = target._replace(repository=repositories.get(target.repository, target.repository))
                yield Lead(named, places.directory(target.path, name), places.file(name), unit)
