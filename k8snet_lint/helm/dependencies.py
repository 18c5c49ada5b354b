"""What a chart depends on: what is missing, and what values switch off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.helm.values import merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.helm.chart import Chart
    from k8snet_lint.manifest import Node


def missing_dependencies(chart: Chart, values: Mapping[str, Any]) -> list[str]:
    """What the chart depends on, is not switched off, and is not among its files, as `name version`."""
    there = chart.names
    used = _table(chart, "", values)
    missing = []
    for dependency in chart.dependencies():
        name, version = dependency["name"].text, dependency["version"].text
        if name and name not in there and not _is_off(dependency, used):
            missing.append(f"{name} {version}".strip())
    return missing


def switched_off(chart: Chart, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The directories of the subcharts that the values switch off."""
    tables = {"": _table(chart, "", values)}
    off = []
    for directory in filter(None, chart.directories):
        above = directory.rpartition("/")[0].removesuffix("charts").rstrip("/")
        name = chart.about(directory)["name"].text
        named = [each for each in chart.dependencies(above) if each["name"].text == name]
        if above not in tables or (named and all(_is_off(each, tables[above]) for each in named)):
            off.append(directory)
        else:
            own = next((each["alias"].text for each in named if each["alias"].text), name)
            tables[directory] = _table(chart, directory, tables[above].get(own))
    return tuple(off)


def _table(chart: Chart, directory: str, values: object) -> dict[str, Any]:
    """A chart's values, which lie over its own."""
    own = chart.value(f"{directory}/values.yaml".lstrip("/")).value
    return merged(each for each in (own, values) if isinstance(each, dict))


def _is_off(dependency: Node, values: Mapping[str, Any]) -> bool:
    """Whether the first condition that the values know is false, or else all of the tags that they know.

    See helm.sh/docs/topics/charts, Tags and Condition fields in dependencies.
    """
    for condition in dependency["condition"].text.split(","):
        value: Any = values
        for key in condition.strip().split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, bool):
            return not value
    tags = values.get("tags")
    known = [tags.get(tag.text) for tag in dependency["tags"]] if isinstance(tags, dict) else []
    return False in known and True not in known
