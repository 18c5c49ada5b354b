"""What `k8snet-lint check` does once it is known what it is given: manifests in, a report out."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from k8snet_lint import registry
from k8snet_lint.cli.inputs import configuration, loaded
from k8snet_lint.cli.output import paired, say, wants_color, write
from k8snet_lint.declare import Preset, Severity
from k8snet_lint.engine import lint
from k8snet_lint.errors import Unread, UsageError
from k8snet_lint.loader import EMPTY, IRRELEVANT
from k8snet_lint.reporters import Style, reporter
from k8snet_lint.reporters.plain import plain
from k8snet_lint.reporters.scope import gap_lines, scope_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.config import Config
    from k8snet_lint.registry import Registry
    from k8snet_lint.report import Report

MOST_PROFILED = 10
FOR_PROGRAMS = ("json", "sarif")
LEVELS = [severity.label for severity in reversed(Severity)]


def check(given: dict[str, Any], outputs: Sequence[tuple[str, str]]) -> int:
    """Lint, write the reports and say the scope; the exit code.

    Shapes: `given` are the command's options by name; `outputs` are formats and files in the order of the command line,
    as `paired` takes them. Raises K8snetLintError.
    """
    targets = paired(outputs, "text")
    reporters = [(name, reporter(name), place) for name, place in targets]
    config = _configured(given)
    report = _linted(config, given)
    empty = _nothing(config, report) if is_empty(report) and not report.unread and not given["allow_empty"] else None
    told = report._replace(unread=(empty,)) if empty else report
    for name, render, place in reporters:
        write(render(told if name in FOR_PROGRAMS else report, _style(given, place)), place)
    scanned = report.scanned
    gaps = gap_lines(scanned.skipped, scanned.raw, scanned.notices)
    for line in gaps if given["quiet"] else scope_lines(report, verbose=given["verbose"]):
        say(line)
    if given["profile"]:
        for line in slowest(report):
            say(line)
    if empty:
        say(f"error: {plain(empty.message)}")
        say(f"help: {empty.help}")
    return exit_code(report, config, allow_empty=given["allow_empty"], exit_zero=given["exit_zero"])


def exit_code(report: Report, config: Config, *, allow_empty: bool = False, exit_zero: bool = False) -> int:
    """3 where an input was not analysed or a rule crashed, 1 for findings at or above `fail-on`, else 0."""
    scanned = report.scanned
    unbuilt = config.strict_inputs and (scanned.raw or scanned.unbuilt)
    if report.unread or report.crashed or unbuilt or (is_empty(report) and not allow_empty):
        return 3
    failing = any(finding.severity >= config.fail_on and not finding.absence for finding in report.open)
    return 1 if failing and not exit_zero else 0


def slowest(report: Report) -> Iterator[str]:
    """The ten rules that took longest."""
    total = sum(report.times.values())
    yield f"rules took {1000 * total:.0f} ms, what several ask for counted for the first that does; the slowest:"
    for rule, seconds in sorted(report.times.items(), key=lambda each: -each[1])[:MOST_PROFILED]:
        yield f"{1000 * seconds:8.1f} ms {seconds / total if total else 0:4.0%}  {rule}"


def is_empty(report: Report) -> bool:
    """Whether the scan met no manifest at all, not even one that has no bearing on networking."""
    scanned = report.scanned
    return not scanned.objects and not any(skipped.reason == IRRELEVANT for skipped in scanned.skipped)


def _nothing(config: Config, report: Report) -> Unread:
    """What there is to say where no manifest was met, be it that a List holds none."""
    names = ["standard input" if path == "-" else f"'{path}'" for path in config.paths]
    where = ", ".join(names) or "the working directory"
    place = config.paths[0] if config.paths and config.paths[0] != "-" else "."
    if any(skipped.reason == EMPTY for skipped in report.scanned.skipped):
        return Unread(
            place, f"there is no Kubernetes manifest but an empty List in {where}", "allow it with --allow-empty"
        )
    return Unread(
        place,
        f"there is no Kubernetes manifest in {where}",
        "name other paths, or allow it with --allow-empty; what was skipped is said with -v",
    )


def _configured(given: dict[str, Any]) -> Config:
    """The configuration with the flags' word on top."""
    return configuration(
        given,
        preset=Preset(given["preset"]) if given["preset"] else None,
        select=_listed(given["select"]) or None,
        ignore=_listed(given["ignore"]),
        severity=_severities(given["severity"]),
        fail_on=Severity[given["fail_on"].upper()] if given["fail_on"] else None,
        require_reason=given["require_reason"],
        inline=False if given["no_inline"] else None,
        rules=given["rules"],
    )


def _listed(words: tuple[str, ...]) -> tuple[str, ...]:
    """What a flag is given, be it repeated or several at once with commas between them."""
    return tuple(each for word in words for each in map(str.strip, word.split(",")) if each)


def _severities(words: tuple[str, ...]) -> dict[str, Severity]:
    severities = {}
    for word in _listed(words):
        rule, _, level = word.partition("=")
        if level not in LEVELS:
            raise UsageError(f"'--severity {word}' is not RULE=LEVEL", help=f"LEVEL is one of {', '.join(LEVELS)}")
        severities[rule] = Severity[level.upper()]
    return severities


def _linted(config: Config, given: dict[str, Any]) -> Report:
    known = _rules(config.rules) if config.rules else registry.load()
    return lint(loaded(config, given), known, config, today=_today())


def _rules(directories: Sequence[str]) -> Registry:
    from pathlib import Path  # noqa: PLC0415 - most runs have no rules but ours

    return registry.load([Path(name) for name in directories])


def _today() -> str:
    """The date in UTC, or the one that `SOURCE_DATE_EPOCH` gives so that a run can be had again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return time.strftime("%Y-%m-%d", time.gmtime(int(epoch) if epoch else None))
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"SOURCE_DATE_EPOCH is '{epoch}'; expected seconds since 1970", help="unset it, or give a whole number"
        ) from None


def _style(given: dict[str, Any], place: str) -> Style:
    return Style(
        color=wants_color(given["color"], place),
        show_suppressed=given["show_suppressed"],
        verbose=given["verbose"],
        directory=os.getcwd().replace(os.sep, "/"),
        root=_repository().replace(os.sep, "/"),
    )


def _repository() -> str:
    """The directory that holds `.git`, or else the working directory: what paths in a report are relative to."""
    below, directory = "", os.getcwd()
    while directory != below:
        if os.path.exists(os.path.join(directory, ".git")):
            return directory
        below, directory = directory, os.path.dirname(directory)
    return os.getcwd()
