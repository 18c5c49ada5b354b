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
    import sys
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    def _replace(self, /, **changes):  # noqa: ANN001, ANN003, ANN202 - as the checker has it from typing
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise TypeError(f"Got unexpected field names: {list(changes)!r}")
        return made

    def _repr(self) -> str:  # noqa: ANN001 - likewise
        return f"{type(self).__name__}({', '.join(map('{}={!r}'.format, self._fields, self))})"

    @cache
    def _pattern(size: int) -> tuple[FunctionType, list[object], dict[str, object]]:
        """Of a named tuple of so many fields: the constructor, the fields, and what knows none of their names."""
        made = namedtuple("Pattern", [f"field{number}" for number in range(size)])  # noqa: PYI024 - the names are given by the record
        common = {name: vars(made)[name] for name in ("_make", "_asdict", "__getnewargs__")}
        return (
            made.__new__,
            [vars(made)[field] for field in made._fields],
            {**common, "_replace": _replace, "__replace__": _replace, "__repr__": _repr, "__slots__": ()},
        )

    def _annotated(body: dict[str, object]) -> tuple[str, ...]:
        """The names that a body annotates; without the future import, Python 3.14 tells them only when it is asked."""
        if "__annotations__" in body or sys.version_info < (3, 14):
            return tuple(body.get("__annotations__", ()))
        from annotationlib import Format, call_annotate_function, get_annotate_from_class_namespace  # noqa: PLC0415

        annotate = get_annotate_from_class_namespace(body)
        return tuple(call_annotate_function(annotate, Format.FORWARDREF)) if annotate else ()

    class _Defining(type):
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            """The tuple with what the class's body defines beside its fields; the base itself is an ordinary class."""
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = _annotated(body)
            defaults = {field: body[field] for field in fields if field in body}
            if (*defaults,) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without a default follows one with a default")
            new, getters, common = _pattern(len(fields))
            code = new.__code__.replace(co_varnames=("_cls", *fields), co_qualname=f"{name}.__new__")
            own = {
                "__new__": FunctionType(code, new.__globals__, "__new__", tuple(defaults.values())),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            # Derived from nothing but `tuple`: making a class takes as long as its line of ancestors is.
            return type(name, (tuple,), {**common, **body, **dict(zip(fields, getters, strict=True)), **own})

    class NamedTuple(metaclass=_Defining):
        """A tuple whose fields the annotations of its class name."""
