"""The algebra of connections is that of sets of (protocol, port)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snet_lint.reach import ALL, NONE, Connections, Protocol
from k8snet_lint.reach.ports import PortAtoms

LAST = 12
"""Ports beyond this are left out, so that sets can be counted out."""

protocols = st.sampled_from(Protocol)
ports = st.integers(1, LAST)
ranges = st.tuples(protocols, st.tuples(ports, ports))
sets = st.builds(Connections.from_ranges, st.lists(ranges, max_size=5))


def members(connections: Connections) -> set[tuple[str, int]]:
    return {(p, n) for p in Protocol for n in range(1, LAST + 1) if connections.contains(p, n)}


@given(sets, sets)
def test_it_is_an_algebra_of_sets(one: Connections, other: Connections) -> None:
    assert members(one | other) == members(one) | members(other)
    assert members(one & other) == members(one) & members(other)
    assert members(one - other) == members(one) - members(other)
    assert (one <= other) == (members(one) <= members(other))
    assert (one == other) == (members(one) == members(other))
    assert bool(one) == bool(members(one))
    assert ~~one == one
    assert one | ~one == ALL
    assert one & ~one == NONE


@given(st.lists(sets, max_size=4), st.data())
def test_atoms_keep_every_set_that_was_named(named: list[Connections], data: st.DataObject) -> None:
    atoms = PortAtoms(named)
    for connections in named:
        assert atoms.connections(atoms.mask(connections)) == connections
    assert atoms.connections(atoms.full) == ALL
    protocol, port = data.draw(protocols), data.draw(ports)
    for connections in named:
        assert bool(atoms.mask(connections) >> atoms.atom(protocol, port) & 1) == connections.contains(protocol, port)


@given(st.lists(sets, min_size=2, max_size=4))
def test_pairs_of_masks_are_worked_on_together(named: list[Connections]) -> None:
    atoms = PortAtoms(named)
    one, other = (atoms.mask(each) for each in named[:2])
    pair, swapped = atoms.pair(one, one | other), atoms.pair(other, one | other)
    assert (atoms.surely(pair), atoms.maybe(pair)) == (one, one | other)
    assert atoms.connections(atoms.surely(pair & swapped)) == named[0] & named[1]
    assert atoms.connections(atoms.maybe(pair | swapped)) == named[0] | named[1]


@pytest.mark.parametrize(
    ("connections", "text"),
    [
        (Connections.from_ranges([("TCP", (443, 443)), ("UDP", (53, 53)), ("TCP", (80, 80))]), "TCP 80,443; UDP 53"),
        (Connections.from_ranges([("TCP", (80, 81)), ("TCP", (82, 90))]), "TCP 80-90"),
        (Connections.of("SCTP"), "SCTP"),
        (Connections.port("UDP", 1), "UDP 1"),
        (ALL, "all"),
        (NONE, "none"),
        (Connections.from_ranges([("TCP", (90, 80)), ("TCP", (-5, 0)), ("TCP", (65535, 70000))]), "TCP 65535"),
    ],
)
def test_it_is_written_shortly(connections: Connections, text: str) -> None:
    assert str(connections) == text


def test_a_protocol_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="ICMP"):
        Connections.of("ICMP")
