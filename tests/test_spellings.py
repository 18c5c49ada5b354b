from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from k8snet_lint.nearest import is_near
from k8snet_lint.spellings import FEW, LONG, Spellings

short = st.text(alphabet="ab", max_size=12)
long = st.builds(lambda start, end: start * 6 + end, st.sampled_from(["abc", "abcd", "abab"]), short)
CROWD = [f"{number:x}" * 6 for number in range(1, FEW + 2)]
"""So many names that they are not compared one by one."""


@given(st.lists(short | long, max_size=30, unique=True), short | long)
@example(["frontend", "frontnd", "fortnend"], "fronted")
@example(["x" * (LONG - 1), "x" * LONG, "x" * (LONG + 2), "x" * (LONG + 3)], "x" * (LONG + 1))
@example(["x" * LONG, "x" * (LONG + 1)], "x" * (LONG - 1))
@example(["x" * LONG], "x" * (LONG + 2))
def test_among_few_names_or_many_it_finds_what_comparing_with_each_finds(names: list[str], wanted: str) -> None:
    near = [each for each in names if is_near(wanted, each)]
    assert Spellings(names).near(wanted) == near
    assert [name for name in Spellings([*CROWD, *names]).near(wanted) if name not in CROWD] == near


def test_names_come_in_the_order_they_were_given() -> None:
    assert Spellings(["redisx", "aredis", "web", "redix"]).near("redis") == ["redisx", "aredis", "redix"]
    assert Spellings([*CROWD, "redisx", "aredis", "web", "redix"]).near("redis") == ["redisx", "aredis", "redix"]
