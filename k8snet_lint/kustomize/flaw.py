"""What is wrong with a kustomization, and where."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
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

    Shapes: `at` is a Node of the kustomization file; `related` are further places with a word on each; with
    `stops`, kustomize does not build it either, or we do not.
    """

    code: FlawCode
    at: Node
    message: str
    help: str = ""
    related: tuple[tuple[Node, str], ...] = ()
    stops: bool = True


class Refused(Exception):  # noqa: N818 - it is no error of ours
    """Raised where a transformation cannot be done: what is wrong, and the Node in a patch that it is about."""

    def __init__(self, message: str, at: Node | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class Unsupported(Refused):
    """Raised where kustomize does what we do not."""


class NoTarget(Refused):
    """Raised where a transformation meets no object."""


class Abandoned(Exception):  # noqa: N818 - it is no error of ours
    """Raised where a build would go beyond its bounds, once the flaw is noted."""


def elsewhere(at: Node, error: Refused) -> tuple[tuple[Node, str], ...]:
    """The place in a patch's own file that an error is about."""
    if error.at is None or error.at.document.source.name == at.document.source.name:
        return ()
    return ((error.at, "it is about this"),)
