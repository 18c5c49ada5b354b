"""The fields of a kustomization: which there are, what they hold, which we do not build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.flaw import Flaw, FlawCode, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.kustomize.flaw import Refused
    from k8snet_lint.manifest import Node

TEXTS = frozenset({"apiVersion", "kind", "namePrefix", "nameSuffix", "namespace"})
PATHS = frozenset(
    {
        *("bases", "buildMetadata", "components", "configurations", "crds", "generators"),
        *("patchesStrategicMerge", "resources", "transformers", "validators"),
    }
)
"""Lists of texts."""

_IMAGE = dict.fromkeys(("name", "newName", "newTag", "tagSuffix", "digest"), "text")
_PATCH = {"path": "text", "patch": "text", "target": "mapping", "options": "mapping"}
OPTIONS = {"labels": "texts", "annotations": "texts", "disableNameSuffixHash": "flag", "immutable": "flag"}
_GENERATED = {
    **dict.fromkeys(("name", "namespace", "behavior", "env"), "text"),
    **dict.fromkeys(("envs", "files", "literals"), "list"),
    "options": "mapping",
}
SPEC = {**dict.fromkeys(("path", "kind", "group", "version"), "text"), "create": "flag"}
ENTRIES: Mapping[str, Mapping[str, str]] = {
    "configMapGenerator": _GENERATED,
    "imageTags": _IMAGE,
    "images": _IMAGE,
    "labels": {"pairs": "mapping", "includeSelectors": "flag", "includeTemplates": "flag", "fields": "list"},
    "patches": _PATCH,
    "patchesJson6902": _PATCH,
    "replacements": {"path": "text", "source": "mapping", "targets": "list"},
    "replicas": {"name": "text", "count": "count"},
    "secretGenerator": {**_GENERATED, "type": "text"},
    "vars": {"name": "text", "objref": "mapping", "fieldref": "mapping"},
}
"""Lists of mappings, with the fields of these and what each takes."""

WITHIN: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    **{key: {"options": OPTIONS} for key in ("configMapGenerator", "secretGenerator")},
    "vars": {
        "objref": dict.fromkeys(("apiVersion", "group", "version", "kind", "name", "namespace"), "text"),
        "fieldref": {"fieldPath": "text"},
    },
}
"""The mappings within such entries, with their fields."""

_TAKES: Mapping[str, Callable[[object], bool]] = {
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "mapping": lambda value: isinstance(value, dict),
    "texts": lambda value: isinstance(value, dict) and all(isinstance(each, str) for each in value.values()),
    "count": lambda _: True,  # said where it is set
    "order": lambda value: value in ("fifo", "legacy"),
}

MAPPINGS: Mapping[str, Mapping[str, str] | None] = {
    "commonAnnotations": None,
    "commonLabels": None,
    "generatorOptions": OPTIONS,
    "helmGlobals": {"chartHome": "text", "configHome": "text"},
    "metadata": {"name": "text", "namespace": "text", "labels": "texts", "annotations": "texts"},
    "openapi": None,
    "sortOptions": {"order": "order", "legacySortOptions": "mapping"},
}
"""Mappings, with their fields where these are not for the author to choose."""

VERSIONS = {"Kustomization": "kustomize.config.k8s.io/v1beta1", "Component": "kustomize.config.k8s.io/v1alpha1"}

OLD = ("bases", "imageTags")
LISTS = frozenset({"helmChartInflationGenerator", "helmCharts"})
"""Lists of mappings that nothing reads here."""

UNSUPPORTED = LISTS | {"validators"}
"""Fields that we do not build, which a reader is told by name."""

KNOWN = TEXTS | PATHS | LISTS | ENTRIES.keys() | MAPPINGS.keys()


def flaws_of(kustomization: Node) -> Iterator[Flaw]:
    """What a kustomization holds that kustomize refuses, or that we do not build."""
    if not any(_says(key, node.value) for key, node in kustomization.items()):
        yield Flaw(FlawCode.INVALID, kustomization, "it says nothing but what it is")
    version = VERSIONS[kustomization["kind"].text or "Kustomization"]
    if kustomization["apiVersion"].text not in ("", version):
        at = kustomization["apiVersion"]
        yield Flaw(
            FlawCode.INVALID, at, f"its apiVersion is '{at.text:.60}', which kustomize refuses; expected {version}"
        )
    for key, node in kustomization.items():
        if key not in KNOWN:
            yield _flaw(unknown(key, node, "a kustomization", KNOWN), node)
        elif node.value is not None:
            yield from _wrong_types(key, node)
        if key in UNSUPPORTED and node:
            yield Flaw(FlawCode.UNSUPPORTED, node, f"{key} not applied")


def _says(key: str, value: object) -> bool:
    """Whether a field makes a kustomization one that is not empty; the lists of old names only where they hold any."""
    return key not in ("apiVersion", "kind") and value not in ((None, "", []) if key in OLD else (None, ""))


def _wrong_types(key: str, node: Node) -> Iterator[Flaw]:
    if key in TEXTS and not isinstance(node.value, str):
        yield Flaw(FlawCode.INVALID, node, f"its {key} is no text")
    elif key in MAPPINGS and not node.is_mapping:
        yield Flaw(FlawCode.INVALID, node, f"its '{key}' is no mapping")
    elif key in PATHS | LISTS | ENTRIES.keys() and not node.is_list:
        yield Flaw(FlawCode.INVALID, node, f"its '{key}' is no list")
    fields = MAPPINGS.get(key)
    if fields is not None:
        yield from _wrong_fields(key, node, fields)
    for item in node if key in PATHS | LISTS | ENTRIES.keys() else ():
        yield from _wrong_entry(key, item)


def _wrong_entry(key: str, item: Node) -> Iterator[Flaw]:
    if key in PATHS:
        if not item.text:
            yield Flaw(FlawCode.INVALID, item, f"its '{key}' holds an entry that is no path")
    elif not item.is_mapping:
        named = (
            f"write 'path: {item.text:.60}', as kustomize wants it since 5.0" if key == "patches" and item.text else ""
        )
        yield Flaw(FlawCode.INVALID, item, f"its '{key}' holds an entry that is no mapping", named)
    elif key in ENTRIES:
        yield from _wrong_fields(key, item, ENTRIES[key])
        for name, fields in WITHIN.get(key, {}).items():
            yield from _wrong_fields(name, item[name], fields)
        for field in item["fields"] if key == "labels" else ():
            if field.value is not None and not field.is_mapping:
                yield Flaw(FlawCode.INVALID, field, "'fields' of 'labels' holds an entry that is no mapping")
            yield from _wrong_fields("fields", field, SPEC)


def _wrong_fields(key: str, entry: Node, fields: Mapping[str, str]) -> Iterator[Flaw]:
    """What an entry holds besides its fields, or of another type than they take."""
    for name, node in entry.items():
        if name not in fields:
            yield _flaw(unknown(name, node, f"an entry of '{key}'", fields), node)
        elif node.value is not None and not _TAKES[fields[name]](node.value):
            yield Flaw(FlawCode.INVALID, node, f"'{name}' of '{key}' is no {fields[name].removesuffix('s')}")


def _flaw(error: Refused, at: Node) -> Flaw:
    return Flaw(FlawCode.INVALID, at, error.message, error.help, at_key=error.at_key)
