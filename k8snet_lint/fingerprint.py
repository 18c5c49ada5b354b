"""What keeps a finding the same finding while lines move: a key of what it says about what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import ResourceName


class Fingerprints:
    """Gives each finding of a run its fingerprint; the second of the same key ends in `:2`.

    Shapes: 16 hexadecimal digits of SHA-256 over rule, group and kind, namespace, name, the path without list
    positions, and the offending value.
    """

    def __init__(self, before: Mapping[str, int] | None = None) -> None:
        self._seen: dict[str, int] = {}
        self._before: Mapping[str, int] = self._seen if before is None else before

    def after(self) -> Fingerprints:
        """What gives further findings their fingerprints, and counts on from what this one has given by then."""
        return Fingerprints(self._seen)

    def of(self, rule: str, resource: ResourceName | None, path: tuple[str | int, ...], value: object) -> str:
        """The fingerprint of the next finding."""
        from hashlib import sha256  # noqa: PLC0415 - OpenSSL comes with it; a clean run needs none

        named = (resource.group, resource.kind, resource.namespace, resource.name) if resource else ()
        keys = [key for key in path if isinstance(key, str)]
        told = json.dumps([rule, named, keys, value], sort_keys=True, default=str)
        digest = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        count = self._seen[digest] = (self._seen.get(digest) or self._before.get(digest, 0)) + 1
        return digest if count == 1 else f"{digest}:{count}"


def pointer(path: tuple[str | int, ...]) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def within(node: Node, root: Node | None) -> tuple[str | int, ...]:
    """The node's path from its object's root."""
    return node.path[len(root.path) :] if root is not None else node.path
