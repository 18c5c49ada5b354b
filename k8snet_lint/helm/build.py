"""A chart and the values of one release → what Helm renders, traced to the templates."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from k8snet_lint.helm.marks import Marks
from k8snet_lint.helm.rendered import Rendered
from k8snet_lint.helm.renderer import RenderError, Request, StoppedError
from k8snet_lint.helm.template import definitions_in
from k8snet_lint.helm.values import given, merged
from k8snet_lint.source import Location, Position, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.helm.chart import Chart
    from k8snet_lint.helm.marks import Trace
    from k8snet_lint.helm.reading import ChartFile
    from k8snet_lint.helm.renderer import Renderer
    from k8snet_lint.manifest import Document

MAX_WORDS = 300
"""How much of an error is said."""

_FAILING = re.compile(r"([\w.\-/]+/templates/[^\s:)]+):(\d+)(?::(\d+))?")
_SEPARATOR = re.compile(r"^---(?:[ \t]+(?=[^\s#])|(?=[^\s-]))", re.MULTILINE)
"""What Helm takes for the end of a document, and YAML does not (`SplitManifests`)."""

_AT = re.compile(r"\bat <(.{1,200}?)>: ")
_STEP = re.compile(r">: |error calling \w+: |\btemplate: |^[): ]+")


@dataclass(frozen=True, slots=True)
class Release:
    """How a chart is applied.

    Shapes: `files` are the values files, the later ones over the earlier; `values` go over them; `kubernetes` is
    (major, minor).
    """

    name: str
    namespace: str = "default"
    files: tuple[Document, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    kubernetes: tuple[int, int] = (1, 34)

    @property
    def table(self) -> dict[str, Any]:
        """All values that the release gives."""
        given = [document.value for document in self.files if isinstance(document.value, dict)]
        return merged([*given, self.values])


@dataclass(frozen=True, slots=True)
class Failure:
    """A template that does not render; `location` is None where Helm names no place."""

    message: str
    location: Location | None = None

    def is_in(self, source: Source | None) -> bool:
        """Whether the place is in a template."""
        return self.location is not None and self.location.source is source

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" if self.location else self.message


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a chart: texts in the order of Helm's names, and what failed, without which they were rendered."""

    texts: tuple[Rendered, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.failures


def build(chart: Chart, release: Release, renderer: Renderer) -> Built:
    """Render a chart; a template that fails is left out, and the others are rendered without it.

    Raises StoppedError where rendering took too long or too much memory.
    """
    with tempfile.TemporaryDirectory(prefix="k8snet-lint-") as directory:
        run = _Run(chart, release, renderer, monotonic() + renderer.seconds, Path(directory, "chart"))
        files, failures = chart.self_contained, list[Failure]()
        try:
            plain = run.render(files)
        except StoppedError:
            raise
        except RenderError as error:
            files, failures = _without_failing(chart, run, error)
            plain = run.render(files) if files else {}
        traces = _traces(chart, files, run, plain)
    return Built(tuple(_texts(chart, release, plain, traces)), tuple(failures))


@dataclass(frozen=True, slots=True)
class _Run:
    """The renderings of one chart for one release, which have to end by a time of the monotonic clock.

    Shapes: `directory` is where the chart is written for Helm, and `written` what stands there by now.
    """

    chart: Chart
    release: Release
    renderer: Renderer
    deadline: float
    directory: Path
    written: dict[str, bytes] = field(default_factory=dict)

    def check_time(self) -> None:
        """Raise StoppedError when the time is up."""
        if monotonic() > self.deadline:
            raise StoppedError(f"it took longer than {self.renderer.seconds:g} seconds")

    def render(self, files: Mapping[str, ChartFile]) -> Mapping[str, str]:
        """What the files render to, without notes and what Helm does not take for manifests."""
        self.check_time()
        try:
            self._write(files)
        except OSError as error:  # an archive may hold what no directory can
            raise RenderError(f"its files cannot be written out: {error.strerror}") from error
        release = self.release
        texts = self.renderer.render(
            Request(
                str(self.directory),
                self.chart.path_of,
                release.table,
                release.name,
                release.namespace,
                release.kubernetes,
            )
        )
        return {name: text for name, text in texts.items() if _is_manifest(name)}

    def _write(self, files: Mapping[str, ChartFile]) -> None:
        for inner, file in files.items():
            if self.written.get(inner) != file.data:
                path = self.directory / inner
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.data)
                self.written[inner] = file.data


def _without_failing(chart: Chart, run: _Run, error: RenderError) -> tuple[Mapping[str, ChartFile], list[Failure]]:
    """The chart without the output of the templates that fail, and why they do; no files where all of it fails.

    Helm names one that fails at a time; where it names none that can be left out, each is tried alone.
    """
    kept, failures = dict(chart.self_contained), dict[str, Failure]()
    while True:
        failure = _failure(chart, str(error))
        path = next((path for path in chart.templates if failure.is_in(chart.source(path))), "")
        if not path or path in failures or _is_for_others(path):
            return _each_alone(chart, run)
        failures[path], kept[path] = failure, _silenced(chart, path, run)
        try:
            run.render(kept)
        except StoppedError:
            raise
        except RenderError as further:
            error = further
        else:
            return kept, [failures[path] for path in chart.templates if path in failures]


def _each_alone(chart: Chart, run: _Run) -> tuple[Mapping[str, ChartFile], list[Failure]]:
    """As above, by rendering each template without the output of all others."""
    templates = {path: chart.files[path] for path in chart.templates if not _is_for_others(path)}
    silent = {**chart.self_contained, **{path: _silenced(chart, path, run) for path in templates}}
    try:
        run.render(silent)
    except StoppedError:
        raise
    except RenderError as error:
        return {}, [_failure(chart, str(error))]
    kept, failures = dict(silent), []
    for path, file in templates.items():
        try:
            run.render({**silent, path: file})
        except StoppedError:
            raise
        except RenderError as error:
            failures.append(_failure(chart, str(error)))
        else:
            kept[path] = file
    return kept, list(dict.fromkeys(failures))


def _silenced(chart: Chart, path: str, run: _Run) -> ChartFile:
    run.check_time()
    return chart.files[path]._replace(data=definitions_in(chart.templates[path]).encode("utf-8"))


def _texts(chart: Chart, release: Release, plain: Mapping[str, str], traces: Mapping[str, Trace]) -> Iterator[Rendered]:
    for name, text in sorted(plain.items()):
        path = chart.path_of(name)
        if path and text.strip():
            trace, breaks = traces.get(name), _breaks(text)
            source = Source(f"{chart.files[path].name} (rendered)", _SEPARATOR.sub("---\n", text) if breaks else text)
            values = given(chart, name, release.files, release.values)
            yield Rendered(source, path, chart, trace.broken(breaks) if trace and breaks else trace, values)


def _breaks(text: str) -> dict[int, int]:
    """The lines, from 0, that Helm parts in two, and the columns at which it does."""
    breaks, line, done = {}, 0, 0
    for match in _SEPARATOR.finditer(text):
        line += text.count("\n", done, match.start())
        done = match.start()
        breaks[line] = match.end() - match.start()
    return breaks


def _traces(chart: Chart, files: Mapping[str, ChartFile], run: _Run, plain: Mapping[str, str]) -> dict[str, Trace]:
    """What marks tell of the rendered texts: first with marks in definitions, then, for what those change, without."""
    templates = {path: text for path, text in chart.templates.items() if files.get(path) is chart.files[path]}
    marks = Marks.of(templates)
    traces: dict[str, Trace] = {}
    for definitions in (True, False):
        marked = dict(files)
        for path, text in templates.items():
            data = marks.marked(path, text, definitions=definitions).encode("utf-8")
            marked[path] = files[path]._replace(data=data)
        try:
            texts = run.render(marked)
        except RenderError:
            continue
        for name in plain.keys() & texts.keys() - traces.keys():
            if (trace := marks.read(texts[name], plain[name])) is not None:
                traces[name] = trace
        if len(traces) == len(plain):
            break
    return traces


def _is_for_others(name: str) -> bool:
    """Whether a template only defines some (helm.sh/docs/chart_template_guide/named_templates)."""
    return name.rpartition("/")[2].startswith("_")


def _is_manifest(name: str) -> bool:
    return not _is_for_others(name) and not name.endswith("NOTES.txt")


def _failure(chart: Chart, error: str) -> Failure:
    """What is to be said of an error, and the place that it names first."""
    for match in _FAILING.finditer(error):
        path = chart.path_of(match.group(1))
        source = chart.source(path) if path else None
        if source is not None:
            line, column = int(match.group(2)), int(match.group(3) or 0)
            place = Position(line, column + 1)
            return Failure(_cause(error[match.end() :]), Location(source, Span(place, place)))
    return Failure(_cause(error))


def _cause(error: str) -> str:
    """What Helm stopped at, and the last of its words on why, on one line."""
    words = " ".join(error.split())
    at = _AT.search(words)
    why = _STEP.split(words)[-1].strip(" .")
    said = f"{at.group(1)}: {why}" if at and at.group(1) not in why else why
    return said[:MAX_WORDS] or "it does not render"
