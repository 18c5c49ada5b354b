import ipaddress
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snet_lint.cidr import BITS, Cidr, merged, without

networks = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).flatmap(
    lambda address: st.integers(0, BITS[address.version]).map(lambda prefix: f"{address}/{prefix}")
)
ranges = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda ends: (min(ends), max(ends)))


def addresses(found: "tuple[tuple[int, int], ...]") -> set[int]:
    return {address for first, last in found for address in range(first, last + 1)}


@given(networks)
def test_a_block_is_the_network_that_the_standard_library_reads(text: str) -> None:
    network, block = ipaddress.ip_network(text, strict=False), Cidr.of(text)
    assert block.version == network.version
    assert block.range == (int(network.network_address), int(network.broadcast_address))
    assert str(block) == str(network)
    assert block.has_host_bits == (text.partition("/")[0] != str(network.network_address))


@given(networks, networks)
def test_a_block_contains_what_is_its_subnet(one: str, other: str) -> None:
    a, b = ipaddress.ip_network(one, strict=False), ipaddress.ip_network(other, strict=False)
    subnet = a.version == b.version and b.subnet_of(a)  # type: ignore[arg-type]
    assert Cidr.of(one).contains(Cidr.of(other)) == subnet
    assert Cidr.of(one).strictly_contains(Cidr.of(other)) == (subnet and a != b)


@given(networks)
def test_the_canonical_form_reads_as_the_same_block(text: str) -> None:
    canonical = Cidr.of(str(Cidr.of(text)))
    assert canonical.range == Cidr.of(text).range
    assert not canonical.has_host_bits


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no IPv4 or IPv6 address"),
        ("10.0.0.5", "ends in a prefix length, as in '10.0.0.5/32'"),
        ("fd00::1", "ends in a prefix length, as in 'fd00::1/128'"),
        ("10.0.0.0/33", "from 0 to 32"),
        ("10.0.0.0/", "from 0 to 32"),
        ("10.0.0.0/-1", "from 0 to 32"),
        ("10.0.0.0/255.0.0.0", "from 0 to 32"),
        ("10.0.0.0/٨", "from 0 to 32"),
        ("::/129", "from 0 to 128"),
        ("10.0.0/8", "no IPv4 or IPv6 address"),
        ("10.0.0.256/8", "no IPv4 or IPv6 address"),
        ("10..0.0/8", "no IPv4 or IPv6 address"),
        ("fe80::1%eth0/64", "no IPv4 or IPv6 address"),
        ("example.com/24", "no IPv4 or IPv6 address"),
        ("0" * 5000 + "/8", "no IPv4 or IPv6 address"),
        ("9" * 5000 + ".0.0.0/8", "no IPv4 or IPv6 address"),
    ],
)
def test_what_is_no_cidr_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        Cidr.of(text)


def test_leading_zeros_are_read_as_the_api_server_does() -> None:
    assert str(Cidr.of("010.000.0.08/8")) == "10.0.0.0/8"


def test_blocks_of_different_versions_have_nothing_in_common() -> None:
    assert not Cidr.of("0.0.0.0/0").contains(Cidr.of("::/0"))
    assert not Cidr.of("::/0").contains(Cidr.of("10.0.0.0/8"))


def test_two_halves_make_everything() -> None:
    halves = [Cidr.of("128.0.0.0/1").range, Cidr.of("0.0.0.0/1").range]
    assert merged(halves) == (Cidr.of("0.0.0.0/0").range,)
    assert Cidr.of("1.2.3.4/0").is_everything
    assert not Cidr.of("0.0.0.0/1").is_everything


@given(st.lists(ranges))
def test_merging_keeps_the_addresses_and_leaves_gaps_between(found: "list[tuple[int, int]]") -> None:
    result = merged(found)
    assert addresses(result) == addresses(tuple(found))
    assert all(one[1] + 1 < other[0] for one, other in pairwise(result))


@given(ranges, st.lists(ranges))
def test_what_is_left_is_the_whole_without_the_holes(whole: "tuple[int, int]", holes: "list[tuple[int, int]]") -> None:
    left = without(whole, holes)
    assert addresses(left) == addresses((whole,)) - addresses(tuple(holes))
    assert merged(left) == left
