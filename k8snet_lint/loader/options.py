"""How inputs are loaded."""

from __future__ import annotations

from k8snet_lint.record import NamedTuple


class ChartRelease(NamedTuple):
    """A way in which charts are applied.

    Shapes: `path` is a glob as in .gitignore that matches the charts' directories; `values` are files, the later ones
    over the earlier; both are relative to the configuration's directory. What is empty is not told.
    """

    path: str
    values: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
    name: str = ""


class UnitFiles(NamedTuple):
    """Files that one act applies.

    Shapes: `paths` are globs as in .gitignore, relative to the configuration's directory, of files or of directories
    with all below them; `namespace` is given to objects that name none.
    """

    name: str
    paths: tuple[str, ...]
    namespace: str = ""


class WorldUnits(NamedTuple):
    """Units that one cluster gets together.

    Shapes: `units` are names of units, or globs of the directories that they are of.
    """

    name: str
    units: tuple[str, ...]


class LoadOptions(NamedTuple):
    """What the command line and the configuration say about reading.

    Shapes: `exclude` are globs as in .gitignore, relative to `directory`; `namespace` is given to objects that name
    none and that no kustomization gives one; `strict_parse` reads documents of every kind for their syntax;
    `read_all_kinds` keeps objects of every kind, for rules that are not ours; `stdin_name` is shown for stdin;
    `crds` are files and directories of further CustomResourceDefinitions; `render` builds kustomizations and charts;
    `charts` say how charts are applied, and `kubernetes_version` is (major, minor); `units` and `worlds` take the place
    of what is discovered.
    """

    exclude: tuple[str, ...] = ()
    directory: str = "."
    namespace: str = ""
    strict_parse: bool = False
    read_all_kinds: bool = False
    stdin_name: str = "<stdin>"
    crds: tuple[str, ...] = ()
    render: bool = True
    charts: tuple[ChartRelease, ...] = ()
    kubernetes_version: tuple[int, int] = (1, 34)
    units: tuple[UnitFiles, ...] = ()
    worlds: tuple[WorldUnits, ...] = ()
