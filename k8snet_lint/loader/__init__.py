"""Paths, folders and stdin to units of objects, and units to worlds."""

from k8snet_lint.loader.helm import REASON as UNRENDERED
from k8snet_lint.loader.load import EMPTY, IRRELEVANT, load
from k8snet_lint.loader.options import ChartRelease, LoadOptions
from k8snet_lint.loader.reader import MAX_MEBIBYTES
from k8snet_lint.loader.unit import Loaded, Object, Unit, UnitKind, World

__all__ = [
    "EMPTY",
    "IRRELEVANT",
    "MAX_MEBIBYTES",
    "UNRENDERED",
    "ChartRelease",
    "LoadOptions",
    "Loaded",
    "Object",
    "Unit",
    "UnitKind",
    "World",
    "load",
]
