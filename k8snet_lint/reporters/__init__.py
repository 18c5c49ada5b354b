"""What renders a Report: one module a format, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from k8snet_lint.errors import UsageError
from k8snet_lint.nearest import did_you_mean, listed
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.report import Report

REPORTERS = {
    "text": "k8snet_lint.reporters.text",
    "concise": "k8snet_lint.reporters.concise",
    "json": "k8snet_lint.reporters.json_report",
    "sarif": "k8snet_lint.reporters.sarif",
}


class Style(NamedTuple):
    """How a report is to look; a format ignores what does not concern it.

    Shapes: `width` is in terminal cells and bounds source lines. `root` and `directory` are absolute paths
    with `/`: that of the repository, to which a machine's paths are relative, and the one that the names of
    sources are relative to. Where they are empty, names stay as given.
    """

    color: bool = False
    show_suppressed: bool = False
    verbose: bool = False
    width: int = 120
    root: str = ""
    directory: str = ""


class Reporter(Protocol):
    """Renders a report; a pure function, whose text ends with a line break."""

    def __call__(self, report: Report, style: Style) -> str: ...


def reporter(name: str) -> Reporter:
    """The reporter of the format `name`.

    Raises UsageError where there is no such format.
    """
    if name in REPORTERS:
        render: Reporter = import_module(REPORTERS[name]).render
        return render
    raise UsageError(f"unknown format {name!r}{did_you_mean(name, REPORTERS)}", f"use {listed(REPORTERS)}")
