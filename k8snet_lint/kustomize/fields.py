"""The fields of a kustomization: which there are, what they hold, which we do not build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.flaw import Flaw, FlawCode
from k8snet_lint.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node

TEXTS = frozenset({"namePrefix", "nameSuffix", "namespace"})
PATHS = frozenset({"bases", "components", "patchesStrategicMerge", "resources"})
"""Lists of texts."""

ENTRIES = frozenset(
    {
        "configMapGenerator",
        "imageTags",
        "images",
        "labels",
        "patches",
        "patchesJson6902",
        "replicas",
        "secretGenerator",
    }
)
"""Lists of mappings."""

MAPPINGS = frozenset({"commonAnnotations", "commonLabels", "generatorOptions"})

UNSUPPORTED = frozenset(
    {
        "configurations",
        "crds",
        "generators",
        "helmChartInflationGenerator",
        "helmCharts",
        "openapi",
        "replacements",
        "transformers",
        "validators",
        "vars",
    }
)
"""Fields that we do not build, which a reader is told by name."""

WITHOUT_EFFECT = frozenset({"apiVersion", "buildMetadata", "helmGlobals", "kind", "metadata", "sortOptions"})
"""Fields that change no object, or but annotate it."""

KNOWN = TEXTS | PATHS | ENTRIES | MAPPINGS | UNSUPPORTED | WITHOUT_EFFECT


def flaws_of(kustomization: Node) -> Iterator[Flaw]:
    """What a kustomization holds that kustomize refuses, or that we do not build."""
    if not any(key not in ("apiVersion", "kind") for key, _ in kustomization.items()):
        yield Flaw(FlawCode.INVALID, kustomization, "it says nothing but what it is")
    for key, node in kustomization.items():
        if key in UNSUPPORTED:
            if node:
                yield Flaw(FlawCode.UNSUPPORTED, node, f"{key} not applied")
        elif key not in KNOWN:
            message = f"'{key:.60}' is no field of a kustomization{did_you_mean(key, sorted(KNOWN))}"
            yield Flaw(FlawCode.INVALID, node, message)
        elif node.value is not None:
            yield from _wrong_types(key, node)


def _wrong_types(key: str, node: Node) -> Iterator[Flaw]:
    if key in TEXTS and not isinstance(node.value, str):
        yield Flaw(FlawCode.INVALID, node, f"its {key} is no text")
    elif key in MAPPINGS and not node.is_mapping:
        yield Flaw(FlawCode.INVALID, node, f"its '{key}' is no mapping")
    elif key in PATHS | ENTRIES and not node.is_list:
        yield Flaw(FlawCode.INVALID, node, f"its '{key}' is no list")
    elif key in PATHS:
        for item in node:
            if not item.text:
                yield Flaw(FlawCode.INVALID, item, f"its '{key}' holds an entry that is no path")
    elif key in ENTRIES:
        for item in node:
            if not item.is_mapping:
                yield Flaw(FlawCode.INVALID, item, f"its '{key}' holds an entry that is no mapping")
