"""`NamedTuple` as `typing` has it, at a fraction of what its definition costs.

A run defines two hundred records before it reads a byte. `typing.NamedTuple` compiles the annotation of each field to
look at it, and `collections.namedtuple` a constructor for each record, which together took longer than judging a
manifest. Here nothing is compiled but one pattern for each number of fields, of which the records differ by names.
To a type checker it is `typing.NamedTuple`, and it behaves as that does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - exported
else:
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    @cache
    def _pattern(size: int) -> type:
        """A named tuple of so many fields, with what the names of fields have a part in."""

        class Pattern(namedtuple("Pattern", [f"field{number}" for number in range(size)])):  # noqa: PYI024 - the names are given by the record
            def _replace(self, **changes: object) -> tuple[object, ...]:
                made = self._make(map(changes.pop, self._fields, self))
                if changes:
                    raise ValueError(f"Got unexpected field names: {list(changes)!r}")
                return made

            def __repr__(self) -> str:
                return f"{type(self).__name__}({', '.join(map('{}={!r}'.format, self._fields, self))})"

            __slots__ = ()

        return Pattern

    class _Defining(type):
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            """The tuple with what the class's body defines beside its fields; the base itself is an ordinary class."""
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            base = _pattern(len(fields))
            new = base.__new__
            code = new.__code__.replace(co_varnames=("_cls", *fields), co_qualname=f"{name}.__new__")
            body |= zip(fields, map(base.__mro__[1].__dict__.get, base._fields), strict=True)
            body |= {
                "__slots__": (),
                "__new__": FunctionType(code, new.__globals__, "__new__", tuple(defaults.values())),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            return type(name, (base,), body)

    class NamedTuple(metaclass=_Defining):
        """A tuple whose fields the annotations of its class name."""
