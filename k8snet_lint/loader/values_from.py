"""Values that HelmReleases of Flux take from ConfigMaps which are applied with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.cached import cached_property
from k8snet_lint.helm.values import merged, put, scalar
from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.manifest import parse
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snet_lint.loader.unit import Unit


_SEVERAL = re.compile(r"\[.*=|,(?![^{]*\}$)")
"""What makes one value of a path several, or one of a list (`helm --set`)."""


class ConfigMaps:
    """The ConfigMaps of a unit, looked through once somebody asks."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @property
    def are_raw(self) -> bool:
        """Whether something else is done to what is applied with them, and is not known."""
        return self._unit.kind is UnitKind.RAW

    def values(self, sources: Sequence[Mapping[str, Any]], namespace: str) -> tuple[dict[str, Any], list[str]]:
        """What the `valuesFrom` of a HelmRelease in this namespace come to, and what of them is not known.

        See fluxcd.io/flux/components/helm/helmreleases, Values references.
        """
        values: dict[str, Any] = {}
        unknown = []
        for source in sources:
            kind, name, path = (str(source.get(field) or "") for field in ("kind", "name", "targetPath"))
            data = self._data.get((namespace, name), {}) if kind == "ConfigMap" else {}
            text = data.get(str(source.get("valuesKey") or "values.yaml"))
            table = _table(text) if isinstance(text, str) and not path else None
            if table is not None:
                values = merged([values, table])
            elif isinstance(text, str) and path and not _SEVERAL.search(f"{path}={text}"):
                put(values, path, _quoted(text))
            else:
                unknown.append(f"values from {kind} {name} are not read")
        return values, unknown

    @cached_property
    def _data(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """The data of each by its namespace and name."""
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        for written in self._unit.objects:
            if written.kind == "ConfigMap" and written.api_version == "v1":
                metadata, data = written.node["metadata"], written.node["data"].value
                namespace = self._unit.namespace_of(metadata["namespace"].text)
                found[namespace, metadata["name"].text] = data if isinstance(data, dict) else {}
        return found


def _table(text: str) -> dict[str, Any] | None:
    """The values that a text holds, none where it is empty; None where it cannot be read as a table of values."""
    parsed = parse(Source("values", text))
    if not parsed.documents:
        return None if parsed.problems else {}
    value = parsed.documents[0].value
    return value if isinstance(value, dict) else None


def _quoted(text: str) -> object:
    """What a single value is taken for: a text where it stands in quotes."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return scalar(text)
