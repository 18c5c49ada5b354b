"""What reading the text of one document gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.manifest.problem import Refused

# Three times what the deepest of real definitions needs, and far from where a recursion would end.
MAX_DEPTH = 100


class Reading(NamedTuple):
    """What a text holds.

    Shapes: `line` is that of the value, from 0; `repeats` says that some mapping may hold a key twice, for
    which its places are to be looked at; `rest` tells of what follows the document and is not part of it.
    """

    value: Any
    line: int = 0
    repeats: bool = False
    rest: Refused | None = None
