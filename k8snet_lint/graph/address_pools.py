"""The addresses that load balancers of a cluster of one's own are given, where the pools of them are in the world.

Sources: MetalLB, `IPAddressPool`; Cilium, `CiliumLoadBalancerIPPool`.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource.everywhere import everywhere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.graph.resources import Resources
    from k8snet_lint.resource import Resource, Service

POOLS: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("metallb.io", "IPAddressPool"): (("spec", "addresses", "*"),),
    ("cilium.io", "CiliumLoadBalancerIPPool"): (
        ("spec", "blocks", "*", "cidr"),
        ("spec", "blocks", "*", "start"),
        ("spec", "blocks", "*", "stop"),
        ("spec", "cidrs", "*", "cidr"),
    ),
}
"""Where each kind of pool writes its addresses."""

CHOICES = ("metallb.io/address-pool", "metallb.universe.tf/address-pool")
"""Annotations by which a Service asks for a pool by its name."""

CLASSES = ("io.cilium/", "metallb")
"""How the names of the classes of load balancers start that are given such addresses."""


class AddressPools:
    """The pools of a world."""

    def __init__(self, resources: Resources) -> None:
        self._pools = {each.name: each for each in resources.of_kinds(POOLS)}

    def keep_inside(self, service: Service) -> bool:
        """Whether a load balancer gets no address of the Internet, as no pool that it may use has one."""
        chosen = next(filter(None, map(service.annotations.get, CHOICES)), "")
        if service.load_balancer_class and not service.load_balancer_class.startswith(CLASSES):
            return False
        return chosen in self._private if chosen else bool(self._pools) and self._private == self._pools.keys()

    @cached_property
    def _private(self) -> set[str]:
        return {name for name, pool in self._pools.items() if _is_private(pool)}


def _is_private(pool: Resource) -> bool:
    paths = POOLS[pool.group, pool.kind]
    written = [found.text for path in paths for found in everywhere(pool.node, path) if found.text]
    return bool(written) and all(map(_are_private, written))


def _are_private(addresses: str) -> bool:
    """Whether a network, an address or a range of two with `-` between them is private."""
    try:
        if "/" in addresses:
            return ip_network(addresses.strip(), strict=False).is_private
        return all(ip_address(each.strip()).is_private for each in addresses.split("-"))
    except ValueError:
        return False
