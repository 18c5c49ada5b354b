"""One release of a chart as a unit: its objects at their places in the templates, and what is to be said besides."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.errors import Skipped, Unread
from k8snet_lint.helm.build import Release, build
from k8snet_lint.helm.chart import is_definition
from k8snet_lint.helm.dependencies import missing_dependencies, switched_off
from k8snet_lint.helm.rendered import RenderedDocument
from k8snet_lint.helm.renderer import StoppedError
from k8snet_lint.loader.objects import Objects, collect
from k8snet_lint.loader.reader import Text
from k8snet_lint.loader.unit import Object, Unit, UnitKind
from k8snet_lint.loader.walk import File
from k8snet_lint.manifest import InputProblem, ProblemCode, parse
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from k8snet_lint.helm.build import Built, Failure
    from k8snet_lint.helm.chart import Chart
    from k8snet_lint.helm.rendered import Rendered
    from k8snet_lint.helm.renderer import Renderer
    from k8snet_lint.manifest import Document
    from k8snet_lint.source import Source

FAILING = "Helm template that does not render"
MISSING = "Helm chart dependency that is not among the chart's files"
UNKNOWN = "object for a hook that Helm does not know"

_HOOKS = frozenset(
    {"test", "test-success"}
    | {f"{when}-{what}" for when in ("pre", "post") for what in ("install", "upgrade", "delete", "rollback")}
)

_OF_NAMESPACES = frozenset({"namespace", "matchNames", "kubernetes.io/metadata.name"})
"""Keys that the names of namespaces stand under: of objects, references, monitors and selectors."""

_HOST_IN_DEFAULT = re.compile(r"[a-z0-9]\.default(\.svc|:[0-9]|/|$)")


class Way(NamedTuple):
    """How a chart is applied.

    Shapes: `unit` is the name that the unit gets; an empty `release` or `namespace` is not told; `files` are values
    files, the later ones over the earlier, in place of the chart's own with `replaces`, and `values` go over them;
    `unread` are values files that were not read; `reasons` say what else is done to the objects, and is not known;
    `told_namespace` is what templates are told instead of `namespace`, where it is not empty; `is_told` tells whether
    somebody says that the chart is applied like this, and `applier` is the unit that holds who does; `patched` are the
    kinds that something else changes values of.
    """

    unit: str
    release: str = ""
    namespace: str = ""
    files: tuple[Document, ...] = ()
    values: Mapping[str, Any] = {}
    replaces: bool = False
    unread: tuple[Unread, ...] = ()
    reasons: tuple[str, ...] = ()
    is_told: bool = True
    told_namespace: str = ""
    applier: str = ""
    patched: frozenset[str] = frozenset()


class Applied(NamedTuple):
    """What came of one release; no unit where nothing of the chart could be rendered, and `reason` then says why."""

    unit: Unit | None = None
    texts: tuple[Text, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    reason: str = ""


class Reading(NamedTuple):
    """What of the rendered text is wanted: kinds, by group and kind, and whether the rest is to parse, too."""

    wanted: Callable[[str, str], bool] | None
    strict: bool
    kubernetes: tuple[int, int]
    excluded: frozenset[str]


def applied(chart: Chart, directory: str, way: Way, renderer: Renderer, reading: Reading) -> Applied:
    """Render a chart, which lies in a directory, and read what comes of it."""
    chart = chart.without_values if way.replaces else chart
    release = Release(
        name=way.release or chart.about()["name"].text,
        namespace=way.told_namespace or way.namespace or "default",
        files=way.files,
        values=way.values,
        kubernetes=reading.kubernetes,
    )
    unread = [Text(File("", one.name, one.name), Objects(), unread=one) for one in way.unread]
    try:
        built = build(chart, release, renderer)
    except StoppedError as error:
        return Applied(texts=tuple(unread), reason=str(error))
    missing = missing_dependencies(chart, release.table)
    skipped = tuple(_skipped(chart, built, missing))
    if built.failures and not built.texts:
        return Applied(texts=tuple(unread), skipped=skipped, reason="it does not render")
    texts = [_text(each, reading) for each in built.texts if not _is_excluded(each.path, directory, reading)]
    texts += _definitions(chart, switched_off(chart, release.table), reading)
    read = [written for text in texts for written in text.held.objects]
    unknown = [written for written in read if _is_for_unknown_hook(written)]
    if unknown:
        names = tuple(sorted({written.node.document.source.name for written in unknown}))
        skipped += (Skipped(UNKNOWN, len(unknown), names),)
    objects = tuple(written for written in read if not _is_for_unknown_hook(written))
    reasons = [*way.reasons, *map(str, built.failures), *(f"its dependency {name} is not there" for name in missing)]
    return Applied(
        Unit(
            name=way.unit,
            kind=UnitKind.RAW if reasons or way.unread else UnitKind.BUILT,
            objects=objects,
            namespace=way.namespace or _default_namespace(objects),
            reason=_listed(reasons or [str(one) for one in way.unread]),
            is_assumed=not way.namespace,
            awaits_values=not way.is_told,
            applier=way.applier,
            patched=way.patched,
        ),
        (*texts, *unread),
        skipped,
    )


def _skipped(chart: Chart, built: Built, missing: list[str]) -> Iterator[Skipped]:
    if built.failures:
        names = tuple(sorted(_said(failure, chart) for failure in built.failures))
        yield Skipped(FAILING, len(names), names, is_gap=True)
    if missing:
        names = tuple(f"{chart.name}: {name}" for name in missing)
        yield Skipped(MISSING, len(names), names, is_gap=True)


def _said(failure: Failure, chart: Chart) -> str:
    return str(failure) if failure.location else f"{chart.name}: {failure}"


def _is_for_unknown_hook(written: Object) -> bool:
    """Whether Helm leaves an object out for its hooks (helm.sh/docs/topics/charts_hooks)."""
    hooks = written.node.at("metadata", "annotations", "helm.sh/hook").text
    return bool(hooks) and not {hook.strip().lower() for hook in hooks.split(",")} <= _HOOKS


def _listed(reasons: list[str]) -> str:
    more = f"; and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}" if reasons else ""


def _text(rendered: Rendered, reading: Reading) -> Text:
    """What one rendered template holds."""
    parsed = parse(rendered.source, wanted=reading.wanted, strict=reading.strict)
    roots = [RenderedDocument(document, rendered).root for document in parsed.documents]
    held = collect(roots, reading.wanted, fragments=False)
    for kind, count in parsed.skipped:
        held.kinds[kind] = held.kinds.get(kind, 0) + count
    template = rendered.template
    return Text(
        File("", template.name, template.name),
        held,
        template,
        tuple(_traced(problem, rendered) for problem in parsed.problems),
        len(parsed.documents) + sum(count for _, count in parsed.skipped),
    )


def _traced(problem: InputProblem, rendered: Rendered) -> InputProblem:
    """A problem of the rendered text, at its place in the template."""
    location = rendered.place(problem.location).location
    if problem.code is ProblemCode.DUPLICATE_KEY:
        related = tuple((rendered.place(other).location, word) for other, word in problem.related)
        return InputProblem(problem.code, location, problem.message, problem.help, related)
    written = rendered.source.line(problem.location.span.start.line).strip()
    message = f"what Helm renders here does not parse, at `{written:.60}`: {problem.message}"
    related = ((problem.location, "as rendered"),)
    return InputProblem(ProblemCode.PARSE_ERROR, location, message, problem.help, related)


def _definitions(chart: Chart, off: Iterable[str], reading: Reading) -> Iterator[Text]:
    """What the `crds` directories hold of those charts that are not off, which Helm applies as it stands."""
    left_out = tuple(f"{directory}/" for directory in off)
    for path in filter(is_definition, chart.files):
        source = chart.source(path)
        if source is not None and path.endswith((".yaml", ".yml", ".json")) and not path.startswith(left_out):
            yield _plain(source, reading)


def _plain(source: Source, reading: Reading) -> Text:
    parsed = parse(source, wanted=reading.wanted, strict=reading.strict)
    if any(problem.code is ProblemCode.TEMPLATE for problem in parsed.problems):
        return Text(File("", source.name, source.name), Objects(), is_template=True)
    held = collect((document.root for document in parsed.documents), reading.wanted, fragments=False)
    for kind, count in parsed.skipped:
        held.kinds[kind] = held.kinds.get(kind, 0) + count
    documents = len(parsed.documents) + sum(count for _, count in parsed.skipped)
    return Text(File("", source.name, source.name), held, source, parsed.problems, documents)


def _default_namespace(objects: Iterable[Object]) -> str:
    """`default` where templates write the release's namespace, which nobody told, so that all are in the same one."""
    return "default" if any(_names_default(written.node.value) for written in objects) else ""


def _names_default(value: object, key: object = "") -> bool:
    """Whether something of an object is in namespace `default`: itself, what it refers to, or a host."""
    if isinstance(value, dict):
        return any(_names_default(entry, name) for name, entry in value.items())
    if isinstance(value, list):
        return any(_names_default(item, key) for item in value)
    if not isinstance(value, str) or "default" not in value:
        return False
    return (value == "default" and key in _OF_NAMESPACES) or _HOST_IN_DEFAULT.search(value) is not None


def _is_excluded(path: str, directory: str, reading: Reading) -> bool:
    """Whether a file of a chart, or a directory above it in the chart, was left out on demand."""
    parts = path.split("/")
    return bool(reading.excluded) and any(
        os.path.join(directory, *parts[:count]) in reading.excluded for count in range(1, len(parts) + 1)
    )
