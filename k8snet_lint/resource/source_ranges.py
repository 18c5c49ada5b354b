"""Which addresses may connect to a load balancer (core/v1 `loadBalancerSourceRanges`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.cidr import Cidr
    from k8snet_lint.manifest import Node

ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges"


class SourceRange(NamedTuple):
    """One range; `node` is where it is written, which an annotation's ranges have in common.

    Shapes: `cidr` is None for what is no range, and `flaw` then says why; for a variable both are empty.
    """

    node: Node
    text: str
    cidr: Cidr | None
    flaw: str

    @staticmethod
    def of(node: Node, text: str) -> SourceRange:
        from k8snet_lint.cidr import Cidr  # noqa: PLC0415 - few Services have ranges, and it loads ipaddress

        try:
            return SourceRange(node, text, Cidr.of(text), "")
        except ValueError as error:
            return SourceRange(node, text, None, "" if is_open(text) else str(error))


def source_ranges(field: Node, annotation: Node) -> Iterator[SourceRange]:
    """The ranges of the field, or where it is empty those of the annotation, as the API server reads both."""
    for item in field:
        yield SourceRange.of(item, item.text.strip())
    for text in "" if field else annotation.text.split(","):
        if text.strip():
            yield SourceRange.of(annotation, text.strip())


def open_versions(ranges: tuple[SourceRange, ...]) -> Iterator[tuple[int, Node]]:
    """The IP versions, 4 or 6, of which the ranges hold every address, and where: the one range, else the list."""
    from k8snet_lint.cidr import BITS, merged  # noqa: PLC0415 - as above

    for version, bits in BITS.items():
        among = [(each, each.cidr) for each in ranges if each.cidr is not None and each.cidr.version == version]
        everything = next((each.node for each, cidr in among if cidr.is_everything), None)
        if everything is not None:
            yield version, everything
        elif merged(cidr.range for _, cidr in among) == ((0, (1 << bits) - 1),):
            node = among[0][0].node
            yield version, node.parent if node.parent is not None and isinstance(node.key, int) else node


def among(address: str, networks: Iterable[str]) -> bool:
    """Whether an address is one of those named, or in one of the networks; what is no address equals only itself."""
    return any(address == network or _holds(network, address) for network in networks)


def _holds(network: str, address: str) -> bool:
    from k8snet_lint.cidr import Cidr  # noqa: PLC0415 - as above

    try:
        return Cidr.of(network).contains(Cidr.of(f"{address}/{128 if ':' in address else 32}"))
    except ValueError:
        return False
