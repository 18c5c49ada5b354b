"""One schema, made ready: is a value valid, and where is it not."""

from __future__ import annotations

from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.validation.formats import FORMATS
from k8snet_lint.validation.patterns import is_in
from k8snet_lint.validation.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snet_lint.manifest import Path

    Schema = dict[str, Any]

MOST = 1_000
"""How many errors of one object are looked at: more than anybody reads, and each takes its time."""


LARGE = 2_000
"""As many keys and items, and a value is large."""


class Violation(NamedTuple):
    """A value that a schema rejects: where it stands, and by which keyword of the schema."""

    path: Path
    keyword: str


class Engine(Protocol):
    """What the two libraries have in common."""

    def is_valid(self, instance: Any) -> bool: ...  # noqa: ANN401 - whatever YAML holds

    def iter_errors(self, instance: Any) -> Iterable[Any]: ...  # noqa: ANN401 - likewise


class SchemaValidator:
    """Judges values by one schema, with jsonschema-rs, or with jsonschema where that is not installed.

    Both come to the same verdict and the same violations; the second takes a hundred times as long.
    """

    def __init__(self, schema: Schema, *, make: Callable[[Schema], Engine] | None = None) -> None:
        self.schema = schema
        self._engine = (make or _fastest())(schema)

    def is_valid(self, value: object) -> bool:
        """Whether the schema accepts the value."""
        try:
            return self._engine.is_valid(value)
        except ValueError:  # a text that is no Unicode, which Rust cannot hold
            return self._careful.is_valid(value)

    def violations(self, value: object) -> tuple[Violation, ...]:
        """All that the schema rejects about the value, in an order that does not depend on the library."""
        try:
            engine = self._careful if _is_large(value) else self._engine
            found = set(_violations(engine.iter_errors(value)))
        except ValueError:  # as above
            found = set(_violations(self._careful.iter_errors(value)))
        return tuple(sorted(found, key=lambda each: ([str(key) for key in each.path], each.keyword)))

    @cached_property
    def shape(self) -> Shape:
        """The schema, to be walked along the paths of values."""
        return Shape(self.schema)

    @cached_property
    def _careful(self) -> Engine:
        return in_python(self.schema)


def in_rust(schema: Schema) -> Engine:
    """The schema made ready by jsonschema-rs. Raises ImportError where there is none."""
    import jsonschema_rs  # noqa: PLC0415 - imported when the first document asks for it

    return jsonschema_rs.Draft202012Validator(schema, formats=dict(FORMATS), validate_formats=True)


def in_python(schema: Schema) -> Engine:
    """The schema made ready by jsonschema, with what JSON Schema leaves open made as Rust has it.

    `$` in a pattern is the end of the text; what is not finite is no number.
    """
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - a fallback, slow to import
    from jsonschema.validators import extend  # noqa: PLC0415

    checker = FormatChecker(formats=())
    for name, accepts in FORMATS.items():
        checker.checks(name)(accepts)
    types = Draft202012Validator.TYPE_CHECKER.redefine("number", lambda _, value: _is_number(value))
    made = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=types)  # type: ignore[no-untyped-call]
    engine: Engine = made(schema, format_checker=checker)
    return engine


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _fastest() -> Callable[[Schema], Engine]:
    try:
        import jsonschema_rs  # noqa: F401, PLC0415 - see in_rust
    except ImportError:
        return in_python
    return in_rust


def _pattern(_validator: object, pattern: str, value: object, _schema: Schema) -> Iterator[Any]:
    from jsonschema import ValidationError  # noqa: PLC0415 - it is imported by now

    if isinstance(value, str) and not is_in(pattern, value):
        yield ValidationError("pattern")


def _is_large(value: object) -> bool:
    """Whether a value holds so much that Rust, which copies it for every error, takes longer than Python."""
    pending, seen = [value], 0
    while pending and seen <= LARGE:
        held = pending.pop()
        if isinstance(held, dict | list):
            seen += len(held)
            pending.extend(held.values() if isinstance(held, dict) else held)
    return seen > LARGE


def _violations(errors: Iterable[Any]) -> Iterator[Violation]:
    for error in islice(errors, MOST):
        path = getattr(error, "instance_path", None)
        steps, keyword = list(error.schema_path), getattr(getattr(error, "kind", None), "name", "")
        if path is None:
            path = error.absolute_path
        keyword = "propertyNames" if "propertyNames" in steps[:-1] else keyword or str(steps[-1])
        yield Violation(tuple(path), keyword)
