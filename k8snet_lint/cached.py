"""`cached_property` of functools, without the lock that Python 3.11 takes for every value.

A run has one thread, and asks for more than a dozen such values an object.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property as cached_property  # noqa: PLC0414 - exported
else:

    class cached_property:  # noqa: N801 - functools' name
        """A property that is worked out once."""

        def __init__(self, func: Any) -> None:  # noqa: ANN401 - as functools has it
            self.func = func
            self.__doc__ = func.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:  # noqa: ANN401 - as functools has it
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.func(instance)
            return value
