"""What objects of Flux say about paths that they apply."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snet_lint.helm.values import merged
from k8snet_lint.loader.target import PATCHES, HelmOptions, Target, patched_by, table, tables, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.loader.values_from import ConfigMaps


def kustomization(name: str, spec: Mapping[str, Any]) -> Target:
    """Flux `Kustomization` (fluxcd.io/flux/components/kustomize/kustomizations)."""
    source = table(spec, "sourceRef")
    namespace = text(spec, "targetNamespace")
    path = text(spec, "path") or "./"
    done = [field for field in (*PATCHES, "namePrefix", "nameSuffix", "components") if spec.get(field)]
    is_root = path.strip("./") == ""
    return Target(
        name,
        path=path if text(source, "kind") == "GitRepository" or not is_root else "",
        elsewhere=f"{text(source, 'kind')} {text(source, 'name')}, path {path}",
        namespace=namespace,
        overrides=bool(namespace),
        substituted=bool(spec.get("postBuild")),
        reasons=tuple(f"the {name} applies its {field}" for field in done),
        patched=patched_by(spec),
        repository=_said(text(source, "kind"), text(source, "name")),
    )


def helm_release(name: str, own: str, namespace: str, spec: Mapping[str, Any], maps: ConfigMaps) -> Target:
    """Flux `HelmRelease` (fluxcd.io/flux/components/helm/helmreleases)."""
    chart = table(table(spec, "chart"), "spec")
    source = table(chart, "sourceRef") or table(spec, "chartRef")
    target = text(spec, "targetNamespace")
    is_path = text(source, "kind") == "GitRepository"
    values, reasons = maps.values(tables(spec, "valuesFrom"), namespace)
    values = merged([values, table(spec, "values")])
    if maps.are_raw and "${" in json.dumps(values):
        reasons.append(f"variables in the values of the {name} are filled in")
    files = texts(chart, "valuesFiles")
    if spec.get("postRenderers"):
        reasons.append(f"the {name} has post-renderers")
    wanted = text(chart, "chart")
    return Target(
        name,
        path=wanted if is_path else "",
        elsewhere=_said(text(source, "kind"), text(source, "name"), wanted and f"chart {wanted}"),
        namespace=target or namespace,
        patched=frozenset().union(*(patched_by(table(each, "kustomize")) for each in tables(spec, "postRenderers"))),
        repository=_said(text(source, "kind"), text(source, "name")),
        helm=HelmOptions(
            release=text(spec, "releaseName") or (f"{target}-{own}" if target else own),
            values=values,
            files=tuple(f"/{file.lstrip('./')}" for file in files),
            reasons=tuple(reasons),
            may_lack=chart.get("ignoreMissingValuesFiles") is True,
            replaces=bool(files),
        ),
    )


def _said(*words: str) -> str:
    return " ".join(filter(None, words))
