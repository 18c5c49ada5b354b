"""What objects of Argo CD say about paths that they apply."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.helm.values import put, scalar
from k8snet_lint.loader.repositories import called
from k8snet_lint.loader.target import HelmOptions, Target, patched_by, table, tables, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
