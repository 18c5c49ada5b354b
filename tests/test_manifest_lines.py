"""What is read line by line is what the event stream reads, for real texts and for random ones."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.manifest import InputProblem, decode, line_places, lines, yaml_places, yaml_text
from k8snet_lint.manifest.problem import Refused
from k8snet_lint.manifest.split import split

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from k8snet_lint.manifest import Path
    from k8snet_lint.manifest.reading import Reading

EXPLORE = bool(os.environ.get("K8SNET_LINT_EXPLORE"))
TEXTS = 100_000 if EXPLORE else 4_000

WORDS = (
    *("a", "b", "kind", "app.kubernetes.io/name", "80", "on", '"a b"', "'on'", "~", "a b", "null", "1.0", "0o7", "a:b"),
    *("a#b", "#", "a: b", "http://x:80/#y", "-1", "--flag=x", "- x", ":8080", "<<", "=", "%a", "@a", "`a", "*a", "&a"),
    *("!a", "|", "|-", "|+", ">", ">-", "[]", "{}", "[a, 'b', \"c\"]", "[a, [b]]", "{a: b}", "[ a ]", "[a", "?", "? a"),
    *("'it''s'", '"\\n"', '"open', "'open", "x # comment", "x #", "\t", "é", "\u2028", "a\\b", "1_000", "[a:b]", "[-]"),
    *("[a b]", "[1, on]", "...", "---", "a, b]", "(a)", "$(A)", "a  b", "", "", "", "", "", ""),
)
STARTS = ("", "", "", "- ", "-   ", "- - ", "# ", "-")


def chance(seed: int) -> Random:
    """The same texts in every run, unless asked to explore."""
    return Random(None if EXPLORE else seed)  # noqa: S311 - no secret hangs on it


def by_events(text: str) -> Reading | None:
    try:
        return yaml_text.read(text)
    except Refused:
        return None


def assert_agrees(text: str, *, places: bool = True) -> bool:
    """Whether the lines were enough; fails where they say anything else than the events."""
    found = lines.read(text)
    if found is None:
        return False
    expected = by_events(text)
    assert expected is not None, text
    assert (repr(found.value), found.line) == (repr(expected.value), expected.line), text
    assert not expected.repeats, text
    assert expected.rest is None, text
    if places and found.value is not None:
        assert_same_places(text, found.value)
    return True


def assert_same_places(text: str, value: object) -> None:
    """Whatever is asked for, written or not, the lines and the events put it in one place."""
    ours, theirs = line_places.read(text, value), yaml_places.read(text)
    for path in paths(value):
        assert (ours.value(path), ours.key(path)) == (theirs.value(path), theirs.key(path)), (text, path)


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    yield path
    yield (*path, "absent")
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


def random_line(random: Random) -> str:
    indent = " " * random.choice((0, 0, 1, 2, 2, 2, 3, 4, 4, 6))
    start, key, value = random.choice(STARTS), random.choice(WORDS), random.choice(WORDS)
    colon = random.choice((": ", ": ", ":", "", " : ", ":  "))
    return f"{indent}{start}{key}{colon}{value}{random.choice(('', '', '', ' ', '  # c'))}"


def likely_line(random: Random, column: int) -> str:
    start = random.choice(("", "", "- "))
    value = random.choice(("x", "1", "", "", "|", "|-", "[a, b]", '"q: #"', "{}"))
    return f"{' ' * column}{start}{random.choice('abcdefgh')}: {value}"


def test_random_lines_that_hardly_ever_make_sense() -> None:
    random = chance(1)
    for _ in range(TEXTS):
        assert_agrees("\n".join(random_line(random) for _ in range(random.randrange(1, 6))))


def test_random_lines_that_often_make_sense() -> None:
    random = chance(2)
    read = 0
    for _ in range(TEXTS):
        column, text = 0, []
        for _ in range(random.randrange(1, 12)):
            text.append(likely_line(random, column))
            column = max(0, column + random.choice((-4, -2, -2, 0, 0, 0, 2, 2, 2, 1)))
        read += assert_agrees("\n".join(text) + random.choice(("", "\n", "\n\n", "\n  ", "\n# end")))
    assert read > TEXTS / 20


def test_real_manifests_and_slips_in_them(shared: pathlib.Path) -> None:
    random = chance(3)
    read = count = 0
    for path in sorted((shared / "corpus").rglob("*.y*ml")):
        source = decode(path.name, path.read_bytes()) if path.is_file() else None
        if source is None or isinstance(source, InputProblem) or "{{" in source.text:
            continue
        for section in split(source.text):
            if section.wrong is None and section.text.strip() and section.text.lstrip()[0] not in "{[":
                count += 1
                read += assert_agrees(section.text, places=count % 5 == 0)
                assert_agrees(mutated(random, section.text), places=False)
    assert read > count * 0.9


def mutated(random: Random, text: str) -> str:
    """The text with a line taken out, put elsewhere, shifted, or with a character more."""
    written = text.split("\n")
    at = random.randrange(len(written))
    line = written.pop(at)
    slips = ("", f" {line}", line[1:], f"{line} #", line.replace(":", "", 1), line.replace(" ", "", 1), f"{line}: x")
    slip = random.choice((*slips, line.replace(" ", "  ", 1), line + random.choice("'\"[]{}&*!|>%@`#:-?,\t")))
    written.insert(random.choice((at, at, at, random.randrange(len(written) + 1))), slip)
    return "\n".join(written)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: |\n  x\n   y\n\n\nb: 1\n", {"a": "x\n y\n", "b": 1}),
        ("a: |-\n\n  x\n\nb: 1", {"a": "\nx", "b": 1}),
        ("a: |\n  x", {"a": "x"}),
        ("- |\n  x\n- y\n", ["x\n", True]),
        ("a:\n- b: 1\n  c:\n  - d\n- e\nf: ~\n", {"a": [{"b": 1, "c": ["d"]}, "e"], "f": None}),
        ("on: yes\n80: 'it''s'\n", {"true": True, "80": "it's"}),
        ("# nothing\n", None),
    ],
)
def test_what_lines_hold(text: str, value: object) -> None:
    found = lines.read(text)
    assert found is not None
    assert found.value == value


def test_equal_lines_do_not_share_what_they_hold() -> None:
    found = lines.read("a: {}\nb: {}\nc:\n  a: {}\n")
    assert found is not None
    assert len({id(each) for each in (found.value["a"], found.value["b"], found.value["c"]["a"])}) == 3


def test_deep_nesting_is_left_to_the_event_stream() -> None:
    text = "\n".join(f"{' ' * depth}a:" for depth in range(200))
    assert lines.read(text) is None


@pytest.mark.parametrize(
    "line", ["{spaces}%", "a:{spaces}%", "-{spaces}%", "a: b{spaces}# c", "a: [{spaces}%", "a: '{long}"]
)
def test_long_lines_take_a_time_that_their_length_bounds(line: str) -> None:
    assert_agrees(line.format(spaces=" " * 200_000, long="'" * 200_001))


def test_the_environment_turns_it_off() -> None:
    code = "from k8snet_lint.manifest import lines; print(lines.read('a: 1') is None)"
    for value in ("0", "1"):
        env = {**os.environ, "K8SNET_LINT_LINES": value}
        ran = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
        assert ran.stdout == f"{value == '0'}\n"
