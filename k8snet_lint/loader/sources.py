"""What Flux and Argo CD objects say about paths that they apply, as plain values."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.helm.values import merged, put, scalar
from k8snet_lint.loader.kinds import group_of
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.loader.unit import Object, Unit
    from k8snet_lint.loader.values_from import ConfigMaps

MAX_ELEMENTS = 1000
"""How many Applications a list may make."""

_PARAMETER = re.compile(r"\{\{\s*\.?([\w-]+(?:\.[\w-]+)*)\s*\}\}")
_INDEXED = re.compile(r"\[|(?<!\\),")


class Target(NamedTuple):
    """A path that something applies.

    Shapes: `name` is the object's, `Application argocd/web`; `path` is relative to the root of a repository, empty
    where the source is no such path, and `elsewhere` then says what it is; `overrides` gives the namespace to all
    objects, not only to those that name none; `nested` takes in the directories below; `substituted` where variables
    are filled in; `reasons` say what else is done; `include` and `exclude` are patterns of file names; `helm` are the
    options for a chart.
    """

    name: str
    path: str = ""
    elsewhere: str = ""
    namespace: str = ""
    overrides: bool = False
    nested: bool = True
    substituted: bool = False
    reasons: tuple[str, ...] = ()
    include: str = ""
    exclude: str = ""
    helm: HelmOptions | None = None

    @property
    def is_root(self) -> bool:
        """Whether it applies the whole repository, which changes nothing."""
        return bool(self.path) and not self.path.strip("./")


class HelmOptions(NamedTuple):
    """How a chart at a path is applied.

    Shapes: `files` are relative to the chart or, with `/` before them, to the repository; `text` are values as YAML;
    files that are not there count for nothing with `may_lack`; with `replaces`, they take the place of the chart's own;
    `namespace` is what templates are told, empty where it is the one that the objects get.
    """

    release: str
    values: Mapping[str, Any]
    files: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    text: str = ""
    may_lack: bool = False
    replaces: bool = False
    namespace: str = ""


def targets(written: Object, unit: Unit, maps: ConfigMaps) -> Iterator[Target]:
    """What an object of Flux or Argo CD applies, which is applied with these ConfigMaps; nothing for any other."""
    group = group_of(written.api_version)
    value = written.node.value
    metadata, spec = _table(value, "metadata"), _table(value, "spec")
    namespace = unit.namespace_of(_text(metadata, "namespace"))
    name = f"{written.kind} {'/'.join(filter(None, (namespace, _text(metadata, 'name'))))}"
    match group, written.kind:
        case ("kustomize.toolkit.fluxcd.io", "Kustomization"):
            yield _kustomization(name, spec)
        case ("helm.toolkit.fluxcd.io", "HelmRelease"):
            yield _helm_release(name, _text(metadata, "name"), namespace, spec, maps)
        case ("argoproj.io", "Application"):
            yield from _application(name, _text(metadata, "name"), spec)
        case ("argoproj.io", "ApplicationSet"):
            yield from _application_set(name, spec)
        case _:
            return


def _kustomization(name: str, spec: Mapping[str, Any]) -> Target:
    """Flux `Kustomization` (fluxcd.io/flux/components/kustomize/kustomizations)."""
    source = _table(spec, "sourceRef")
    namespace = _text(spec, "targetNamespace")
    path = _text(spec, "path") or "./"
    done = [field for field in ("patches", "namePrefix", "nameSuffix", "components") if spec.get(field)]
    is_root = path.strip("./") == ""
    return Target(
        name,
        path=path if _text(source, "kind") == "GitRepository" or not is_root else "",
        elsewhere=f"{_text(source, 'kind')} {_text(source, 'name')}, path {path}",
        namespace=namespace,
        overrides=bool(namespace),
        substituted=bool(spec.get("postBuild")),
        reasons=tuple(f"the {name} applies its {field}" for field in done),
    )


def _helm_release(name: str, own: str, namespace: str, spec: Mapping[str, Any], maps: ConfigMaps) -> Target:
    """Flux `HelmRelease` (fluxcd.io/flux/components/helm/helmreleases)."""
    chart = _table(_table(spec, "chart"), "spec")
    source = _table(chart, "sourceRef") or _table(spec, "chartRef")
    target = _text(spec, "targetNamespace")
    is_path = _text(source, "kind") == "GitRepository"
    values, reasons = maps.values(_tables(spec, "valuesFrom"), namespace)
    values = merged([values, _table(spec, "values")])
    if maps.are_raw and "${" in json.dumps(values):
        reasons.append(f"variables in the values of the {name} are filled in")
    files = _texts(chart, "valuesFiles")
    if spec.get("postRenderers"):
        reasons.append(f"the {name} has post-renderers")
    wanted = _text(chart, "chart")
    return Target(
        name,
        path=wanted if is_path else "",
        elsewhere=_said(_text(source, "kind"), _text(source, "name"), wanted and f"chart {wanted}"),
        namespace=target or namespace,
        helm=HelmOptions(
            release=_text(spec, "releaseName") or (f"{target}-{own}" if target else own),
            values=values,
            files=tuple(f"/{file.lstrip('./')}" for file in files),
            reasons=tuple(reasons),
            may_lack=chart.get("ignoreMissingValuesFiles") is True,
            replaces=bool(files),
        ),
    )


def _application(name: str, own: str, spec: Mapping[str, Any]) -> Iterator[Target]:
    """Argo CD `Application` (argo-cd.readthedocs.io, Application Specification)."""
    sources = _tables(spec, "sources") or [_table(spec, "source")]
    namespace = _text(_table(spec, "destination"), "namespace")
    for source in sources:
        chart, path = _text(source, "chart"), _text(source, "path")
        if not chart and not path:
            continue
        directory, kustomize = _table(source, "directory"), _table(source, "kustomize")
        forced = _text(kustomize, "namespace")
        done = [f"kustomize.{field}" for field in kustomize if field not in ("images", "namespace", "version")]
        done += ["directory.jsonnet"] if directory.get("jsonnet") else []
        done += ["its plugin"] if source.get("plugin") else []
        yield Target(
            name,
            path="" if chart else path,
            elsewhere=" ".join(
                filter(None, (_text(source, "repoURL"), chart and f"chart {chart}", path and f"path {path}"))
            ),
            namespace=forced or namespace,
            overrides=bool(forced),
            nested=directory.get("recurse") is True,
            reasons=tuple(f"the {name} applies {field}" for field in done),
            include=_text(directory, "include"),
            exclude=_text(directory, "exclude"),
            helm=_argo_helm(own, _table(source, "helm")),
        )


def _argo_helm(own: str, helm: Mapping[str, Any]) -> HelmOptions:
    """Helm options of a source; files that it takes from another source are looked for in the same tree."""
    values = dict(_table(helm, "valuesObject"))
    reasons = ["its fileParameters are not read"] if helm.get("fileParameters") else []
    for parameter in _tables(helm, "parameters"):
        path, value = _text(parameter, "name"), parameter.get("value")
        if _INDEXED.search(path):
            reasons.append(f"its parameter '{path}' is not read")
            continue
        put(values, path, value if parameter.get("forceString") else scalar(value))
    files = tuple("/" + file.partition("/")[2] if file.startswith("$") else file for file in _texts(helm, "valueFiles"))
    text = "" if helm.get("valuesObject") else _text(helm, "values")
    may_lack = helm.get("ignoreMissingValueFiles") is True
    return HelmOptions(
        release=_text(helm, "releaseName") or own,
        values=values,
        files=files,
        reasons=tuple(reasons),
        text=text,
        may_lack=may_lack,
        namespace=_text(helm, "namespace"),
    )


def _application_set(name: str, spec: Mapping[str, Any]) -> Iterator[Target]:
    """Argo CD `ApplicationSet`: the Applications that its list generators make."""
    template = _table(spec, "template")
    for generator in _tables(spec, "generators"):
        listed = _table(generator, "list")
        elements = listed.get("elements")
        is_plain = set(generator) == {"list"} and set(listed) == {"elements"}
        if not is_plain or not isinstance(elements, list) or spec.get("templatePatch"):
            kinds = ", ".join(sorted(map(str, generator)))
            yield Target(name, elsewhere=f"what its {kinds} generator makes")
            continue
        for element in elements[:MAX_ELEMENTS]:
            filled = _filled(template, element if isinstance(element, dict) else {})
            own = _text(_table(filled, "metadata"), "name")
            yield from _application(f"Application {own} of {name}", own, _table(filled, "spec"))


def _filled(value: Any, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as YAML holds it
    """A template with its parameters filled in."""
    if isinstance(value, dict):
        return {key: _filled(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, parameters) for item in value]
    if isinstance(value, str):
        return _PARAMETER.sub(lambda match: _parameter(match, parameters), value)
    return value


def _parameter(match: re.Match[str], parameters: Mapping[str, Any]) -> str:
    value: Any = parameters.get(match.group(1))
    if value is None:
        value = parameters
        for key in match.group(1).split("."):
            value = value.get(key) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int | float) else match.group()


def _said(*words: str) -> str:
    return " ".join(filter(None, words))


def _table(value: object, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _tables(value: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = value.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _texts(value: Mapping[str, Any], key: str) -> list[str]:
    found = value.get(key)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
