"""Addresses that no Service can lead to; all but multicast beyond the link are rejected (`ValidateEndpointIP`)."""

from __future__ import annotations

LINK_LOCAL_MULTICAST = ("224.0.0.0/24", "ff02::/16")


def special(text: str) -> str:
    """What is special about an IP address; empty for one that can be an endpoint.

    It is `loopback`, `link-local`, `link-local multicast`, `multicast` or `unspecified`. An IPv4 address in the shape
    of an IPv6 one is judged as what it stands for; what is no address is not judged.
    """
    from ipaddress import IPv6Address, ip_address, ip_network  # noqa: PLC0415 - few manifests hold endpoints

    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        on_link = any(address in ip_network(each) for each in LINK_LOCAL_MULTICAST)
        return "link-local multicast" if on_link else "multicast"
    return "unspecified" if address.is_unspecified else ""
