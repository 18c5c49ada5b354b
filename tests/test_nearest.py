from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from k8snet_lint.nearest import did_you_mean, edit_distance, is_near, nearest


def whole_table(a: str, b: str) -> int:
    """Optimal string alignment, worked out in full."""
    rows = [list(range(len(b) + 1))]
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            best = min(row[j - 1] + 1, rows[i - 1][j] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


short = st.text(alphabet="abc", max_size=9)


@given(short, short, st.integers(min_value=0, max_value=10))
@example("ab", "ba", 1)
@example("", "abc", 3)
@example("cab", "abc", 0)
def test_distance_is_that_of_the_whole_table_up_to_the_bound(a: str, b: str, bound: int) -> None:
    assert edit_distance(a, b, bound) == min(whole_table(a, b), bound + 1)


@given(st.text(alphabet="ab", max_size=12), st.text(alphabet="ab", max_size=12))
@example("abababab", "babababa")
@example("aabbaabb", "aabbaab")
def test_names_are_near_by_their_distance_and_the_shorter_one_s_length(a: str, b: str) -> None:
    length = min(len(a), len(b))
    allowed = 0 if length < 5 else 1 if length < 8 else 2
    assert is_near(a, b) == (0 < whole_table(a, b) <= allowed)


def test_names_too_long_for_the_whole_table_are_compared_near_the_diagonal() -> None:
    assert edit_distance("a" * 50_000, "a" * 50_000 + "b", 2) == 1
    assert edit_distance("a" * 50_000, "b" * 50_000, 2) == 3


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("redis", "rediss"),
        ("redis", "reids"),
        ("frontend", "frontned"),
        ("checkoutservice", "checkout-servic"),
    ],
)
def test_slips_are_near(a: str, b: str) -> None:
    assert is_near(a, b)
    assert is_near(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("web", "wep"),
        ("web1", "web2"),
        ("web1", "web12"),
        ("redis", "rdeiss"),
        ("frontend", "backend"),
        ("redis", "redis"),
    ],
)
def test_short_names_equal_names_and_other_names_are_not(a: str, b: str) -> None:
    assert not is_near(a, b)
    assert not is_near(b, a)


KEYS = ("fail-on", "exclude", "ignore", "inline", "include-jobs", "paths")


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("fail_on", ("fail-on",)),
        ("failOn", ("fail-on",)),
        ("igonre", ("ignore",)),
        ("jobs", ("include-jobs",)),
        ("colour", ()),
    ],
)
def test_nearest_names_of_a_wrong_one(word: str, names: tuple[str, ...]) -> None:
    assert nearest(word, KEYS) == names


def test_the_likest_name_comes_first_and_only_so_many_are_given() -> None:
    known = ["service-port-b", "service-port", "service-port-a", "service-ports", "service-part"]
    assert nearest("service-port", known) == ("service-port", "service-part", "service-ports")
    assert nearest("service-port", reversed(known), limit=1) == ("service-port",)


def test_a_message_asks_for_the_nearest_names_or_ends() -> None:
    assert did_you_mean("inlin", KEYS) == "; did you mean 'inline'?"
    assert did_you_mean("service-prt", ["service-port", "service-part"]) == (
        "; did you mean 'service-part' or 'service-port'?"
    )
    assert did_you_mean("colour", KEYS) == ""
