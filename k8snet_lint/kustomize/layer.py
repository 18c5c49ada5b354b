"""One kustomization of a build: what it adds, and what it does to all that is there, in kustomize's order."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.kustomize import generators, labels, naming, patches, patching, replacements, variables, workloads
from k8snet_lint.kustomize.config import merged
from k8snet_lint.kustomize.config_file import configuration
from k8snet_lint.kustomize.content import Content
from k8snet_lint.kustomize.draft import ORIGIN, Draft, Drafts
from k8snet_lint.kustomize.files import EntryKind
from k8snet_lint.kustomize.flaw import Flaw, FlawCode, NoTarget, elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from k8snet_lint.kustomize.building import Build
    from k8snet_lint.manifest import Node

    Step = tuple[Node, Callable[[], None]]
    """What says what is to be done, and what does it."""


NAMING = {"namespace": naming.set_namespace, "namePrefix": naming.add_prefix, "nameSuffix": naming.add_suffix}


class Layer:
    """One kustomization of a build, and the objects that it works on: those of its own, or a component's parent's."""

    def __init__(self, run: Build, node: Node, directory: str, drafts: Drafts, trail: tuple[str, ...]) -> None:
        self.run = run
        self.node = node
        self.directory = directory
        self.drafts = drafts
        self.trail = trail

    def accumulate(self) -> None:
        """Resources, generators, components, and then what changes all of them."""
        for field in ("resources", "bases"):
            for entry in self.node[field]:
                if entry.text:
                    self._resource(entry)
        for entry in self.node["configurations"]:
            self.run.attempt(entry, partial(self._configure, entry))
        self._generate()
        for entry in self.node["components"]:
            if entry.text:
                self._component(entry)
        if not self.run.is_stopped:
            self._transform()
        for entry in self.node["vars"]:
            self.run.attempt(entry, partial(variables.declare, self.drafts, entry))

    def _resource(self, entry: Node) -> None:
        found = self.run.files.entry(self.directory, entry.text)
        if found.kind is EntryKind.FILE:
            self._file(entry, found.path)
        elif found.kind is EntryKind.DIRECTORY:
            self._base(entry, found.path)
        else:
            self.run.nowhere(entry, self.directory, entry.text, found.kind)

    def _file(self, entry: Node, path: str) -> None:
        held = self.run.files.resources(path)
        name = self.run.files.shown(path)
        if not held.is_whole:
            self.run.flaw(FlawCode.UNREADABLE, entry, f"'{name}' could not be read in full")
        if held.others:
            message = f"'{name}' holds something that is no Kubernetes object, which kustomize refuses"
            self.run.flaw(FlawCode.INVALID, entry, message)
        self.drafts.unseen |= held.unseen
        for written in held.objects:
            draft = Draft(written)
            if not draft.root.text("kind"):
                self.run.flaw(FlawCode.INVALID, entry, f"'{name}' holds a list whose items do not say their kind")
            elif not draft.name:
                message = f"'{name}' holds a {draft.kind} without metadata.name, which kustomize refuses"
                self.run.flaw(FlawCode.INVALID, entry, message)
            else:
                draft.drop_notes()
                self._tell_origin(draft, f"path: {self._from_root(path)}\n")
                self._add(draft, entry)

    def _from_root(self, path: str) -> str:
        return os.path.relpath(path, self.trail[0])

    def _tell_origin(self, draft: Draft, origin: str) -> None:
        if self.run.origin is not None:
            draft.annotate(ORIGIN, origin, self.run.origin)

    def _add(self, draft: Draft, entry: Node) -> None:
        self.run.room -= 1
        if self.run.room < 0:
            self.run.abandon(entry, f"'{entry.text}' is left out, as all roots together hold too many objects")
        twin = self.drafts.add(draft)
        if twin is not None and not self.run.is_stopped:
            related = ((twin.root.node, "the first one is here"), (draft.root.node, "the second one is here"))
            message = f"'{entry.text}' adds {draft.id} again, which is there already"
            self.run.flaws.append(Flaw(FlawCode.DUPLICATE, entry, message, related=related))

    def _base(self, entry: Node, directory: str) -> None:
        if not self._enters(entry, directory):
            return
        written = self.run.files.kustomization(directory)
        if written is not None and written.kind == "Component":
            self.run.flaw(FlawCode.INVALID, entry, f"'{entry.text}' is a component, which belongs into 'components'")
            return
        below = Drafts()
        self.run.directory(directory, below, entry, self.trail)
        self.drafts.unseen |= below.unseen
        for draft in below:
            self.run.room += 1
            self._add(draft, entry)
        self.run.attempt(entry, partial(self._take_over, below, entry))

    def _take_over(self, below: Drafts, entry: Node) -> None:
        """Go by what a base says for itself, too."""
        self.drafts.config = merged(self.drafts.config, below.config, entry)
        variables.take_over(self.drafts, below)

    def _configure(self, entry: Node) -> None:
        """Add what a file of `configurations` says."""
        documents = self._documents(entry)
        if documents:
            self.drafts.config = merged(self.drafts.config, configuration(documents[0]), entry)

    def _component(self, entry: Node) -> None:
        found = self.run.files.entry(self.directory, entry.text)
        if found.kind is EntryKind.FILE:
            self.run.flaw(FlawCode.INVALID, entry, f"'{entry.text}' is a file, expected a component's directory")
        elif found.kind is not EntryKind.DIRECTORY:
            self.run.nowhere(entry, self.directory, entry.text, found.kind)
        elif self._enters(entry, found.path):
            written = self.run.files.kustomization(found.path)
            if written is not None and written.kind != "Component":
                self.run.flaw(FlawCode.INVALID, entry, f"'{entry.text}' is no component")
                return
            self.run.directory(found.path, self.drafts, entry, self.trail)

    def _enters(self, entry: Node, directory: str) -> bool:
        """Whether a directory may be built from here; kustomize refuses those that hold one it came through."""
        inside = next((each for each in self.trail if _is_within(each, directory)), None)
        if inside is None:
            return True
        if inside == directory:
            message = f"'{entry.text}' leads back to '{self.run.files.shown(directory)}', which leads here"
        else:
            message = f"'{entry.text}' is a directory around '{self.run.files.shown(inside)}', which leads here"
        self.run.flaw(FlawCode.CYCLE, entry, message)
        return False

    def _generate(self) -> None:
        for field, kind in generators.GENERATORS.items():
            for entry in self.node[field]:
                if entry.is_mapping:
                    self.run.attempt(entry, partial(self._make, entry, kind))

    def _make(self, entry: Node, kind: str) -> None:
        """Generate one object."""
        made = generators.generate(entry, kind, self.node["generatorOptions"], self._content)
        if made.behavior not in ("merge", "replace"):
            name = self.run.files.kustomization_names(self.directory)[0]
            by = f"configuredBy:\n  apiVersion: builtin\n  kind: {kind}Generator\n"
            self._tell_origin(made, f"configuredIn: {self._from_root(f'{self.directory}{os.sep}{name}')}\n{by}")
        twin = None if self.run.is_stopped else generators.absorb(self.drafts, made)
        if twin is not None:
            related = ((twin.root.node, "the first one is here"),)
            message = f"{made.id} is there already, and is not to be merged or replaced"
            self.run.flaws.append(Flaw(FlawCode.DUPLICATE, entry, message, related=related))

    def _transform(self) -> None:
        for at, act in self._steps():
            self.run.steps -= len(self.drafts)
            if self.run.steps < 0:
                self.run.abandon(at, "its patches and the like look at too many objects")
            self.run.attempt(at, act)
            if self.run.is_stopped:
                return

    def _steps(self) -> Iterator[Step]:
        """Kustomize's transformations, in its order."""
        node, drafts = self.node, self.drafts
        yield from ((at, partial(self._patch, at, patches.merge_patches)) for at in node["patchesStrategicMerge"])
        yield from ((at, partial(self._patch, at, patches.patch_of)) for at in node["patches"])
        for field, act in NAMING.items():
            if node[field].text:
                yield node[field], partial(act, drafts, node[field])
        yield node, partial(labels.add_labels, drafts, node)
        yield node, partial(labels.add_pairs, drafts, node["commonAnnotations"], drafts.config.annotations)
        yield from ((at, partial(self._patch, at, patches.json_patch_of)) for at in node["patchesJson6902"])
        yield from ((at, partial(workloads.set_replicas, drafts, at)) for at in node["replicas"])
        yield from ((at, partial(workloads.set_images, drafts, at)) for at in (*node["images"], *node["imageTags"]))
        yield from ((at, partial(replacements.apply, drafts, at, self._documents)) for at in node["replacements"])

    def _patch(self, entry: Node, load: Callable[[Node, patches.Read], list[patches.Patch]]) -> None:
        """Apply the patches of one entry."""
        for patch in load(entry, self._documents):
            try:
                patching.apply(self.drafts, patch)
            except NoTarget as error:
                stops = not patch.target.is_mapping
                at = patch.at if stops else patch.target
                related = elsewhere(at, error)
                self.run.flaws.append(Flaw(FlawCode.NO_TARGET, at, error.message, related=related, stops=stops))

    def _documents(self, entry: Node) -> Sequence[Node] | None:
        path = self._path(entry, entry.text)
        found = self.run.files.documents(path) if path else None
        if path and found is None:
            self.run.flaw(FlawCode.UNREADABLE, entry, f"'{self.run.files.shown(path)}' could not be read in full")
        return found

    def _content(self, name: str, entry: Node) -> Content:
        path = self._path(entry, name)
        data = self.run.files.content(path) if path else None
        shown = self.run.files.shown(path) if path else name
        if path and data is None:
            self.run.flaw(FlawCode.UNREADABLE, entry, f"'{shown}' could not be read")
        return Content(shown, data or b"")

    def _path(self, entry: Node, name: str) -> str:
        """The path of a file that an entry names besides resources; empty where it leads to none."""
        found = self.run.files.entry(self.directory, name)
        if found.kind is EntryKind.FILE:
            return found.path
        if found.kind in (EntryKind.DIRECTORY, EntryKind.BARE):
            self.run.flaw(FlawCode.INVALID, entry, f"'{name}' is a directory, expected a file")
        else:
            self.run.nowhere(entry, self.directory, name, found.kind)
        return ""


def _is_within(directory: str, other: str) -> bool:
    return directory == other or directory.startswith(other.rstrip(os.sep) + os.sep)
