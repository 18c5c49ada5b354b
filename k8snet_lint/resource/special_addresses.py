"""Addresses that are no endpoint of a Service (API server, `ValidateEndpointIP`)."""

from __future__ import annotations


def special(text: str) -> str:
    """What is special about an IP address: `loopback`, `link-local`, `multicast` or `unspecified`; else empty.

    An IPv4 address in the shape of an IPv6 one is judged as what it stands for; what is no address is not judged.
    """
    from ipaddress import IPv6Address, ip_address  # noqa: PLC0415 - few manifests hold endpoints

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
        return "multicast"
    return "unspecified" if address.is_unspecified else ""
