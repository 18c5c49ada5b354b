"""Files of a chart that its templates read, and that are nothing by themselves (`.Files`, helm.sh/docs)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.helm.template import ACTION
from k8snet_lint.loader.globs import compile_globs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.helm.chart import Chart

_TEXT = re.compile(r'"([^"\\\n]+)"|`([^`]+)`')
_ANY = re.compile(r"%[-+# 0-9]*[dqsv]|\{[^{}]*\}")
"""What stands for anything in a format or, put generously, in a pattern."""

_ACROSS = re.compile(r"\*\*(?=[^/*])")


def read_by_templates(chart: Chart) -> frozenset[str]:
    """The files of a chart that a template names, by their paths in it, or that a pattern fits in what reads files."""
    texts = list(chart.templates.values())
    if not any(".Files" in text for text in texts):
        return frozenset()
    named, globs = set[str](), set[str]()
    for action in (match.group() for text in texts for match in ACTION.finditer(text)):
        for written in _written(action):
            if "*" not in written:
                named.add(written)
            elif ".Files" in action:
                globs.add("/" + _ACROSS.sub("**/*", written.lstrip("/").replace("[", "[[]")))
    fits = compile_globs(globs)
    return frozenset(path for path in chart.files if path in named or (fits and fits.fullmatch(path)))


def _written(action: str) -> Iterator[str]:
    """The texts in quotes in an action, as patterns."""
    return (_ANY.sub("*", match[1] or match[2]) for match in _TEXT.finditer(action))
