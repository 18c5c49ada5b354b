"""Bytes of a file → Source."""

from __future__ import annotations

import codecs

from k8snet_lint.manifest.problem import InputProblem, ProblemCode
from k8snet_lint.source import Location, Position, Source, Span

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(name: str, data: bytes) -> Source | InputProblem:
    """The text of a file, without its byte order mark; or what keeps it from being read.

    UTF-8, and UTF-16 where a byte order mark says so, as YAML has it.
    """
    encoding = "utf-8"
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], marked
            break
    try:
        return Source(name, data.decode(encoding))
    except UnicodeDecodeError as error:
        return _undecodable(name, data, encoding, error.start)


def _undecodable(name: str, data: bytes, encoding: str, start: int) -> InputProblem:
    read = Source(name, data[:start].decode(encoding, "replace"))
    source = Source(name, data.decode(encoding, "replace"))
    line, column = len(read.lines), len(read.lines[-1]) + 1
    place = Location(source, Span(Position(line, column), Position(line, column + 1)))
    wanted = "UTF-8" if encoding == "utf-8" else "UTF-16, which its first bytes announce"
    message = f"the byte 0x{data[start]:02x} is no part of a character; the file is not {wanted}"
    return InputProblem(ProblemCode.PARSE_ERROR, place, message, "save the file as UTF-8")
