"""Files that a repository is not to hold, as something makes them when they are needed."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from k8snet_lint.errors import UsageError
from k8snet_lint.loader.globs import covering
from k8snet_lint.loader.names import is_below

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MAX_BYTES = 1 << 20

PATTERNS = ("enc", "example", "gotmpl", "gpg", "in", "j2", "jinja", "jinja2", "sample", "template", "tmpl", "tpl")
"""What stands before or after the ending of a file that another one is made of, by hand or by a program."""


def is_ignored(path: str, roots: Collection[str]) -> bool:
    """Whether a `.gitignore` above a path names it, as far as these lie in or below the `roots`; all are real paths."""
    directory = os.path.dirname(path)
    while any(is_below(directory, root) for root in roots):
        if _covers(directory)(os.path.relpath(path, directory).replace(os.sep, "/")):
            return True
        directory, below = os.path.dirname(directory), directory
        if directory == below:
            break
    return False


@cache
def _covers(directory: str) -> Callable[[str], bool]:
    """What the `.gitignore` of a directory names; exceptions (`!`) and patterns that are none are passed over."""
    try:
        with open(os.path.join(directory, ".gitignore"), "rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return lambda _: False
    lines = (line.strip() for line in text.splitlines())
    return covering([line for line in lines if line and line[0] not in "#!" and _is_pattern(line)])


def _is_pattern(line: str) -> bool:
    try:
        covering([line])
    except UsageError:
        return False
    return True


def has_pattern(path: str) -> bool:
    """Whether a file lies beside the path that what belongs there is made of: `db.yaml.template`, `db.example.yaml`."""
    stem, ending = os.path.splitext(path)
    beside = (name for each in PATTERNS for name in (f"{path}.{each}", f"{stem}.{each}{ending}"))
    return any(map(os.path.isfile, beside))
