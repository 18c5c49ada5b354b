"""The addresses that a policy's peer means (networking.k8s.io/v1 `IPBlock`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import BITS, Cidr, Range, merged, without
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.manifest import Node

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
METADATA = {4: "169.254.169.254/32", 6: "fd00:ec2::254/128"}
"""Where the clouds' metadata services listen, by IP version."""

MOST_SHOWN = 4
"""How many exceptions a message names at the most."""


class WrittenCidr(NamedTuple):
    """A CIDR where it is written.

    Shapes: `cidr` is None for what is none, and `flaw` then says why; for a variable that something fills in later,
    both are empty.
    """

    node: Node
    cidr: Cidr | None
    flaw: str

    @staticmethod
    def of(node: Node) -> WrittenCidr:
        try:
            return WrittenCidr(node, Cidr.of(node.text), "")
        except ValueError as error:
            return WrittenCidr(node, None, "" if is_open(node.text) else str(error))


class IPBlock(NamedTuple):
    """A CIDR and the parts of it that are left out."""

    cidr: WrittenCidr
    excepts: tuple[WrittenCidr, ...]

    @staticmethod
    def of(node: Node) -> IPBlock:
        return IPBlock(WrittenCidr.of(node["cidr"]), tuple(WrittenCidr.of(item) for item in node["except"]))

    @property
    def version(self) -> int:
        """4 or 6, or 0 where the CIDR is none."""
        return self.cidr.cidr.version if self.cidr.cidr else 0

    @property
    def ranges(self) -> tuple[Range, ...]:
        """The addresses that are meant, lowest first."""
        if self.cidr.cidr is None:
            return ()
        holes = (each.cidr.range for each in self.excepts if each.cidr and each.cidr.version == self.version)
        return without(self.cidr.cidr.range, holes)

    @property
    def largest_range(self) -> int:
        """How many addresses are meant without a gap, at the most."""
        return max((last - first + 1 for first, last in self.ranges), default=0)

    def leaves_out(self, text: str) -> bool:
        """Whether no address of a CIDR is meant."""
        other = Cidr.of(text)
        return other.version != self.version or all(
            last < other.first or other.last < first for first, last in self.ranges
        )

    @property
    def metadata(self) -> str:
        """The address of the metadata service as a CIDR, where it surely is meant; else empty."""
        address = METADATA.get(self.version, "")
        may_be_left_out = any(is_open(each.node.text) for each in self.excepts)
        return "" if address and (may_be_left_out or self.leaves_out(address)) else address


class WideRange(NamedTuple):
    """Addresses of one IP version that the blocks of a rule mean without a gap; `str()` is for a message.

    Shapes: `size` is how many; `blocks` are all of that version.
    """

    version: int
    size: int
    blocks: tuple[IPBlock, ...]

    @property
    def block(self) -> IPBlock | None:
        """The block that means them all; None where that takes several."""
        return next((block for block in self.blocks if block.largest_range == self.size), None)

    @property
    def private(self) -> tuple[str, ...]:
        """The private networks that are not wholly left out."""
        return self._reached(PRIVATE)

    @property
    def metadata(self) -> tuple[str, ...]:
        """The address of the metadata service, where that is not left out."""
        return self._reached((METADATA[self.version],))

    def _reached(self, networks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in networks if not all(block.leaves_out(each) for block in self.blocks))

    def __str__(self) -> str:
        widest = self.block
        if widest is None:
            together = "every address" if self.size == 1 << BITS[self.version] else "one wide range"
            return f"{len(self.blocks)} IPv{self.version} blocks that are {together} together"
        cidr, holes = widest.cidr.cidr, ", ".join(each.node.text for each in widest.excepts[:MOST_SHOWN])
        all_of_it = cidr is not None and cidr.is_everything
        whole = f"every IPv{self.version} address" if all_of_it else f"the wide range {cidr}"
        return f"{whole} but for {holes}" if holes else whole


def wide_ranges(blocks: Iterable[IPBlock], *, ipv4: int, ipv6: int) -> Iterator[WideRange]:
    """For each IP version, the largest range that blocks mean together, where it is larger than a prefix allows."""
    every = tuple(blocks)
    for version, prefix in ((4, ipv4), (6, ipv6)) if every else ():
        own = tuple(block for block in every if block.version == version)
        ranges = merged(addresses for block in own for addresses in block.ranges) if own else ()
        size = max((last - first + 1 for first, last in ranges), default=0)
        if size > 1 << max(BITS[version] - prefix, 0):
            yield WideRange(version, size, own)
