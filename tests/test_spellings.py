from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from k8snet_lint.nearest import is_near, is_within
from k8snet_lint.spellings import DIGITS, ENOUGH, Spellings

short = st.text(alphabet="ab", max_size=12)
long = st.builds(lambda start, end: start * 6 + end, st.sampled_from(["abc", "abcd", "abab"]), short)


@given(st.lists(short | long, max_size=ENOUGH, unique=True), short | long)
@example(["frontend", "frontnd", "fortnend"], "fronted")
@example(["backend", *(f"backend{number:x}" for number in range(16, 31))], "backendx")
@example([f"{start}rontend{number}" for start in "bcdf" for number in range(6)], "rfontend")
def test_it_finds_what_comparing_with_each_finds(names: list[str], wanted: str) -> None:
    near = [each for each in names if is_near(wanted, each)]
    assert Spellings(names).near(wanted) == near
    assert Spellings(names).near(wanted, lambda name: name in near[1:]) == near[1:]


numbered = st.builds("{}{}{}".format, st.sampled_from(["", "7"]), long, st.sampled_from(["", "1", "20", "x2"]))


@given(st.lists(numbered, max_size=ENOUGH, unique=True), numbered)
@example(
    ["backend-01", "bakcend-01", "backend-1", "backend-", *(f"frontend-{number}" for number in range(9))], "backend-11"
)
def test_where_letters_are_asked_for_digits_differ_by_no_slip_of_their_own(names: list[str], wanted: str) -> None:
    def is_meant(name: str) -> bool:
        same = re.sub(r"\D", "", name) == re.sub(r"\D", "", wanted)
        return name.translate(DIGITS) != wanted.translate(DIGITS) and (same or is_within(wanted, name, 1))

    assert Spellings(names).near_in_letters(wanted) == [
        each for each in names if is_near(wanted, each) and is_meant(each)
    ]


@given(st.integers(0, 20), st.lists(st.text(alphabet="abcdefgh", min_size=9, max_size=9), min_size=6, max_size=60))
def test_a_swap_is_found_wherever_it_is(place: int, others: list[str]) -> None:
    name = "mnopqrstuvwxyz"[: 7 + place % 7]
    at = place % (len(name) - 1)
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert Spellings([*others, name]).near(swapped) == [name]


def test_names_come_in_the_order_they_were_given() -> None:
    assert Spellings(["redisx", "aredis", "web", "redix"]).near("redis") == ["redisx", "aredis", "redix"]


def test_of_a_family_no_more_are_looked_for_than_are_told() -> None:
    family = [f"frontend{one}{other}" for one in "abcdefghij" for other in "abcdefghij"]
    assert len(Spellings(family).near("frontend")) == ENOUGH
    assert Spellings(family).near("frontend", lambda name: name.endswith("jj")) == ["frontendjj"]
