"""How inputs are loaded."""

from __future__ import annotations

from typing import NamedTuple


class LoadOptions(NamedTuple):
    """What the command line and the configuration say about reading.

    Shapes: `exclude` are globs as in .gitignore, relative to `directory`; `namespace` is given to objects that name
    none and that no kustomization gives one; `strict_parse` reads documents of every kind for their syntax;
    `read_all_kinds` keeps objects of every kind, for rules that are not ours; `stdin_name` is shown for stdin.
    """

    exclude: tuple[str, ...] = ()
    directory: str = "."
    namespace: str = ""
    strict_parse: bool = False
    read_all_kinds: bool = False
    stdin_name: str = "<stdin>"
