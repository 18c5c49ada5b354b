"""One kustomization file: what it lists, what it names besides, and what it does to its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.loader.kinds import KUSTOMIZE, group_of
from k8snet_lint.loader.unit import Object
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.loader.walk import File
    from k8snet_lint.manifest import Node

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""Names that kustomize looks for (`konfig.RecognizedKustomizationFileNames`)."""

API_VERSIONS = {"Kustomization": f"{KUSTOMIZE}/v1beta1", "Component": f"{KUSTOMIZE}/v1alpha1"}

LISTS = ("resources", "bases", "components")
"""Fields whose entries make up the result."""

CONFIGURED = ("generators", "transformers", "validators", "configurations")
"""Fields whose entries, files or directories, tell kustomize what to do."""


class Kustomization(NamedTuple):
    """A kustomization as written.

    Shapes: `listed` are the entries of resources, bases and components, `configured` those of generators and their
    like, `held` are those of them that stand in the kustomization itself, `named` all texts elsewhere; `namespace` is
    empty where it is no text.
    """

    file: File
    written: Object
    namespace: str
    listed: tuple[str, ...]
    configured: tuple[str, ...]
    named: frozenset[str]
    held: tuple[str, ...] = ()

    @property
    def directory(self) -> str:
        return self.file.directory


def as_kustomization(node: Node) -> Object | None:
    """A document in a file of that name, with the apiVersion and kind that it may leave out.

    None for what is none, as Flux's kind of the same name.
    """
    from k8snet_lint.kustomize.spelling import respelt  # noqa: PLC0415 - few trees hold kustomizations

    node = respelt(node)
    kind = node["kind"].text or "Kustomization"
    api_version = node["apiVersion"].text or API_VERSIONS.get(kind, "")
    if not node.is_mapping or kind not in API_VERSIONS or group_of(api_version) != KUSTOMIZE:
        return None
    return Object(node, api_version, kind)


def kustomization(file: File, written: Object) -> Kustomization:
    """What a kustomization file says; entries of the wrong type are passed over."""
    node = written.node
    tools = [entry for field in CONFIGURED for entry in node[field] if entry.text]
    return Kustomization(
        file=file,
        written=written,
        namespace=node["namespace"].text,
        listed=tuple(dict.fromkeys(entry.text for field in LISTS for entry in node[field] if entry.text)),
        configured=tuple(entry.text for entry in tools if "\n" not in entry.text),
        named=frozenset(text for key, value in node.items() if key not in LISTS for text in texts_in(value.value)),
        held=tuple(entry.text for entry in tools if "\n" in entry.text),
    )


def texts_in(value: object) -> Iterator[str]:
    """All one-line texts in a value; of `key=path`, as generators have it, the path."""
    pending = [value]
    seen = set()
    while pending:
        value = pending.pop()
        if isinstance(value, dict | list):
            if id(value) not in seen:
                seen.add(id(value))
                pending.extend(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, str) and value and "\n" not in value:
            yield value
            yield value.rpartition("=")[2]
