"""The table `[tool.k8snet-lint]` of a pyproject.toml, with the lines of its keys.

A TOML reader keeps no places, so lines are found in the text: that of a key as `key =` or in a table's header. What
stands inside an inline table or a list has the place of the key before it, and a line within a multi-line string that
looks like a key is taken for one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.cached import cached_property
from k8snet_lint.errors import ConfigError
from k8snet_lint.manifest import AsWritten, Node
from k8snet_lint.source import Location, Position, Source, Span

if TYPE_CHECKING:
    from k8snet_lint.manifest.node import Path

TABLE = ("tool", "k8snet-lint")

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_LINE = re.compile(rf"[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<header>{_KEY})[ \t]*\]|(?P<key>{_KEY})[ \t]*=)")
_OURS = re.compile(r"""^[ \t]*\[\[?[ \t]*["']?tool["']?[ \t]*\.[ \t]*["']?k8snet-lint["']?[ \t]*[.\]]""", re.MULTILINE)


def mentions_us(text: str) -> bool:
    """Whether the text of a TOML file has a table of ours."""
    return _OURS.search(text) is not None


def parse(source: Source) -> Node:
    """The value of our table, absent where the file has none. Raises ConfigError where the file is no TOML."""
    import tomllib  # noqa: PLC0415 - only where a pyproject.toml holds our table

    try:
        value: Any = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_placed(source, str(error))) from error
    except RecursionError as error:
        raise ConfigError(f"{source.name}:1:1: the values are nested too deeply to be read") from error
    document = TomlDocument(source)
    node = Node(document, value).at(*TABLE)
    return Node(document, _dates_as_text(node.value), present=node.present)


def _placed(source: Source, message: str) -> str:
    said = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    what, line, column = said.groups() if said else (message, None, None)
    place = f"{line}:{column}" if line else f"{len(source.lines)}:{len(source.lines[-1]) + 1}"
    return f"{source.name}:{place}: {what[:1].lower()}{what[1:]}"


def _dates_as_text(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    """The value with dates and times written out, which YAML as Kubernetes reads it has no type for."""
    if isinstance(value, dict):
        return {key: _dates_as_text(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(entry) for entry in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


class TomlDocument(AsWritten):
    """Tells on which line a path of our table stands."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def source(self) -> Source:
        return self._source

    def locate(self, path: Path) -> Location:
        """The line of the key at `path`, or of the nearest one above it."""
        whole: Path = (*TABLE, *path)
        while whole and whole not in self._lines:
            whole = whole[:-1]
        number = self._lines.get(whole, 1)
        line = self.source.line(number)
        start = len(line) - len(line.lstrip()) + 1
        return Location(
            self.source, Span(Position(number, start), Position(number, max(start, len(line.rstrip()) + 1)))
        )

    locate_key = locate

    @cached_property
    def _lines(self) -> dict[Path, int]:
        """The first line of every path that a key or a header names."""
        lines: dict[Path, int] = {}
        counts: dict[Path, int] = {}
        table: Path = ()
        for number, line in enumerate(self.source.lines, start=1):
            found = _LINE.match(line)
            if found is None:
                continue
            if found["header"]:
                table = _under((), _parts(found["header"]), counts, new=found["open"] == "[[")
            path = table if found["header"] else _under(table, _parts(found["key"]), counts)
            for length in range(1, len(path) + 1):
                lines.setdefault(path[:length], number)
        return lines


def _parts(key: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, key)]


def _under(table: Path, parts: list[str], counts: dict[Path, int], *, new: bool = False) -> Path:
    """The path of a dotted key below `table`: a part that is an array of tables stands for its last item."""
    path = table
    for position, part in enumerate(parts, start=1):
        path = (*path, part)
        if new and position == len(parts):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path
