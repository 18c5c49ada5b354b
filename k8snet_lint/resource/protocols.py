"""The protocols that have ports, as the API writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

PROTOCOLS = ("TCP", "UDP", "SCTP")

MEANT = {"": "TCP", "tcp": "TCP", "udp": "UDP", "sctp": "SCTP"}
"""What is meant by no protocol, and by one in small letters, which the API server rejects."""


def protocol_of(node: Node) -> str:
    """The protocol that a port is for, so that a slip in its letters hides nothing else that is wrong with the port."""
    text = node.text
    return MEANT.get(text, text)
