"""The addresses that a policy's peer means (networking.k8s.io/v1 `IPBlock`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint.cidr import Cidr, Range, merged, without

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.manifest import Node


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
            return WrittenCidr(node, None, "" if "$" in node.text else str(error))


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


def largest_range(blocks: Iterable[IPBlock], version: int) -> int:
    """How many addresses of a version the blocks mean together without a gap, at the most."""
    ranges = merged(addresses for block in blocks if block.version == version for addresses in block.ranges)
    return max((last - first + 1 for first, last in ranges), default=0)
