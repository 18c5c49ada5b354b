"""Bytes become a text, or one problem that says where they do not."""

from __future__ import annotations

import pytest

from k8snet_lint.manifest import InputProblem, decode, parse
from k8snet_lint.source import Source


@pytest.mark.parametrize(
    "data",
    [
        "a: é\n".encode(),
        b"\xef\xbb\xbf" + "a: é\n".encode(),
        b"\xff\xfe" + "a: é\n".encode("utf-16-le"),
        b"\xfe\xff" + "a: é\n".encode("utf-16-be"),
    ],
)
def test_utf_8_and_marked_utf_16_are_read(data: bytes) -> None:
    source = decode("x.yaml", data)
    assert isinstance(source, Source)
    assert source.text == "a: é\n"
    assert [document.value for document in parse(source).documents] == [{"a": "é"}]


def test_other_bytes_are_told_with_their_place() -> None:
    problem = decode("x.yaml", "a: b\nc: dé".encode() + b"\xe9\n")
    assert isinstance(problem, InputProblem)
    assert str(problem.location) == "x.yaml:2:6"
    assert problem.message == "the byte 0xe9 is no part of a character; the file is not UTF-8"
    assert problem.help == "save the file as UTF-8"


def test_half_a_character_of_utf_16_is_told() -> None:
    problem = decode("x.yaml", b"\xff\xfea\x00\n")
    assert isinstance(problem, InputProblem)
    assert "UTF-16" in problem.message
