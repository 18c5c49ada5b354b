"""Regular expressions as `re.compile` makes them, but when they are first used.

A run over one file uses half of those of the modules that it imports, and to compile one takes as long as to read a
manifest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    expression = re.compile
else:

    class expression:  # noqa: N801 - called like the function that it stands for
        """A pattern whose methods are those of the compiled one."""

        def __init__(self, pattern: str, flags: int = 0) -> None:
            self._written = pattern, flags

        def __getattr__(self, name: str) -> object:
            if name.startswith("_"):  # a copy is asked for these before it holds what is written
                raise AttributeError(name)
            value = getattr(re.compile(*self._written), name)
            setattr(self, name, value)
            return value
