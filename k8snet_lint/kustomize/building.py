"""A tree of kustomizations → the objects that it applies, in the order of steps that kustomize takes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.kustomize import references, variables
from k8snet_lint.kustomize.document import finished
from k8snet_lint.kustomize.draft import Draft, Drafts, Written
from k8snet_lint.kustomize.fields import flaws_of
from k8snet_lint.kustomize.files import EntryKind
from k8snet_lint.kustomize.flaw import Abandoned, Flaw, FlawCode, NoTarget, Refused, Unsupported, elsewhere, place
from k8snet_lint.kustomize.hashing import hash_names
from k8snet_lint.kustomize.layer import Layer
from k8snet_lint.kustomize.list_keys import SHAPES
from k8snet_lint.kustomize.named import Named
from k8snet_lint.kustomize.notes import Notes
from k8snet_lint.kustomize.schema_file import shapes
from k8snet_lint.manifest import Node
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snet_lint.kustomize.files import Files
    from k8snet_lint.kustomize.list_keys import Shapes
    from k8snet_lint.manifest import Node

MAX_DEPTH = 50
"""How many kustomizations may stand on each other's shoulders."""

MAX_VISITS = 2000
"""How many kustomizations a build may go through: each of a chain may name the next one twice."""

MAX_STEPS = 2_000_000
"""How often all transformations of a build may look at an object: each of many patches may select all of many."""

LOCAL = "config.kubernetes.io/local-config"
"""The annotation of what is for tools only, and not applied."""

BUILT_IN = "v1.21.2"
"""The version of the API whose schema kustomize carries with it."""

LEADS_NOWHERE = {
    EntryKind.OUTSIDE: (FlawCode.OUTSIDE, "lies outside of the kustomization's directory"),
    EntryKind.BARE: (FlawCode.MISSING, "is a directory without a kustomization"),
    EntryKind.MISSING: (FlawCode.MISSING, "does not exist"),
    EntryKind.REMOTE: (FlawCode.UNSUPPORTED, "is remote"),
    EntryKind.EXCLUDED: (FlawCode.EXCLUDED, "is excluded"),
    EntryKind.IGNORED: (FlawCode.EXCLUDED, "is kept out of the repository"),
    EntryKind.MADE: (FlawCode.EXCLUDED, "is yet to be made of the template beside it"),
}


class Built(NamedTuple):
    """What a build comes to.

    Shapes: `objects` are empty where a flaw stops the build; `flaws` are in the order in which they were met;
    `unseen` are group and kind of objects that were not read.
    """

    objects: tuple[Written, ...]
    flaws: tuple[Flaw, ...]
    unseen: frozenset[tuple[str, str]]

    @property
    def is_whole(self) -> bool:
        """Whether the objects are those that kustomize builds."""
        return not any(flaw.stops for flaw in self.flaws)


def build(files: Files, directory: str, room: int) -> Built:
    """What the kustomization of a directory applies.

    Shapes: `room` is how many objects there may be. Nothing in the files raises: what is wrong is among the flaws.
    """
    run = Build(files, room, directory)
    drafts = Drafts()
    try:
        run.directory(directory, drafts, None, ())
        if not run.is_stopped:
            run.finish(drafts, directory)
    except Abandoned:
        pass
    objects = () if run.is_stopped else tuple(finished(draft) for draft in drafts if not _is_local(draft))
    return Built(objects, tuple(dict.fromkeys(run.flaws)), frozenset(drafts.unseen))


class Build:
    """One build: the flaws met so far, and what it may still read."""

    def __init__(self, files: Files, room: int, directory: str) -> None:
        outermost = files.kustomization(directory)
        self.files = files
        self.notes = Notes(outermost.node["buildMetadata"] if outermost else (), directory)
        self.room = room
        self.visits = MAX_VISITS
        self.steps = MAX_STEPS
        self.flaws: list[Flaw] = []
        self.shapes: Shapes = SHAPES
        self.has_schema = False
        """Whether the outermost kustomization says by which schema to merge."""

    @property
    def is_stopped(self) -> bool:
        return any(flaw.stops for flaw in self.flaws)

    def flaw(self, code: FlawCode, at: Node, message: str, help: str = "") -> None:  # noqa: A002 - Flaw's word
        self.flaws.append(Flaw(code, at, message, help))

    def nowhere(self, at: Node, directory: str, name: str, kind: EntryKind) -> None:
        """Note that a name leads nowhere."""
        code, said = LEADS_NOWHERE[kind]
        self.flaw(code, at, f"'{name}' {said}", self.files.hint(directory, name) if code is FlawCode.MISSING else "")

    def abandon(self, at: Node, message: str) -> None:
        self.flaw(FlawCode.TOO_LARGE, at, message)
        raise Abandoned

    def directory(self, directory: str, drafts: Drafts, entry: Node | None, trail: tuple[str, ...]) -> None:
        """Add what a directory's kustomization applies; `entry` names it, `trail` are those that lead to it."""
        written = self.files.kustomization(directory)
        if written is None:
            if entry is not None:
                self.flaw(FlawCode.UNREADABLE, entry, f"'{entry.text}' holds a kustomization that could not be read")
            return
        node = written.node
        if entry is not None:
            self.notes.enter(directory, trail[-1], entry.text)
        self.visits -= 1
        if self.visits < 0:
            self.abandon(entry or node, f"more than {MAX_VISITS} kustomizations are reached")
        if len(trail) >= MAX_DEPTH:
            self.abandon(entry or node, f"more than {MAX_DEPTH} kustomizations stand on each other")
        names = self.files.kustomization_names(directory)
        if len(names) > 1:
            self.flaw(FlawCode.INVALID, entry or node, f"{' and '.join(names)} lie beside each other, of which one may")
        self.flaws.extend(flaws_of(node))
        if node["openapi"]:
            self.attempt(
                node["openapi"], partial(self._take_schema, node["openapi"], directory, is_outermost=not trail)
            )
        Layer(self, node, directory, drafts, (*trail, directory)).accumulate()

    def _take_schema(self, openapi: Node, directory: str, *, is_outermost: bool) -> None:
        """Merge by the schema that the outermost kustomization names; those of others count where it names none."""
        version, path = openapi["version"], openapi["path"]
        if not is_outermost:
            if not self.has_schema:
                raise Unsupported("openapi not applied", openapi)
            return
        self.has_schema = bool(version.text or path.text)
        if path.text and version.text:
            raise Refused("'openapi' names both a version and a file", openapi)
        if version.text not in ("", BUILT_IN):
            raise Refused(f"'{version.text:.40}' is no version of the API that kustomize has built in", version)
        documents = Named(self, directory).documents(path) if path.text else ()
        if documents:
            self.shapes = shapes(documents[0])

    def finish(self, drafts: Drafts, directory: str) -> None:
        """Put the hashes into names, and the names into what refers to them."""
        hash_names(drafts)
        written = self.files.kustomization(directory)
        if written is not None:
            self.attempt(written.node, lambda: _connect(drafts))
            self.attempt(written.node, lambda: self.notes.finish(drafts))

    def attempt(self, at: Node, act: Callable[[], None]) -> None:
        """Do something, and note what stands against it."""
        try:
            act()
        except NoTarget as error:
            self.flaws.append(Flaw(FlawCode.NO_TARGET, at, error.message, related=elsewhere(at, error)))
        except Refused as error:
            code = FlawCode.UNSUPPORTED if isinstance(error, Unsupported) else FlawCode.INVALID
            where = place(at, error)
            at_key = error.at_key and where is error.at
            self.flaws.append(Flaw(code, where, error.message, error.help, elsewhere(at, error), at_key=at_key))


def _connect(drafts: Drafts) -> None:
    """Put the names and values that others have into those that mention them, and see to what comes of it."""
    references.update(drafts)
    variables.resolve(drafts)
    repeated = drafts.repeated()
    if repeated is not None:
        raise Refused(f"two objects are {repeated} in the end")
    for draft in drafts:
        for path, node in draft.odd_keys:
            if draft.root.at(*path) is not None:
                raise Refused(f"{draft.id} holds the key {path[-1]:.60}, which is no text without quotes", node)


def _is_local(draft: Draft) -> bool:
    annotations = draft.root.peek(("metadata", "annotations"))
    value = annotations.get(LOCAL) if isinstance(annotations, dict) else None
    return value is not None and value != "false"
