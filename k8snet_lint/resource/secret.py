"""Secrets, of which rules need the type, the keys and the certificate."""

from __future__ import annotations

from binascii import a2b_base64
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource.base import Resource

if TYPE_CHECKING:
    from k8snet_lint.certificate import Certificate
    from k8snet_lint.manifest import Node

_FILLERS = (
    "reflector.v1.k8s.emberstack.com/reflects",
    "replicator.v1.mittwald.de/replicate-from",
    "cert-manager.io/",
    "avp.kubernetes.io/",
    "kubed.appscode.com/origin",
)
"""Prefixes of annotations by which a Secret's values are brought from elsewhere (each project's documentation)."""

TLS = "kubernetes.io/tls"
TLS_KEYS = ("tls.crt", "tls.key")
FIELDS = ("data", "stringData")


class Secret(Resource):
    """A core/v1 Secret."""

    @cached_property
    def type_name(self) -> str:
        return self.node["type"].text or "Opaque"

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(key for field in FIELDS for key, _ in self.node[field].items())

    @property
    def lacking(self) -> tuple[str, ...]:
        """The keys of a TLS Secret that it does not have."""
        return tuple(key for key in TLS_KEYS if key not in self.keys)

    @property
    def fault(self) -> str:
        """Why its keys are no certificate, as the end of a sentence; empty where they are.

        One of another type that shows no keys may get them later; the API server takes no TLS Secret without them.
        """
        if not self.keys and self.type_name != TLS:
            return ""
        kind = "" if self.type_name == TLS else f"is of type {self.type_name}"
        lacking = f"lacks {' and '.join(self.lacking)}" if self.lacking else ""
        return " and ".join(filter(None, (kind, lacking)))

    @property
    def is_filled_later(self) -> bool:
        """Whether something else than this manifest supplies its values: an encryption, a copier, a variable."""
        filled = any(is_open(self.node[field].value) for field in FIELDS) or any(map(is_open, self.keys))
        return filled or bool(self.node["sops"]) or any(key.startswith(_FILLERS) for key in self.annotations)

    @property
    def certificate_node(self) -> Node:
        """Where the certificate of a TLS Secret is written."""
        return self.node["stringData"]["tls.crt"] or self.node["data"]["tls.crt"]

    @cached_property
    def certificate(self) -> Certificate | None:
        """The server's certificate that it holds; None where it holds none that can be read."""
        from k8snet_lint.certificate import leaf  # noqa: PLC0415 - few trees hold certificates

        node = self.certificate_node
        plain = node.parent is not None and node.parent.key == "stringData"
        return leaf(node.text if plain else _decoded(node.text))


def _decoded(text: str) -> str:
    """The text that base64 stands for; empty for a placeholder."""
    try:
        return a2b_base64(text).decode("ascii")
    except ValueError:
        return ""
