"""From the arguments of a command line to worlds of units of objects."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from k8snet_lint.errors import Skipped
from k8snet_lint.expression import expression
from k8snet_lint.loader.definitions import definitions
from k8snet_lint.loader.helm import charts
from k8snet_lint.loader.kinds import GITOPS
from k8snet_lint.loader.kustomization import FILE_NAMES
from k8snet_lint.loader.names import parent
from k8snet_lint.loader.plain import plain
from k8snet_lint.loader.reader import Reader
from k8snet_lint.loader.scan import Claim, Scan
from k8snet_lint.loader.unit import Loaded
from k8snet_lint.loader.walk import File, walk
from k8snet_lint.loader.worlds import worlds_of
from k8snet_lint.manifest import ProblemCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snet_lint.loader.options import LoadOptions
    from k8snet_lint.loader.reader import Text
    from k8snet_lint.loader.unit import Notice, Unit, World

STDIN = "-"
VALUES = expression(r"(^|[-_.])values([-_.].*)?\.ya?ml$")
"""How files of values for a Helm chart are called: `values.yaml`, `web-values.yaml`, `values-dev.yaml`."""

IRRELEVANT = "kind without a bearing on networking"
EMPTY = "empty List"


def load(targets: Sequence[str], options: LoadOptions, *, stdin: bytes | None = None) -> Loaded:
    """Read all that lies below the targets.

    Shapes: a target is a file, a directory, or `-` for `stdin`. Nothing in an input raises: what cannot be read is
    in `problems` or `unread`. Raises UsageError for an exclude glob that is none.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return _load(targets, options, stdin or b"")
    finally:
        if collects:
            gc.enable()


def _load(targets: Sequence[str], options: LoadOptions, stdin: bytes) -> Loaded:
    tree = walk([target for target in targets if target != STDIN], options)
    if STDIN in targets:
        tree = tree.having(File(STDIN, options.stdin_name, options.stdin_name))
    reader = Reader(options, {STDIN: stdin})
    scan = Scan(tree, reader, options, tree.files)
    try:
        for recogniser in (charts, _kustomizations, plain):  # what one claims, those after it do not see
            scan = scan.after(recogniser)
        if any(written.api_version.startswith(GITOPS) for unit in scan.units for written in unit.objects):
            from k8snet_lint.loader.gitops import with_gitops  # noqa: PLC0415 - most trees hold nothing of the kind

            scan = with_gitops(scan)
    finally:
        if scan.charts:
            scan.charts.close()
    texts = (*reader.texts, *(scan.charts.texts if scan.charts else ()))
    templates = frozenset(parent(text.file.name) for text in texts if text.is_template or _is_for_a_chart(text))
    broken = frozenset(parent(text.file.name) for text in texts if _is_broken(text))
    if templates or broken:
        marked = (unit._replace(templates=templates, unread=broken) for unit in scan.units)
        scan = scan._replace(units=tuple(marked))
    units, worlds, notices = _as_told(scan)
    problems = [problem for text in texts for problem in (*text.problems, *text.held.problems)]
    unread = [*tree.unread, *(text.unread for text in texts if text.unread)]
    return Loaded(
        worlds=worlds,
        units=units,
        problems=tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.location.sort_key)),
        unread=tuple(sorted(dict.fromkeys(unread), key=lambda one: (one.name, one.line, one.column))),
        skipped=_merged([*tree.skipped, *scan.skipped, *(scan.charts.skipped if scan.charts else ()), *_skips(texts)]),
        sources=tuple(
            dict.fromkeys(text.source for text in texts if text.source and (text.held.objects or text.roots))
        ),
        files=len({text.file.name for text in texts if text.unread is None}),
        documents=sum(text.documents for text in texts),
        notices=notices,
        definitions=definitions(texts, scan.units, options.crds),
    )


def _kustomizations(scan: Scan) -> Claim:
    if not any(file.base in FILE_NAMES for file in scan.files):
        return Claim()
    from k8snet_lint.loader.kustomize import kustomizations  # noqa: PLC0415 - most trees hold none

    return kustomizations(scan)


def _is_broken(text: Text) -> bool:
    """Whether a file, or a document of it, could not be read, so that nobody knows what it describes."""
    problems = (*text.problems, *text.held.problems)
    return text.unread is not None or any(problem.code is ProblemCode.PARSE_ERROR for problem in problems)


def _is_for_a_chart(text: Text) -> bool:
    """Whether a file that no chart of the tree has is called as Helm's values are: those of a chart of elsewhere."""
    return bool(text.held.others and VALUES.search(text.file.base))


def _as_told(scan: Scan) -> tuple[tuple[Unit, ...], tuple[World, ...], tuple[Notice, ...]]:
    """The units and the worlds: those that are discovered, but where the configuration tells others."""
    options = scan.options
    if not (options.units or options.worlds or options.charts):
        return scan.units, worlds_of(scan.units), ()
    from k8snet_lint.loader.told import as_told  # noqa: PLC0415 - few configurations tell units

    return as_told(scan.units, options, scan.charts)


def _skips(texts: Iterable[Text]) -> list[Skipped]:
    """What was recognised within files and not judged, a count a file or a kind."""
    found = []
    kinds: dict[str, int] = {}
    for text in texts:
        names = (text.file.name,)
        held = text.held
        if text.is_template:
            found.append(Skipped("unrendered template", 1, names, is_gap=True))
        if held.others:
            found.append(Skipped("no Kubernetes manifest", held.others, names))
        if held.fragments:
            found.append(Skipped("Kustomize patch or configuration", held.fragments, names))
        if held.tests:
            found.append(Skipped("Helm test", held.tests, names))
        if held.templates:
            found.append(Skipped("OpenShift template", held.templates, names, is_gap=True))
        if held.empty:
            found.append(Skipped(EMPTY, held.empty, names))
        for kind, count in held.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + count
    if kinds:
        named = tuple(f"{kind} ({count})" for kind, count in sorted(kinds.items()))
        found.append(Skipped(IRRELEVANT, sum(kinds.values()), named))
    return found


def _merged(found: Iterable[Skipped]) -> tuple[Skipped, ...]:
    """One entry a reason."""
    reasons: dict[str, list[Skipped]] = {}
    for one in found:
        reasons.setdefault(one.reason, []).append(one)
    return tuple(
        Skipped(
            reason,
            sum(one.total for one in alike),
            tuple(sorted({name for one in alike for name in one.names})),
            is_gap=alike[-1].is_gap,
        )
        for reason, alike in sorted(reasons.items())
    )
