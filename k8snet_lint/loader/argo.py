"""What objects of Argo CD say about paths that they apply."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.helm.values import put, scalar
from k8snet_lint.loader.repositories import called
from k8snet_lint.loader.target import HelmOptions, Target, patched_by, table, tables, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ELEMENTS = 1000
"""How many Applications a list may make."""

_PARAMETER = re.compile(r"\{\{\s*\.?([\w-]+(?:\.[\w-]+)*)\s*\}\}")
_INDEXED = re.compile(r"\[|(?<!\\),")


def application(name: str, own: str, spec: Mapping[str, Any]) -> Iterator[Target]:
    """Argo CD `Application` (argo-cd.readthedocs.io, Application Specification)."""
    sources = tables(spec, "sources") or [table(spec, "source")]
    namespace = text(table(spec, "destination"), "namespace")
    for source in sources:
        chart, path = text(source, "chart"), text(source, "path")
        if not chart and not path:
            continue
        directory, kustomize = table(source, "directory"), table(source, "kustomize")
        forced = text(kustomize, "namespace")
        done = [f"kustomize.{field}" for field in kustomize if field not in ("images", "namespace", "version")]
        done += ["directory.jsonnet"] if directory.get("jsonnet") else []
        done += ["its plugin"] if source.get("plugin") else []
        yield Target(
            name,
            path="" if chart else path,
            elsewhere=" ".join(
                filter(None, (text(source, "repoURL"), chart and f"chart {chart}", path and f"path {path}"))
            ),
            namespace=forced or namespace,
            overrides=bool(forced),
            nested=directory.get("recurse") is True,
            reasons=tuple(f"the {name} applies {field}" for field in done),
            patched=patched_by(kustomize),
            include=text(directory, "include"),
            exclude=text(directory, "exclude"),
            helm=_argo_helm(own, table(source, "helm")),
            repository=called(text(source, "repoURL")),
        )


def _argo_helm(own: str, helm: Mapping[str, Any]) -> HelmOptions:
    """Helm options of a source; files that it takes from another source are looked for in the same tree."""
    values = dict(table(helm, "valuesObject"))
    reasons = ["its fileParameters are not read"] if helm.get("fileParameters") else []
    for parameter in tables(helm, "parameters"):
        path, value = text(parameter, "name"), parameter.get("value")
        if _INDEXED.search(path):
            reasons.append(f"its parameter '{path}' is not read")
            continue
        put(values, path, value if parameter.get("forceString") else scalar(value))
    files = tuple("/" + file.partition("/")[2] if file.startswith("$") else file for file in texts(helm, "valueFiles"))
    may_lack = helm.get("ignoreMissingValueFiles") is True
    return HelmOptions(
        release=text(helm, "releaseName") or own,
        values=values,
        files=files,
        reasons=tuple(reasons),
        text="" if helm.get("valuesObject") else text(helm, "values"),
        may_lack=may_lack,
        namespace=text(helm, "namespace"),
    )


def application_set(name: str, spec: Mapping[str, Any]) -> Iterator[Target]:
    """Argo CD `ApplicationSet`: the Applications that its list generators make."""
    template = table(spec, "template")
    has_functions = spec.get("goTemplate") is True
    for generator in tables(spec, "generators"):
        listed = table(generator, "list")
        elements = listed.get("elements")
        is_plain = set(generator) == {"list"} and set(listed) == {"elements"}
        if not is_plain or not isinstance(elements, list) or spec.get("templatePatch"):
            kinds = ", ".join(sorted(map(str, generator)))
            yield Target(name, elsewhere=f"what its {kinds} generator makes")
            continue
        for element in elements[:MAX_ELEMENTS]:
            filled = _filled(template, element if isinstance(element, dict) else {})
            if has_functions and "{{" in json.dumps(filled):
                yield Target(name, elsewhere="what its template makes by functions")
                continue
            own = text(table(filled, "metadata"), "name")
            yield from application(f"Application {own} of {name}", own, table(filled, "spec"))


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
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else match.group()
