"""Objects in the making, and how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.config import DEFAULT
from k8snet_lint.kustomize.last_block import keep_break
from k8snet_lint.kustomize.odd_keys import odd_keys
from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.scope import is_cluster_scoped
from k8snet_lint.kustomize.words import as_text, as_texts
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.kustomize.variables import Variable
    from k8snet_lint.manifest import Node, Path

NO_NAMESPACE = "_"

ORIGIN = "config.kubernetes.io/origin"
"""The annotation that tells where an object comes from."""

TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations"
"""The annotation that tells what changed an object."""

_INTERNAL = (
    *("index", "path", "seqindent", "annotations-migration-resource-id", "prefixes", "suffixes", "refBy"),
    *("previousKinds", "previousNames", "previousNamespaces", "needsHashSuffix", "generatorBehavior"),
)
NOTES = frozenset(
    {
        *(f"internal.config.kubernetes.io/{name}" for name in _INTERNAL),
        *("config.kubernetes.io/index", "config.kubernetes.io/path", "config.k8s.io/id", ORIGIN),
        TRANSFORMATIONS,
    }
)
"""Annotations that tools of this family note things in, and which kustomize takes for its own."""


class Written(NamedTuple):
    """An object as a file holds it; a typed list's item has its apiVersion and kind from the list."""

    node: Node
    api_version: str
    kind: str


class Id(NamedTuple):
    """What kustomize tells objects apart by (`resid.ResId`); no namespace counts as `default`."""

    group: str
    version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        namespace = "" if self.namespace in (NO_NAMESPACE, "default") else self.namespace
        return "/".join(part for part in (self.kind, namespace, self.name) if part)


class Draft:
    """An object on its way through a build.

    Shapes: `previous` are the ids it had, the oldest first; `prefixes` and `suffixes` are those its name got;
    `is_hashed` tells that its name is to end in a hash of its content; `behavior` is a generator's; `odd_keys` are the
    paths of keys that are no texts, each with what writes it.
    """

    __slots__ = (
        "_written",
        "api_version",
        "behavior",
        "group",
        "is_cluster_scoped",
        "is_hashed",
        "kind",
        "odd_keys",
        "prefixes",
        "previous",
        "root",
        "suffixes",
        "version",
    )

    def __init__(self, written: Written) -> None:
        self.root = Part(written.node)
        as_texts(self.root)
        keep_break(self.root)
        self._written = written
        self.previous: list[Id] = []
        self.prefixes: list[str] = []
        self.suffixes: list[str] = []
        self.is_hashed = False
        self.behavior = ""
        self.odd_keys: list[tuple[Path, Node]] = []
        self.identify()

    def identify(self) -> None:
        """Read off what it is, anew once a patch may have changed that."""
        self.api_version = self._word("apiVersion") or self._written.api_version
        self.kind = self._word("kind") or self._written.kind
        self.group, _, self.version = self.api_version.rpartition("/")
        self.is_cluster_scoped = is_cluster_scoped(self.api_version, self.kind)

    @property
    def name(self) -> str:
        return self._word("metadata", "name")

    @property
    def is_named(self) -> bool:
        """Whether it says what it is, without which kustomize takes it for no object."""
        return bool(self._word("kind") and self.name)

    @property
    def namespace(self) -> str:
        return self._word("metadata", "namespace")

    def _word(self, *path: str) -> str:
        """The scalar at a path as it is written: a name may be a number to kustomize."""
        value = self.root.peek(path)
        part = self.root.at(*path) if isinstance(value, int | float) else None
        return as_text(part) if part is not None else value if isinstance(value, str) else ""

    @property
    def id(self) -> Id:
        namespace = NO_NAMESPACE if self.is_cluster_scoped else self.namespace or "default"
        return Id(self.group, self.version, self.kind, namespace, self.name)

    @property
    def original(self) -> Id:
        """The id it had at first."""
        return self.previous[0] if self.previous else self.id

    @property
    def is_tracked(self) -> bool:
        """Whether kustomize keeps notes on it in its annotations."""
        return bool(self.previous or self.is_hashed or self.behavior)

    def holds_notes(self, path: Sequence[str]) -> bool:
        """Whether what stands at a path holds the notes that kustomize keeps on it."""
        return self.is_tracked and tuple(path) in ((), ("metadata",), ("metadata", "annotations"))

    def remember(self) -> None:
        """Keep the present id among the previous ones, before it changes."""
        self.previous.append(self.id)

    def forget(self) -> None:
        """Forget what it was called: kustomize notes it in annotations, which a patch may take away."""
        self.previous, self.prefixes, self.suffixes = [], [], []
        self.is_hashed = False

    def see_keys(self, written: Node) -> None:
        """Keep in mind which keys are no texts in what is added to it."""
        for node in odd_keys(written):
            path = node.path[len(written.path) :]
            if self.root.at(*path) is None or written is self._written.node:
                self.odd_keys.append((path, node))

    def drop_notes(self) -> None:
        """Take away the annotations that kustomize takes for its own."""
        annotations = self.root.peek(("metadata", "annotations"))
        if isinstance(annotations, dict) and not NOTES.isdisjoint(annotations):
            fields = self.root.fields["metadata"].fields["annotations"].fields
            for key in NOTES.intersection(fields):
                del fields[key]

    def hold_annotations(self) -> None:
        """See that there are annotations: kustomize keeps notes of its own there, and takes away empty ones."""
        metadata = self.root.at("metadata")
        if metadata is not None and metadata.is_mapping and metadata.peek(("annotations",)) is None:
            metadata.fields["annotations"] = Part.mapping(metadata.node)

    def annotate(self, key: str, value: str, why: Node) -> None:
        """Add an annotation, that `why` says to add."""
        metadata = self.root.at("metadata")
        if metadata is not None and metadata.is_mapping:
            pairs = metadata.fields.get("annotations")
            if pairs is None or not pairs.is_mapping:
                pairs = metadata.fields["annotations"] = Part.mapping(why)
            pairs.fields[key] = Part(why, value)

    def rename(self, name: str, why: Node) -> None:
        """Give it another name, made of the one it has."""
        metadata = self.root.at("metadata")
        if metadata is not None:
            old = metadata.fields["name"]
            metadata.fields["name"] = Part(old.node, name, (*old.before, why))


class Drafts:
    """The objects of a build, in the order in which they were added."""

    def __init__(self) -> None:
        self._all: list[Draft] = []
        self._ids: dict[Id, list[Draft]] | None = {}
        self.config = DEFAULT
        """Which fields its transformations change."""
        self.variables: dict[str, Variable] = {}
        self.unseen: set[tuple[str, str]] = set()
        """Group and kind of objects that were not read, as nothing judges them."""

    def __iter__(self) -> Iterator[Draft]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def add(self, draft: Draft) -> Draft | None:
        """Add an object; gives back the one of the same id that is in its way."""
        twin = next((each for each in self.matching(draft.id) if each.id == draft.id), None)
        if twin is not None:
            return twin
        self._all.append(draft)
        if self._ids is not None:
            for known in {draft.id, *draft.previous}:
                self._ids.setdefault(known, []).append(draft)
        return None

    def matching(self, wanted: Id) -> list[Draft]:
        """The objects that have this id, or had it."""
        if self._ids is None:
            self._ids = {}
            for draft in self._all:
                for known in dict.fromkeys((draft.id, *draft.previous)):
                    self._ids.setdefault(known, []).append(draft)
        return self._ids.get(wanted, [])

    def repeated(self) -> Id | None:
        """An id that two objects have."""
        seen: set[Id] = set()
        for draft in self._all:
            if draft.id in seen:
                return draft.id
            seen.add(draft.id)
        return None

    def changed(self) -> None:
        """To be called after ids changed."""
        self._ids = None

    def keep(self, drafts: Iterable[Draft]) -> None:
        """Keep these only."""
        self._all = list(drafts)
        self._ids = None

    def replace(self, old: Draft, new: Draft) -> None:
        self._all[self._all.index(old)] = new
        self._ids = None
