"""The charts of a tree, each read once, and rendered for each release that is asked for."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped, Unread
from k8snet_lint.helm.chart import Chart
from k8snet_lint.helm.installed import renderer
from k8snet_lint.helm.reading import ChartError
from k8snet_lint.loader.chart_files import read_by_templates
from k8snet_lint.loader.globs import compile_globs
from k8snet_lint.loader.helm import REASON
from k8snet_lint.loader.kinds import wanted
from k8snet_lint.loader.names import real_path, shown
from k8snet_lint.loader.release import Applied, Reading, Way, applied
from k8snet_lint.manifest import InputProblem, ProblemCode, decode, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.helm.renderer import Renderer
    from k8snet_lint.loader.options import ChartRelease, LoadOptions
    from k8snet_lint.loader.reader import Text
    from k8snet_lint.loader.unit import Unit
    from k8snet_lint.loader.walk import Tree
    from k8snet_lint.manifest import Document

GET = f"{REASON}, for want of Helm: pip install 'k8snet-lint[helm]'"
LIBRARY = "Helm library chart"
SECONDS = 180.0
"""How long all charts together may take."""


class Charts:
    """The charts below the arguments.

    Shapes: `names` are their shown directories by their real ones; `replaced` are the real ones of those charts that
    are not applied with their own values after all.
    """

    def __init__(self, tree: Tree, options: LoadOptions, names: Mapping[str, str]) -> None:
        self.names = names
        self.replaced: frozenset[str] = frozenset()
        self._tree = tree
        self._options = options
        self._charts: dict[str, Chart | ChartError] = {}
        self._renderer: Renderer | None = renderer()
        self._deadline = monotonic() + SECONDS
        self._plain: dict[str, Applied] = {}
        self._applied: dict[str, Applied] = {}

    def close(self) -> None:
        """End what renders."""
        if self._renderer is not None:
            self._renderer.close()

    def read_by_templates(self) -> Iterator[str]:
        """The real paths of files of charts that are nothing but what templates make of them."""
        for directory in self.names:
            chart = self._chart(directory)
            if isinstance(chart, Chart):
                yield from (os.path.join(directory, *path.split("/")) for path in read_by_templates(chart))

    def parts(self) -> frozenset[str]:
        """The charts that others depend on and so apply, by their real directories; of a circle, all but the first."""
        read = ((directory, self._chart(directory)) for directory in self.names)
        local = {directory: chart.local for directory, chart in read if isinstance(chart, Chart)}
        return frozenset(
            part
            for directory, found in local.items()
            for part in found
            if directory not in local.get(part, ()) or directory < part
        )

    def is_configured(self, directory: str) -> bool:
        """Whether the configuration says how a chart is applied."""
        return bool(self._entries(directory))

    def is_met(self, entry: ChartRelease) -> bool:
        """Whether an entry of the configuration matches one of the charts."""
        return any(entry in self._entries(directory) for directory in self.names)

    def configured(self, directory: str) -> Iterator[Way]:
        """The ways in which the configuration applies a chart."""
        entries = self._entries(directory)
        for entry in entries:
            files, unread = self.values(os.path.join(self._options.directory, name) for name in entry.values)
            yield Way(
                unit=entry.name or self._name(directory, entry, alone=len(entries) == 1),
                release=entry.release,
                namespace=entry.namespace or self._options.namespace,
                files=files,
                unread=unread,
            )

    def plain(self, directory: str) -> Unit | None:
        """The unit that a chart makes with its own values, as nobody says otherwise; None where it makes none."""
        name = self._free(self.names[directory])
        way = Way(unit=name, namespace=self._options.namespace, is_told=False)
        self._plain[directory] = result = self._result(directory, way)
        return result.unit

    def apply(self, directory: str, way: Way) -> tuple[str, Unit | None]:
        """The name that a release of a chart gets, and the unit of that name; None where it makes none."""
        name = self._free(way.unit)
        self._applied[name] = result = self._result(directory, way._replace(unit=name))
        return name, result.unit

    def forget(self, name: str) -> None:
        """Leave out what came of the release of that name, since the chart is not applied like that."""
        del self._applied[name]

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that was rendered, once for each template and release."""
        return tuple(text for result in self._results for text in result.texts)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not rendered, and why."""
        return tuple(one for result in self._results for one in result.skipped)

    @property
    def _results(self) -> Iterator[Applied]:
        yield from (result for directory, result in self._plain.items() if directory not in self.replaced)
        yield from self._applied.values()

    def _result(self, directory: str, way: Way) -> Applied:
        name = self.names[directory]
        chart = self._chart(directory)
        if isinstance(chart, Chart) and chart.about()["type"].text == "library":
            return Applied(skipped=(Skipped(LIBRARY, 1, (name,)),))
        why = self._obstacle(chart)
        if self._renderer is None or isinstance(chart, ChartError) or why:
            return Applied(skipped=(Skipped(why, 1, (name,), is_gap=True),))
        result = applied(chart, directory, way, self._renderer, self._reading())
        if result.unit is None:
            unrendered = Skipped(f"{REASON}, as {result.reason}", 1, (name,), is_gap=True)
            return result._replace(skipped=(*result.skipped, unrendered))
        return result

    def _obstacle(self, chart: Chart | ChartError) -> str:
        """Why a chart cannot be rendered, before that is tried."""
        if isinstance(chart, ChartError):
            return f"{REASON}, as {chart}"
        if not chart.about()["name"].text:
            return f"{REASON}, for want of a Chart.yaml that names it"
        if self._renderer is None:
            return GET
        if monotonic() > self._deadline:
            return f"{REASON}, as all together took longer than {SECONDS:g} seconds"
        return ""

    def values(self, paths: Iterable[str]) -> tuple[tuple[Document, ...], tuple[Unread, ...]]:
        """The values files at these paths, and what could not be read of them."""
        files, unread = [], []
        for path in paths:
            read = _values(path)
            if isinstance(read, Unread):
                unread.append(read)
            elif read is not None:
                files.append(read)
        return tuple(files), tuple(unread)

    def _entries(self, directory: str) -> list[ChartRelease]:
        try:
            path = os.path.relpath(directory, real_path(self._options.directory)).replace(os.sep, "/") + "/"
        except ValueError:  # another drive
            return []
        return [entry for entry in self._options.charts if _matches(entry.path, path)]

    def _chart(self, directory: str) -> Chart | ChartError:
        if directory not in self._charts:
            roots = (directory, *self._tree.arguments.values())
            try:
                self._charts[directory] = Chart.read(directory, self.names[directory], roots)
            except ChartError as error:
                self._charts[directory] = error
        return self._charts[directory]

    def _reading(self) -> Reading:
        options = self._options
        kinds = None if options.read_all_kinds else wanted
        return Reading(kinds, options.strict_parse, options.kubernetes_version, self._tree.excluded)

    def _name(self, directory: str, entry: ChartRelease, *, alone: bool) -> str:
        """What tells a values set of a chart from others."""
        name = self.names[directory]
        own = ", ".join(os.path.basename(path) for path in entry.values) or entry.release or entry.namespace
        return name if alone or not own else f"{name} ({own})"

    def _free(self, name: str) -> str:
        """The name, with a number where it is taken."""
        taken = self._applied.keys() | {self.names[each] for each in self._plain.keys() - self.replaced}
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name} #{number}"
        return free


def _matches(glob: str, path: str) -> bool:
    pattern = compile_globs((glob,))
    return pattern is not None and pattern.fullmatch(path) is not None


def _values(path: str) -> Document | Unread | None:
    """The values that a file gives; None where it is empty."""
    name = shown(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except (OSError, ValueError) as error:  # the latter for a path that no file can have
        why = error.strerror if isinstance(error, OSError) else error
        return Unread(name, f"the values file cannot be read: {why}", "check the path")
    source = decode(name, data)
    problems = [source] if isinstance(source, InputProblem) else []
    parsed = None if isinstance(source, InputProblem) else parse(source)
    # Helm takes the last of a key that is written twice.
    problems += [one for one in parsed.problems if one.code is not ProblemCode.DUPLICATE_KEY] if parsed else ()
    for problem in problems[:1]:
        start = problem.location.span.start
        return Unread(name, problem.message, problem.help, start.line, start.column)
    documents = parsed.documents if parsed else ()
    if len(documents) == 1 and isinstance(documents[0].value, dict):
        return documents[0]
    return Unread(name, "a values file holds one mapping", "give each key its value") if documents else None
