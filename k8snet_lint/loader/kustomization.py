"""One kustomization file: what it lists, what it names besides, and what it does to its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snet_lint.loader.kinds import KUSTOMIZE, group_of
from k8snet_lint.loader.unit import Object

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

WITHOUT_EFFECT = frozenset(
    {
        "apiVersion",
        "kind",
        "metadata",
        "namespace",
        *LISTS,
        "buildMetadata",  # annotations about origin
        "crds",  # where names are referred to, which matters to name changes only
        "generatorOptions",  # of generators, which are fields of their own
        "openapi",  # how lists merge, which matters to patches only
        "sortOptions",
    }
)
"""Fields that leave resources as they are written, but for `namespace`."""


class Kustomization(NamedTuple):
    """A kustomization as written.

    Shapes: `listed` are the entries of resources, bases and components, `configured` those of generators and their
    like, `named` all texts elsewhere; `fields` are those that change or add to what is listed; `flaws` say why it
    cannot be built at all.
    """

    file: File
    written: Object
    namespace: str
    listed: tuple[str, ...]
    configured: tuple[str, ...]
    named: frozenset[str]
    fields: tuple[str, ...]
    flaws: tuple[str, ...]

    @property
    def directory(self) -> str:
        return self.file.directory


def as_kustomization(node: Node) -> Object | None:
    """A document in a file of that name, with the apiVersion and kind that it may leave out.

    None for what is none, as Flux's kind of the same name.
    """
    kind = node["kind"].text or "Kustomization"
    api_version = node["apiVersion"].text or API_VERSIONS.get(kind, "")
    if not node.is_mapping or kind not in API_VERSIONS or group_of(api_version) != KUSTOMIZE:
        return None
    return Object(node, api_version, kind)


def kustomization(file: File, written: Object) -> Kustomization:
    """What a kustomization file says; wrong types anywhere are flaws, never errors."""
    node = written.node
    flaws = []
    namespace = node["namespace"]
    if namespace and not namespace.text:
        flaws.append("its namespace is no text")
    if namespace and written.kind == "Component":
        flaws.append("it is a component that sets a namespace")
    listed = []
    for field in LISTS:
        entries = node[field]
        if entries and not entries.is_list:
            flaws.append(f"its '{field}' is no list")
        for entry in entries:
            if entry.text:
                listed.append(entry.text)
            else:
                flaws.append(f"its '{field}' holds an entry that is no path")
    return Kustomization(
        file=file,
        written=written,
        namespace=namespace.text,
        listed=tuple(dict.fromkeys(listed)),
        configured=tuple(entry.text for field in CONFIGURED for entry in node[field] if entry.text),
        named=frozenset(text for key, value in node.items() if key not in LISTS for text in _texts(value.value)),
        fields=tuple(sorted(key for key, value in node.items() if value and key not in WITHOUT_EFFECT)),
        flaws=tuple(dict.fromkeys(flaws)),
    )


def _texts(value: object) -> Iterator[str]:
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
