"""Synthetic clusters: manifests of any number of documents, the same bytes for the same arguments.

A namespace holds a Namespace and a default-deny policy, and per app a Deployment, Service, NetworkPolicy and
ServiceAccount, an Ingress every third, a ConfigMap every fourth. Everything here is invented.
"""

from __future__ import annotations

import enum
import random
from dataclasses import dataclass, replace
from itertools import count, groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import definitions, templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = (
    *("billing", "catalog", "checkout", "courier", "delivery", "discount", "gallery", "identity"),
    *("inventory", "invoice", "ledger", "mailer", "orders", "payments", "pricing", "profile"),
    *("ratings", "refunds", "reports", "returns", "search", "shipping", "stock", "wishlist"),
)


class Style(enum.StrEnum):
    """How documents are spread over files."""

    FILE_PER_APP = "file per app"
    FILE_PER_NAMESPACE = "file per namespace"
    ONE_FILE = "one file"


class Document(NamedTuple):
    """A manifest, and what it belongs to; `app` is empty for the namespace's own."""

    namespace: str
    app: str
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """What to generate.

    Shapes: `namespace_size` is in apps, 0 puts all of them into one namespace; `defective` gives most objects several
    defects; `weighty` adds what real trees are heavy with: CRDs, roles and ConfigMaps with long texts.
    """

    documents: int = 1_000
    style: Style = Style.FILE_PER_APP
    namespace_size: int = 20
    defective: bool = False
    weighty: bool = False
    seed: int = 0

    def of(self, documents: int) -> Cluster:
        """The same shape with that many documents."""
        return replace(self, documents=documents)

    def write(self, directory: Path) -> int:
        """Write the cluster below a directory; gives back how many bytes it weighs."""
        weight = 0
        for name, documents in groupby(islice(self._all(), self.documents), self._file):
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            weight += path.write_bytes("---\n".join(document.text for document in documents).encode())
        return weight

    def _file(self, document: Document) -> str:
        match self.style:
            case Style.ONE_FILE:
                return "all.yaml"
            case Style.FILE_PER_NAMESPACE:
                return f"{document.namespace}.yaml"
            case Style.FILE_PER_APP:
                return f"{document.namespace}/{document.app or 'namespace'}.yaml"

    def _all(self) -> Iterator[Document]:
        chance = random.Random(self.seed)
        for number in count():
            position = number % self.namespace_size if self.namespace_size else number
            namespace = f"team-{number // self.namespace_size:04}" if self.namespace_size else "everything"
            if position == 0:
                yield Document(namespace, "", templates.namespace(namespace))
                yield Document(namespace, "", templates.default_deny(namespace))
            app = templates.App(
                name=f"{chance.choice(WORDS)}-{number:05}",
                namespace=namespace,
                port=chance.choice((3000, 5000, 8000, 8080, 9000)),
                replicas=chance.randint(1, 5),
                release=f"{chance.randint(0, 9)}.{chance.randint(0, 30)}",
                defective=self.defective,
            )
            yield from (Document(namespace, app.name, text) for text in templates.documents(app, number))
            if self.weighty:
                yield from self._weights(app, number)

    @staticmethod
    def _weights(app: templates.App, number: int) -> Iterator[Document]:
        if number % 4 == 0:
            yield Document(app.namespace, app.name, definitions.custom_resource_definition(app.name, number))
        if number % 8 == 0:
            yield Document(app.namespace, app.name, definitions.dashboard(app.name, app.namespace))
        yield Document(app.namespace, app.name, definitions.role(app.name, app.namespace))
