"""A chart's files, read once: what Helm is given, what is marked, what places point to."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.helm.archive import MAX_BYTES, MAX_FILES, TooMuchError, unpack
from k8snet_lint.manifest import Document, InputProblem, decode, parse
from k8snet_lint.manifest.document import Written
from k8snet_lint.record import NamedTuple
from k8snet_lint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node

CHART_FILES = ("Chart.yaml", "requirements.yaml")


class ChartError(Exception):
    """Why a chart cannot be read."""


class ChartFile(NamedTuple):
    """A file of a chart; `name` is what it is shown as, which for one in an archive leads through it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Chart:
    """A chart with its subcharts.

    Shapes: `name` is its shown directory; `files` are keyed by their paths in the chart, with `/`.
    """

    name: str
    files: Mapping[str, ChartFile]
    _sources: dict[str, Source | None] = field(default_factory=dict, compare=False, repr=False)
    _documents: dict[str, tuple[Document, ...]] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def read(directory: str, name: str, roots: tuple[str, ...]) -> Chart:
        """The chart in a directory; links are followed as far as they stay below the real paths `roots`.

        Raises ChartError for what cannot be read, and for more than Helm itself would take.
        """
        files: dict[str, ChartFile] = {}
        size = 0
        try:
            for path, inner in _walk(directory, roots):
                with Path(path).open("rb") as stream:
                    data = stream.read(MAX_BYTES - size + 1)
                files[inner] = ChartFile(f"{name}/{inner}" if name != "." else inner, data)
                size += len(data)
                if size > MAX_BYTES or len(files) > MAX_FILES:
                    raise ChartError(f"it holds more than {MAX_BYTES >> 20} MiB or {MAX_FILES:,} files")
            for inner in [inner for inner in files if _is_packed(inner)]:
                _add_packed(files, inner, MAX_BYTES - size)
        except OSError as error:
            raise ChartError(f"{error.strerror or error}") from error
        except TooMuchError as error:
            raise ChartError(str(error)) from error
        return Chart(name, files)

    @cached_property
    def self_contained(self) -> Mapping[str, ChartFile]:
        """The files, of which none names a dependency that is missing.

        `helm` renders nothing of a chart that lacks one. Definitions, which may be of megabytes, are left out where no
        template reads files.
        """
        there = {self.about(directory)["name"].text for directory in self.subcharts}
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
    def subcharts(self) -> list[str]:
        """The directories of the charts that it holds directly, such as `charts/cache`."""
        return [each for each in self.directories if each.startswith("charts/") and each.count("/") == 1]

    @property
    def directories(self) -> list[str]:
        """Where it and its subcharts are: `""`, `charts/cache`, …, each after what holds it."""
        return sorted(inner.removesuffix("Chart.yaml").rstrip("/") for inner in self.files if _is_chart(inner))

    @cached_property
    def by_helm_name(self) -> Mapping[str, str]:
        """The prefixes by which Helm names the templates of each chart, `shop/charts/cache`, and its directory."""
        names: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        for directory in self.directories:
            above = directory.rpartition("/charts/")[0] if "/charts/" in directory else ""
            prefix = f"{prefixes.get(above, '')}/charts/" if directory else ""
            own = self.about(directory)["name"].text
            prefixes[directory] = prefix + own
            names[prefix + own] = directory
            for dependency in self.dependencies(above) if directory else ():
                if dependency["name"].text == own and dependency["alias"].text:
                    names[prefix + dependency["alias"].text] = directory
        return names

    def path_of(self, helm_name: str) -> str:
        """The path in the chart of what Helm calls `shop/templates/web.yaml`; empty where there is no such file."""
        prefix, slash, inner = helm_name.rpartition("/templates/")
        directory = self.by_helm_name.get(prefix)
        if directory is None or not slash:
            return ""
        path = f"{directory}/templates/{inner}".lstrip("/")
        return path if path in self.files else ""

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """The texts below `templates/` of it and its subcharts, by their paths."""
        found = {}
        for inner in self.files:
            if (inner.startswith("templates/") or "/templates/" in inner) and (source := self.source(inner)):
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


def _is_chart(inner: str) -> bool:
    """Whether a file makes its directory the chart itself or a subchart that Helm would load."""
    directory = inner.removesuffix("Chart.yaml").rstrip("/")
    if not inner.endswith("Chart.yaml"):
        return False
    parts = directory.split("/") if directory else []
    return len(parts) % 2 == 0 and all(part == "charts" for part in parts[::2]) and inner[-11:-10] in ("", "/")


def is_definition(inner: str) -> bool:
    """Whether a file of a chart is in a directory `crds`, which Helm applies as it stands.

    A dependency may be called `crds` and have templates.
    """
    parts = inner.split("/")
    while parts[0] == "charts" and len(parts) > 2:
        del parts[:2]
    return parts[0] == "crds" and len(parts) > 1


def _is_packed(inner: str) -> bool:
    parts = inner.split("/")
    return inner.endswith(".tgz") and len(parts) % 2 == 0 and all(part == "charts" for part in parts[::2])


def _add_packed(files: dict[str, ChartFile], inner: str, room: int) -> None:
    """Put the files of a packed subchart in place of its archive, as if it stood there unpacked."""
    archive = files[inner]
    above = inner.rpartition("/")[0]
    members = unpack(archive.data, room)
    if members and not any(f"{above}/{name.partition('/')[0]}/Chart.yaml" in files for name in members):
        del files[inner]
        files.update({f"{above}/{name}": ChartFile(f"{archive.name}/{name}", data) for name, data in members.items()})


def _walk(directory: str, roots: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The files below a directory, in order, with their paths in it."""
    pending = [(directory, "")]
    seen = set()
    while pending:
        path, inner = pending.pop()
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            below = f"{inner}/{entry.name}".lstrip("/")
            if entry.name in (".git", "node_modules") or (entry.is_symlink() and not _stays(entry.path, roots)):
                continue
            if entry.is_dir():
                pending.append((entry.path, below))
            elif entry.is_file():
                yield entry.path, below


def _stays(path: str, roots: tuple[str, ...]) -> bool:
    real = os.path.realpath(path)
    return any(real.startswith(root.rstrip(os.sep) + os.sep) for root in roots)
