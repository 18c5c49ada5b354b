"""Runs the examples on a rule's page: the page is the rule's test, a user's own rule's as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.crashing import crash_of
from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.page import Example, examples
from k8snet_lint.registry import options_of
from k8snet_lint.source import Location, Position, Span
from k8snet_lint.stamp import Stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snet_lint.declare import Rule
    from k8snet_lint.loader import Loaded
    from k8snet_lint.report import Finding

FILE = "# file: "


class UnreadableError(ValueError):
    """A text that does not parse."""


def failures(rule: Rule) -> tuple[str, ...]:
    """What does not hold of a rule's examples, a line each, with the file and line of the page; empty where all does.

    A page has at least one example with a `# finding` mark and one without. The rule's findings on an example
    stand on exactly the marked lines, and a mark's words are in its finding's message.
    """
    if rule.check is None:
        return ()
    found = examples(rule.docs)
    missing = []
    if not any(example.marks for example in found):
        missing.append(f"{rule.file}:1: no example with a '# finding' mark")
    if all(example.marks for example in found):
        missing.append(f"{rule.file}:1: no example that is silent")
    return (*missing, *(line for example in found for line in _failures(rule, example)))


def findings_on(rule: Rule, text: str) -> tuple[Finding, ...]:
    """The findings of one rule, with its default options, on a text of manifests.

    Lines `# file: NAME` part a text into the files of a directory; places are those of the text all the same.
    Raises UnreadableError where the text does not parse, and whatever the rule raises.
    """
    if rule.check is None:
        return ()
    options = options_of(rule, {}, "")
    loaded, shift = _loaded(text)
    if loaded.problems:
        message = f"{loaded.problems[0].location}: {loaded.problems[0].message}"
        raise UnreadableError(message)
    found: list[Finding] = []
    for graph in Graph.of_worlds(loaded.worlds, Facts(), loaded.definitions):
        stamp = Stamp({})
        problems = rule.check(graph) if options is None else rule.check(graph, options)
        found.extend(stamp.finding(rule, problem, graph) for problem in problems)
    return tuple(sorted((shift(finding) for finding in found), key=lambda finding: finding.location.sort_key))


def _loaded(text: str) -> tuple[Loaded, Callable[[Finding], Finding]]:
    """What an example holds, and what puts a finding's place into the example's text."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith(FILE)]
    if not starts:
        return load(("-",), LoadOptions(stdin_name="example.yaml"), stdin=text.encode()), lambda finding: finding
    import tempfile  # noqa: PLC0415 - few examples are several files
    from pathlib import Path  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory).resolve()
        firsts = {}
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            path = root / lines[start].removeprefix(FILE).strip()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines[start + 1 : end]) + "\n", encoding="utf-8")
            firsts[path.as_posix()] = start + 1
        loaded = load((str(root),), LoadOptions())
    return loaded, lambda finding: _shifted(finding, firsts)


def _shifted(finding: Finding, firsts: Mapping[str, int]) -> Finding:
    """A finding at its line of the example."""
    source, span = finding.location
    above = next((first for name, first in firsts.items() if name.endswith(source.name.lstrip("."))), 0)
    start, end = (Position(point.line + above, point.column) for point in span)
    return finding._replace(location=Location(source, Span(start, end)))


def _failures(rule: Rule, example: Example) -> Iterator[str]:
    try:
        found = findings_on(rule, example.text)
    except UnreadableError as error:
        yield f"{rule.file}:{example.line}: the example does not load: {error}"
        return
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a rule's bug is what the test is there to show
        crash = crash_of(rule, error)
        yield f"{crash.where}: the rule fails on the example in line {example.line}: {crash.message}"
        return
    marked = {mark.line: mark for mark in example.marks}
    for finding in found:
        line = finding.location.span.start.line
        where = f"{rule.file}:{example.line + line - 1}"
        if line not in marked:
            yield f"{where}: a finding that no mark expects: {finding.message}"
        elif marked[line].text not in finding.message:
            yield f"{where}: the finding says '{finding.message}'; the mark expects '{marked[line].text}'"
    lines = {finding.location.span.start.line for finding in found}
    for mark in example.marks:
        if mark.line not in lines:
            yield f"{rule.file}:{example.line + mark.line - 1}: marked, but the rule finds nothing there"
