"""Kernel settings of pods (core/v1 `Sysctl`), and which of them every node allows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node

SAFE_SINCE = {
    18: ("ip_local_port_range", "ping_group_range", "tcp_syncookies"),
    22: ("ip_unprivileged_port_start",),
    27: ("ip_local_reserved_ports",),
    29: ("tcp_fin_timeout", "tcp_keepalive_intvl", "tcp_keepalive_probes", "tcp_keepalive_time"),
    32: ("tcp_rmem", "tcp_wmem"),
}
"""Settings of `net.ipv4` that every node allows, by the minor version of Kubernetes that made them safe."""


def unsafe_network(written: Node, minor: int) -> Iterator[Node]:
    """The names of those settings of the network that nodes of a minor version refuse unless they are told not to."""
    for each in written:
        name = each["name"].text.replace("/", ".")
        if name.startswith("net.") and name not in _safe(minor):
            yield each["name"]


@cache
def _safe(minor: int) -> frozenset[str]:
    return frozenset(f"net.ipv4.{name}" for since, names in SAFE_SINCE.items() if since <= minor for name in names)
