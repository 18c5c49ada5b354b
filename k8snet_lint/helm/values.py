"""Values: what several files and tables come to, and where one is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snet_lint.helm.chart import Chart
    from k8snet_lint.manifest import Document
    from k8snet_lint.source import Location

MAX_DEPTH = 64

_DOT = re.compile(r"(?<!\\)\.")


def merged(tables: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Tables laid over each other, as `helm template --values` lays files: later ones win, key by key."""
    result: dict[str, Any] = {}
    for table in tables:
        result = _over(result, table, MAX_DEPTH)
    return result


def _over(below: Mapping[str, Any], above: Mapping[str, Any], room: int) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        under = result.get(key)
        merges = isinstance(under, dict) and isinstance(value, dict) and room
        result[key] = _over(under, value, room - 1) if merges else value  # type: ignore[arg-type]  # as just asked
    return result


class Given(NamedTuple):
    """Where a chart's templates have their values from.

    Shapes: `files` are values files, what counts most first, each with the keys that it holds the chart's values under;
    `over` are values that no file gives and that count more, under the last of these keys.
    """

    files: tuple[tuple[Document, tuple[str, ...]], ...] = ()
    over: tuple[Mapping[str, Any], tuple[str, ...]] = ({}, ())

    def place(self, path: Sequence[str]) -> Location | None:
        """Where the value is given that templates know as `.Values` and this path; None where no file gives it."""
        if _holds(self.over[0], _path(path, self.over[1])):
            return None
        found = (document.root.at(*_path(path, under)) for document, under in self.files)
        return next((node.location for node in found if node.present), None)


def given(chart: Chart, template: str, files: Sequence[Document], values: Mapping[str, Any]) -> Given:
    """Where a template, called as Helm does, has its values from: values, files under them, charts from the outermost.

    A subchart's are under the name that the chart above it calls it by.
    """
    holders = chart.holders(template)
    names = tuple(template.split("/")[2 : 2 * len(holders) : 2])
    found = [(document, names) for document in reversed(files)]
    for depth, directory in enumerate(holders):
        own = chart.documents(f"{directory}/values.yaml".lstrip("/"))
        found += [(document, names[depth:]) for document in own[:1]]
    return Given(tuple(found), (values, names))


def _path(path: Sequence[str], under: tuple[str, ...]) -> tuple[str, ...]:
    """Where a chart's values hold a value of a subchart; global ones are everybody's (Helm, `coalesceGlobals`)."""
    return (*path,) if path[:1] == ["global"] else (*under, *path)


def _holds(values: object, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True


def put(values: dict[str, Any], path: str, value: object) -> None:
    """Set one value as `helm --set` does; a dot that belongs to a key has a backslash before it."""
    *above, last = (key.replace("\\", "") for key in _DOT.split(path))
    for key in above:
        below = values.get(key)
        values[key] = values = dict(below) if isinstance(below, dict) else {}
    values[last] = value


def scalar(value: object) -> object:
    """What `helm --set` takes a text for."""
    if not isinstance(value, str):
        return value
    words: dict[str, object] = {"true": True, "false": False, "null": None}
    if value in words:
        return words[value]
    if value.startswith("{") and value.endswith("}"):
        return [scalar(each.strip()) for each in value[1:-1].split(",") if each.strip()]
    return int(value) if re.fullmatch(r"-?(0|[1-9]\d{0,17})", value) else value
