"""A chart's files, read once: what Helm is given, what is marked, what places point to."""

from __future__ import annotations

import json
import os
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.helm.reading import ChartError, check_size, in_its_chart, read_files
from k8snet_lint.manifest import Document, InputProblem, decode, parse
from k8snet_lint.manifest.document import Written
from k8snet_lint.record import NamedTuple
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.helm.reading import ChartFile
    from k8snet_lint.manifest import Node

CHART_FILES = ("Chart.yaml", "requirements.yaml")
LOCAL = "file://"
_NAME = re.compile(r"\w[\w.-]*")
MAX_LOCAL = 100
"""How many charts of the tree a chart may depend on, with those that they depend on."""


@dataclass(frozen=True)
class Chart:
    """A chart with its subcharts.

    Shapes: `name` is its shown directory; `files` are keyed by their paths in the chart, with `/`; `local` are the real
    directories of the charts of `file://` among its subcharts.
    """

    name: str
    files: Mapping[str, ChartFile]
    local: tuple[str, ...] = ()
    _sources: dict[str, Source | None] = field(default_factory=dict, compare=False, repr=False)
    _documents: dict[str, tuple[Document, ...]] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def read(directory: str, name: str, roots: tuple[str, ...]) -> Chart:
        """The chart in a directory, with those of `file://` that it depends on, as `helm dependency build` adds them.

        Links are followed as far as they stay below the real paths `roots`. Raises ChartError for what cannot be read,
        and for more than Helm itself would take.
        """
        files: dict[str, ChartFile] = {}
        pending = [_Local(os.path.realpath(directory), name)]
        for one in pending:
            own = read_files(one.directory, one.name, (one.directory, *roots))
            files.update({one.inner + path: file for path, file in own.items()})
            check_size(len(files), sum(len(file.data) for file in files.values()))
            pending += _depends_on(Chart(one.name, own), one)  # read on by this loop
            if len(pending) > MAX_LOCAL:
                raise ChartError(f"it depends on more than {MAX_LOCAL} charts by {LOCAL}")
        return Chart(name, files, tuple(one.directory for one in pending[1:]))

    @cached_property
    def self_contained(self) -> Mapping[str, ChartFile]:
        """The files, of which none names a dependency that is missing.

        `helm` renders nothing of a chart that lacks one. Definitions, which may be of megabytes, are left out where no
        template reads files.
        """
        there = self.names
        reads = any(".Files" in text for text in self.templates.values())
        files = {inner: file for inner, file in self.files.items() if reads or not is_definition(inner)}
        for inner in CHART_FILES:
            written = self.value(inner)
            named = list(written["dependencies"])
            kept = [each.value for each in named if each["name"].text in there]
            if len(kept) < len(named):
                text = json.dumps({**written.value, "dependencies": kept})
                files[inner] = files[inner]._replace(data=text.encode("utf-8"))
        return files

    @property
    def without_values(self) -> Chart:
        """The chart without values of its own."""
        files = {inner: file for inner, file in self.files.items() if inner != "values.yaml"}
        return Chart(self.name, files, self.local)

    @property
    def subcharts(self) -> list[str]:
        """The directories of the charts that it holds directly, such as `charts/cache`."""
        return [each for each in self.directories if each.startswith("charts/") and each.count("/") == 1]

    @property
    def names(self) -> set[str]:
        """What the charts that it holds directly are called."""
        return {self.about(directory)["name"].text for directory in self.subcharts}

    @property
    def directories(self) -> list[str]:
        """Where it and its subcharts are: `""`, `charts/cache`, …, each after what holds it."""
        charts = (inner for inner in self.files if in_its_chart(inner) == "Chart.yaml")
        return sorted(inner.removesuffix("Chart.yaml").rstrip("/") for inner in charts)

    def path_of(self, helm_name: str) -> str:
        """The path in the chart of what Helm calls `shop/templates/web.yaml`; empty where there is no such file."""
        holders = self.holders(helm_name)
        path = "/".join((*holders[-1:], *helm_name.split("/")[2 * len(holders) - 1 :])).lstrip("/")
        return path if holders and path in self.files else ""

    def holders(self, helm_name: str) -> list[str]:
        """The directories of the charts that hold what Helm calls so, from the outermost; none where one is missing."""
        own, *parts = helm_name.split("/")
        found = [""] if own == self.about()["name"].text else []
        while found and len(parts) > 2 and parts[0] == "charts":
            directory = self._called.get((found[-1], parts[1]))
            found, parts = [] if directory is None else [*found, directory], parts[2:]
        return found

    @cached_property
    def _called(self) -> Mapping[tuple[str, str], str]:
        """The directories of subcharts, by what each is in, and its name or an alias there."""
        names: dict[tuple[str, str], str] = {}
        for directory in filter(None, self.directories):
            above = directory.rpartition("/")[0].removesuffix("charts").rstrip("/")
            own = self.about(directory)["name"].text
            names[above, own] = directory
            for dependency in self.dependencies(above):
                if dependency["name"].text == own and dependency["alias"].text:
                    names[above, dependency["alias"].text] = directory
        return names

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """The texts below `templates/` of it and its subcharts, by their paths."""
        found = {}
        for inner in self.files:
            if in_its_chart(inner).startswith("templates/") and (source := self.source(inner)):
                found[inner] = source.text
        return found

    def about(self, directory: str = "") -> Node:
        """What the Chart.yaml in a directory of the chart says; an absent Node where it says nothing."""
        return self.value(f"{directory}/Chart.yaml".lstrip("/"))

    def dependencies(self, directory: str = "") -> list[Node]:
        """What a chart depends on, in its Chart.yaml or, before Helm 3, its requirements.yaml."""
        written = (self.value(f"{directory}/{name}".lstrip("/"))["dependencies"] for name in CHART_FILES)
        return [each for one in written for each in one]

    def value(self, path: str) -> Node:
        """The first document of a YAML file of the chart; an absent Node where there is none."""
        documents = self.documents(path)
        return documents[0].root if documents else _NOTHING

    def documents(self, path: str) -> tuple[Document, ...]:
        """What a YAML file of the chart holds; nothing where there is no such file."""
        if path not in self._documents:
            source = self.source(path)
            self._documents[path] = parse(source).documents if source else ()
        return self._documents[path]

    def source(self, path: str) -> Source | None:
        """A file's text; None where there is no such file, or no text in it."""
        if path not in self._sources:
            file = self.files.get(path)
            decoded = decode(file.name, file.data) if file else None
            self._sources[path] = None if isinstance(decoded, InputProblem) else decoded
        return self._sources[path]


_NOTHING = Document(Source("", ""), None, 1, Written(0, 0, 1)).root


def is_definition(inner: str) -> bool:
    """Whether a file of a chart is in a directory `crds`, which Helm applies as it stands."""
    return in_its_chart(inner).startswith("crds/")


class _Local(NamedTuple):
    """A chart's directory, what it is shown as, where it is in the chart that needs it, and what needs it in turn."""

    directory: str
    name: str
    inner: str = ""
    around: tuple[str, ...] = ()


def _depends_on(chart: Chart, one: _Local) -> Iterator[_Local]:
    there, around = chart.names, (*one.around, one.directory)
    for dependency in chart.dependencies():
        name, repository = dependency["name"].text, dependency["repository"].text
        written = repository.removeprefix(LOCAL)
        path = _directory(f"{one.directory}/{written}")
        inner = f"charts/{name}/"
        is_local = repository.startswith(LOCAL) and not written.startswith("/") and _NAME.fullmatch(name)
        is_new = name not in there and path not in around and f"{inner}Chart.yaml" not in chart.files
        if path and is_local and is_new:
            yield _Local(path, posixpath.normpath(f"{one.name}/{written}"), one.inner + inner, around)


def _directory(path: str) -> str:
    """The real path of a chart's directory; nothing where there is none."""
    try:
        real = os.path.realpath(path)
        return real if Path(real, "Chart.yaml").is_file() else ""
    except (OSError, ValueError):  # no file can have such a path
        return ""
