"""YAML or JSON text → Documents: values as kubectl sees them, each with the place where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.manifest.decoding import decode
from k8snet_lint.manifest.document import Document
from k8snet_lint.manifest.node import AsWritten, Key, Located, Node, Path
from k8snet_lint.manifest.problem import InputProblem, ProblemCode

if TYPE_CHECKING:
    from k8snet_lint.manifest.parsing import Parsed, Passed, parse, parse_passed

__all__ = [
    "AsWritten",
    "Document",
    "InputProblem",
    "Key",
    "Located",
    "Node",
    "Parsed",
    "Passed",
    "Path",
    "ProblemCode",
    "decode",
    "parse",
    "parse_passed",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module holds
    """Import the parser, and PyYAML with it, when it is first used."""
    if name in ("Parsed", "Passed", "parse", "parse_passed"):
        from k8snet_lint.manifest import parsing  # noqa: PLC0415 - that is the point

        return getattr(parsing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
