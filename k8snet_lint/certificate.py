"""For which hosts a certificate stands, and until when (RFC 5280), read off its DER form without verifying anything."""

from __future__ import annotations

from binascii import Error, a2b_base64
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"

EXTENSIONS = 0xA3
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
DNS_NAME = 0x82
SUBJECT_ALTERNATIVE_NAME = bytes((0x55, 0x1D, 0x11))

LONGEST = 64 * 1024
"""More than any certificate takes."""


class Certificate(NamedTuple):
    """What a server's certificate says.

    Shapes: `hosts` are the DNS names of its subjectAltName, in lower case; `last_day` is a date, `YYYY-MM-DD`.
    """

    hosts: tuple[str, ...]
    last_day: str


class _Element(NamedTuple):
    tag: int
    body: bytes

    @property
    def parts(self) -> list[_Element]:
        return list(_elements(self.body))


def leaf(pem: str) -> Certificate | None:
    """The first certificate of a PEM text, the server's own; None for what is no certificate."""
    text = pem.partition(BEGIN)[2].partition(END)[0]
    try:
        return _certificate(a2b_base64(text)) if 0 < len(text) < LONGEST else None
    except (Error, IndexError, ValueError):
        return None


def _certificate(der: bytes) -> Certificate:
    """`Certificate`; raises IndexError or ValueError for another structure."""
    tbs = list(_elements(der))[0].parts[0].parts  # noqa: RUF015 - an IndexError for what is empty
    start = 1 if tbs[0].tag == 0xA0 else 0  # the version may be left out
    validity = tbs[start + 3].parts
    names = [name for each in tbs if each.tag == EXTENSIONS for name in _alternative_names(each)]
    return Certificate(
        hosts=tuple(name.body.decode("ascii").lower() for name in names if name.tag == DNS_NAME),
        last_day=_day(validity[1]),
    )


def _alternative_names(extensions: _Element) -> Iterator[_Element]:
    for extension in extensions.parts[0].parts:
        oid, *_, value = extension.parts
        if oid.body == SUBJECT_ALTERNATIVE_NAME:
            for names in value.parts:
                yield from names.parts


def _day(time: _Element) -> str:
    """The date of a `Time`; of the two digits of a UTCTime's year, 50 is 1950."""
    text = time.body.decode("ascii")
    if time.tag == UTC_TIME:
        text = ("19" if text >= "5" else "20") + text
    elif time.tag != GENERALIZED_TIME:
        message = "no time"
        raise ValueError(message)
    if not text[:8].isdecimal():
        message = "no date"
        raise ValueError(message)
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"


def _elements(data: bytes) -> Iterator[_Element]:
    """The elements that stand one after the other (X.690)."""
    position = 0
    while position < len(data):
        tag, length, start = data[position], data[position + 1], position + 2
        if length & 0x80:
            size = length & 0x7F
            length, start = int.from_bytes(data[start : start + size], "big"), start + size
        position = start + length
        if position > len(data):
            message = "an element is longer than what holds it"
            raise ValueError(message)
        yield _Element(tag, data[start:position])
