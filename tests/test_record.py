"""Records are `typing.NamedTuple` in all that anybody can tell."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
import sys
import typing
from pathlib import Path

import pytest

from k8snet_lint import record
from k8snet_lint.shipped import shipped

PACKAGE = Path(record.__file__).parent


class Ours(record.NamedTuple):
    """A port."""

    number: int
    name: str = ""
    tags: tuple[str, ...] = ("a",)

    @property
    def doubled(self) -> int:
        return 2 * self.number

    def __str__(self) -> str:
        return f"port {self.number}"


class Theirs(typing.NamedTuple):
    """A port."""

    number: int
    name: str = ""
    tags: tuple[str, ...] = ("a",)

    @property
    def doubled(self) -> int:
        return 2 * self.number

    def __str__(self) -> str:
        return f"port {self.number}"


class Empty(record.NamedTuple):
    """Nothing."""


@pytest.mark.parametrize(
    "ask",
    [
        lambda kind: kind(80),
        lambda kind: kind(80, "http", tags=()),
        lambda kind: kind(name="x", number=1)._replace(name="y"),
        lambda kind: kind(80)._asdict(),
        lambda kind: kind._make([1, 2, 3]),
        lambda kind: kind(80).doubled,
        lambda kind: str(kind(80)),
        lambda kind: repr(kind(80)).partition("(")[2],
        lambda kind: hash(kind(80)),
        lambda kind: kind(80) == (80, "", ("a",)),
        lambda kind: kind(80) < kind(81),
        lambda kind: sorted([kind(2), kind(1)]),
        lambda kind: [kind(80).number, kind(80)[1], len(kind(80)), [*kind(80)]],
        lambda kind: pickle.loads(pickle.dumps(kind(80))),  # noqa: S301 - our own bytes
        lambda kind: copy.deepcopy(kind(80)),
        lambda kind: kind._fields,
        lambda kind: kind._field_defaults,
        lambda kind: kind.__match_args__,
        lambda kind: kind.__doc__,
        lambda kind: kind.__module__,
        lambda kind: list(inspect.signature(kind).parameters),
        typing.get_type_hints,
        lambda kind: isinstance(kind(80), tuple),
        lambda kind: hasattr(kind(80), "__dict__"),
    ],
)
def test_a_record_is_what_typing_makes(ask: typing.Callable[[typing.Any], object]) -> None:
    assert ask(Ours) == ask(Theirs)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda kind: kind(), TypeError),
        (lambda kind: kind(1, nmae=""), TypeError),
        (lambda kind: kind(1, 2, 3, 4), TypeError),
        (lambda kind: kind(1)._replace(nmae=""), (TypeError, ValueError)),  # the second before Python 3.13
        (lambda kind: kind._make([1]), TypeError),
        (lambda kind: setattr(kind(1), "number", 2), AttributeError),
        (lambda kind: setattr(kind(1), "other", 2), AttributeError),
    ],
)
def test_a_record_refuses_what_typing_refuses(
    wrong: typing.Callable[[typing.Any], object], error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(error):
            wrong(kind)


def test_a_record_may_have_no_fields_and_is_told_from_others_by_its_class() -> None:
    assert Empty() == ()
    match Ours(80):
        case Empty():
            pytest.fail("an Ours is no Empty")
        case Ours(number, name):
            assert (number, name) == (80, "")


def test_an_error_names_the_record() -> None:
    with pytest.raises(TypeError, match=r"Ours\.__new__\(\) missing 1 required positional argument: 'number'"):
        Ours()  # type: ignore[call-arg]


def test_a_record_takes_no_field_without_a_default_after_one_that_has_it() -> None:
    for base in ("typing", "k8snet_lint.record"):
        with pytest.raises(TypeError):
            exec(f"from {base} import NamedTuple\nclass Wrong(NamedTuple):\n    number: int = 1\n    name: str")  # noqa: S102 - mypy would not let it stand here


def test_a_record_knows_its_fields_without_the_future_import() -> None:
    held: dict[str, typing.Any] = {"__name__": __name__}
    code = "from k8snet_lint.record import NamedTuple\nclass Port(NamedTuple):\n    number: int\n    name: Later = ''"
    later = "Later = str\n" if sys.version_info < (3, 14) else ""
    exec(compile(later + code, "<port>", "exec", dont_inherit=True), held)  # noqa: S102 - this module has the import
    assert held["Port"](80) == (80, "")
    assert held["Port"]._fields == ("number", "name")


def test_a_record_is_copied_with_changes_as_of_python_313() -> None:
    assert Ours(80).__replace__(name="http") == Ours(80, "http")  # type: ignore[attr-defined,unused-ignore]


def test_no_module_makes_its_records_the_slow_way() -> None:
    slow = re.compile(r"^from typing import .*\bNamedTuple\b", re.MULTILINE)
    ours = [path for path in (*PACKAGE.rglob("*.py"), *shipped("rules").rglob("*.py")) if path.name != "record.py"]
    assert [path.name for path in ours if slow.search(path.read_text("utf-8"))] == []
