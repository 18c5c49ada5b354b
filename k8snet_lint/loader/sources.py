"""What Flux and Argo CD objects say about paths that they apply, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.loader.application_set import application_set
from k8snet_lint.loader.argo import application
from k8snet_lint.loader.flux import helm_release, kustomization
from k8snet_lint.loader.kinds import group_of
from k8snet_lint.loader.target import table, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snet_lint.loader.target import Target
    from k8snet_lint.loader.unit import Object, Unit
    from k8snet_lint.loader.values_from import ConfigMaps


def targets(
    written: Object, unit: Unit, maps: ConfigMaps, directories: Callable[[str], Iterable[str]]
) -> Iterator[Target]:
    """What an object of Flux or Argo CD applies, which is applied with these ConfigMaps; nothing for any other.

    Shapes: `directories` are those of its repository that a pattern matches.
    """
    for target in _targets(written, unit, maps, directories):
        changed = (f"the {target.name} may be patched",) if unit.may_patch(written.kind) else ()
        yield target._replace(reasons=(*target.reasons, *changed))


def _targets(
    written: Object, unit: Unit, maps: ConfigMaps, directories: Callable[[str], Iterable[str]]
) -> Iterator[Target]:
    group = group_of(written.api_version)
    value = written.node.value
    metadata, spec = table(value, "metadata"), table(value, "spec")
    namespace = unit.namespace_of(text(metadata, "namespace"))
    name = f"{written.kind} {'/'.join(filter(None, (namespace, text(metadata, 'name'))))}"
    match group, written.kind:
        case ("kustomize.toolkit.fluxcd.io", "Kustomization"):
            yield kustomization(name, spec)
        case ("helm.toolkit.fluxcd.io", "HelmRelease"):
            yield helm_release(name, text(metadata, "name"), namespace, spec, maps)
        case ("argoproj.io", "Application"):
            yield from application(name, text(metadata, "name"), spec)
        case ("argoproj.io", "ApplicationSet"):
            yield from application_set(name, spec, directories)
        case _:
            return
