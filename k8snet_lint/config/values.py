"""What a single value of the configuration may be, and what it is read as; anything else is Rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from k8snet_lint.errors import UsageError
from k8snet_lint.loader.globs import compile_globs

T = TypeVar("T")
Reader = Callable[[object], T]


class Rejected(ValueError):  # noqa: N818 - a verdict; whoever asked makes the error of it
    """The value is not what its key takes."""


def text(value: object) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise Rejected


def word(value: object) -> str:
    """A string that is not empty."""
    if isinstance(value, str) and value:
        return value
    raise Rejected


def flag(value: object) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise Rejected


def opaque(value: object) -> Mapping[str, Any]:
    """A mapping that whoever knows its keys will read."""
    if isinstance(value, dict):
        return MappingProxyType(value)
    raise Rejected


def matching(pattern: str) -> Reader[str]:
    """A string that the whole pattern matches."""

    def read(value: object) -> str:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        raise Rejected

    return read


def choice(choices: Mapping[str, T]) -> Reader[T]:
    """One of these words, read as what it stands for."""

    def read(value: object) -> T:
        if isinstance(value, str) and value in choices:
            return choices[value]
        raise Rejected

    return read


def many(item: Reader[T]) -> Reader[tuple[T, ...]]:
    """A list of such items."""

    def read(value: object) -> tuple[T, ...]:
        if isinstance(value, list):
            return tuple(map(item, value))
        raise Rejected

    return read


def table(item: Reader[T]) -> Reader[Mapping[str, T]]:
    """A mapping of any keys to such items."""

    def read(value: object) -> Mapping[str, T]:
        if isinstance(value, dict):
            return MappingProxyType({key: item(entry) for key, entry in value.items()})
        raise Rejected

    return read


_version = matching(r"v?1\.[0-9]{1,3}(\.[0-9]+([-+][0-9A-Za-z.+-]+)?)?")
_range = matching(r"[0-9]{1,5}-[0-9]{1,5}")
_cidr = matching(r"[0-9a-fA-F.:]+/[0-9]{1,3}")
_date = matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def kubernetes_version(value: object) -> tuple[int, int]:
    """`"1.33"` as (1, 33), and so `"v1.33.2-gke.100"`, as kubectl prints it."""
    major, minor, *_ = _version(value).removeprefix("v").split(".")
    return int(major), int(minor)


def port_range(value: object) -> tuple[int, int]:
    """`"30000-32767"` as (30000, 32767)."""
    low, high = map(int, _range(value).split("-"))
    if 0 < low <= high < 65536:
        return low, high
    raise Rejected


def cidr(value: object) -> str:
    """An address range such as `10.96.0.0/12`, with no bits set after the prefix."""
    from ipaddress import ip_network  # noqa: PLC0415 - few configurations hold an address

    try:
        ip_network(_cidr(value))
    except ValueError as error:
        raise Rejected from error
    return str(value)


def glob(value: object) -> str:
    """A file pattern as .gitignore has them."""
    try:
        compile_globs((word(value),))
    except UsageError as error:
        raise Rejected from error
    return str(value)


def date(value: object) -> str:
    """A day of the calendar as `YYYY-MM-DD`."""
    from datetime import date as calendar  # noqa: PLC0415 - few configurations hold a date

    try:
        calendar.fromisoformat(_date(value))
    except ValueError as error:
        raise Rejected from error
    return str(value)
