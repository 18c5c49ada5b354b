"""The formats of the shipped schemas that no pattern tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import Cidr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def is_cidr(text: object) -> bool:
    """An address range, as `ParseCIDRSloppy` takes it; what is no text is the type's affair."""
    if not isinstance(text, str):
        return True
    try:
        Cidr.of(text)
    except ValueError:
        return False
    return True


def is_ip(text: object) -> bool:
    """An address, as `ParseIPSloppy` takes it."""
    return not isinstance(text, str) or ("/" not in text and (is_cidr(f"{text}/0")))


def is_cluster_ip(text: object) -> bool:
    """What `clusterIP` takes: an address, `None`, or nothing."""
    return text in ("", "None") or is_ip(text)


def is_cidr_or_ip(text: object) -> bool:
    """An address range, or one address."""
    return is_cidr(text) or is_ip(text)


FORMATS: Mapping[str, Callable[[object], bool]] = {
    "cidr": is_cidr,
    "ip": is_ip,
    "cidr-or-ip": is_cidr_or_ip,
    "cluster-ip": is_cluster_ip,
}
