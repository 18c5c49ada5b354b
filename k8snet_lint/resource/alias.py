"""Hosts that ExternalName Services stand for: nothing but a CNAME record in the cluster's DNS."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.words import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.manifest import Node

ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?", re.ASCII)
METADATA = ("169.254.169.254", "metadata", "metadata.*.internal", "instance-data", "instance-data.*", "100.100.100.200")


class Alias(NamedTuple):
    """The host of an ExternalName Service; `host` is its name without the final dot."""

    node: Node
    host: str

    @staticmethod
    def of(node: Node) -> Alias:
        """The alias that `spec.externalName` makes."""
        return Alias(node, node.text.rstrip(".").lower())

    @property
    def is_filled_later(self) -> bool:
        """Whether it holds a variable, or stands for what its reader is to write."""
        return is_open(self.node.text)

    def is_among(self, patterns: Iterable[str]) -> bool:
        """Whether one of the patterns, in which `*` stands for any characters, means it."""
        return any(fnmatchcase(self.host, pattern) for pattern in patterns)

    @property
    def is_rejected(self) -> bool:
        """Whether the API server takes it for no DNS name, of which an IP address is one."""
        return not self.is_filled_later and not NAME.fullmatch(self.node.text)

    @property
    def is_address(self) -> bool:
        """Whether it reads as an IP address, for which DNS has no record."""
        return ADDRESS.fullmatch(self.host) is not None

    @property
    def is_metadata_server(self) -> bool:
        """Whether it is a cloud's server that hands out the node's credentials, by name or by address."""
        return self.is_among(METADATA)

    @property
    def is_whoever_asks(self) -> bool:
        """Whether every client takes it for itself."""
        return is_loopback(self.host)

    def service(self, domain: str) -> tuple[str, str]:
        """The namespace and name of the Service of the cluster that it is; empty for any other host."""
        *name, namespace = self.host.removesuffix(f".{domain}").removesuffix(".svc").split(".")
        inside = self.host.endswith((".svc", f".svc.{domain}")) and bool(name)
        return (namespace, ".".join(name)) if inside else ("", "")
