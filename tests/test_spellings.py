from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from k8snet_lint.nearest import is_near
from k8snet_lint.spellings import Spellings

name = st.text(alphabet="ab", max_size=12)
long_name = st.builds(lambda start, end: start * 6 + end, st.sampled_from(["abc", "abcd", "abab"]), name)


@given(st.lists(name | long_name, max_size=30, unique=True), name | long_name)
@example(["frontend", "frontnd", "fortnend"], "fronted")
@example(["x" * 23, "x" * 24, "x" * 26, "x" * 27], "x" * 25)
@example(["x" * 24, "x" * 25], "x" * 23)
@example(["x" * 24], "x" * 26)
def test_it_finds_what_comparing_with_each_finds(names: list[str], wanted: str) -> None:
    assert Spellings(names).near(wanted) == [each for each in names if is_near(wanted, each)]


def test_names_come_in_the_order_they_were_given() -> None:
    assert Spellings(["redisx", "aredis", "web", "redix"]).near("redis") == ["redisx", "aredis", "redix"]
