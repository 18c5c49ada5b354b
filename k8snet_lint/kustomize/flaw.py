"""What is wrong with a kustomization, and where."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.nearest import did_you_mean
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.manifest import Node


class FlawCode(enum.Enum):
    """The sorts of flaws that a build meets.

    MISSING: names a file that does not exist. OUTSIDE: a file that lies outside of the kustomization's directory.
    CYCLE: leads back to itself. NO_TARGET: a patch, a replica count or a merge that meets no object. DUPLICATE: an
    object that is there already. UNSUPPORTED: something that we do not build. UNREADABLE: a file that does not
    parse. INVALID: what kustomize refuses. TOO_LARGE: beyond the bounds of a build. EXCLUDED: left out on demand.
    """

    MISSING = "missing"
    OUTSIDE = "outside"
    CYCLE = "cycle"
    NO_TARGET = "no-target"
    DUPLICATE = "duplicate"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    INVALID = "invalid"
    TOO_LARGE = "too-large"
    EXCLUDED = "excluded"


class Flaw(NamedTuple):
    """One flaw of a kustomization.

    Shapes: `at` is a Node of the kustomization file, whose key is meant with `at_key`; `related` are further places
    with a word on each; with `stops`, kustomize does not build it either, or we do not.
    """

    code: FlawCode
    at: Node
    message: str
    help: str = ""
    related: tuple[tuple[Node, str], ...] = ()
    stops: bool = True
    at_key: bool = False


class Refused(Exception):  # noqa: N818 - it is no error of ours
    """Raised where a transformation cannot be done: what is wrong, and the Node in a patch that it is about.

    Shapes: with `at_key`, it is about that Node's key.
    """

    def __init__(self, message: str, at: Node | None = None, help: str = "", *, at_key: bool = False) -> None:  # noqa: A002 - Flaw's word
        super().__init__(message)
        self.message = message
        self.at = at
        self.help = help
        self.at_key = at_key


class Unsupported(Refused):
    """Raised where kustomize does what we do not."""


class NoTarget(Refused):
    """Raised where a transformation meets no object."""


class Abandoned(Exception):  # noqa: N818 - it is no error of ours
    """Raised where a build would go beyond its bounds, once the flaw is noted."""


def unknown(key: str, node: Node, holder: str, known: Iterable[str]) -> Refused:
    """What there is to say of a key that what holds it does not have."""
    help_ = did_you_mean(key, known).removeprefix("; ")
    return Refused(f"'{key:.60}' is no field of {holder}", node, help_, at_key=True)


def place(entry: Node, error: Refused) -> Node:
    """What of an entry of the kustomization an error is about, which may be the file or the text that is the patch."""
    if error.at is None:
        return entry
    if error.at.document is entry.document:
        return error.at
    return entry["path"] or entry["patch"] or entry


def elsewhere(at: Node, error: Refused) -> tuple[tuple[Node, str], ...]:
    """The place in a patch's own file or text that an error is about."""
    if error.at is None or error.at.document is at.document:
        return ()
    return ((error.at, "it is about this"),)
