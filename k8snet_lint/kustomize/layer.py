"""One kustomization of a build: what it adds, and what it does to all that is there, in kustomize's order."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.kustomize import generators, inset, notes, plugins, variables
from k8snet_lint.kustomize.annotations import settle_item
from k8snet_lint.kustomize.config import merged
from k8snet_lint.kustomize.config_file import configuration
from k8snet_lint.kustomize.definition_file import definitions
from k8snet_lint.kustomize.document import finished
from k8snet_lint.kustomize.draft import Draft, Drafts, Written
from k8snet_lint.kustomize.files import EntryKind
from k8snet_lint.kustomize.flaw import Flaw, FlawCode
from k8snet_lint.kustomize.named import Named
from k8snet_lint.kustomize.steps import Step, Steps, apply_patches

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from k8snet_lint.kustomize.building import Build
    from k8snet_lint.kustomize.config import Config
    from k8snet_lint.manifest import Node


class Layer:
    """One kustomization of a build, and the objects that it works on: those of its own, or a component's parent's."""

    def __init__(self, run: Build, node: Node, directory: str, drafts: Drafts, trail: tuple[str, ...]) -> None:
        self.run = run
        self.node = node
        self.directory = directory
        self.drafts = drafts
        self.trail = trail
        self.named = Named(run, directory)

    def accumulate(self) -> None:
        """Resources, generators, components, and then what changes all of them."""
        for field in ("resources", "bases"):
            for entry in self.node[field]:
                if entry.text:
                    self._resource(entry)
        for field, read in (("configurations", configuration), ("crds", definitions)):
            for entry in self.node[field]:
                self.run.attempt(entry, partial(self._configure, entry, read))
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
                if written.node.parent is not None:
                    settle_item(draft.root)
                draft.see_keys(written.node)
                draft.drop_notes()
                self.run.notes.tell_file(draft, path)
                self._add(draft, entry)

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

    def _configure(self, entry: Node, read: Callable[[Node], Config]) -> None:
        """Add what a file of `configurations` or `crds` says."""
        documents = self.named.documents(entry)
        if documents:
            self.drafts.config = merged(self.drafts.config, read(documents[0]), entry)

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
        for entry, config in self._configs("generators", plugins.GENERATORS):
            self.run.attempt(entry, partial(self._absorb_plugin, entry, config))

    def _absorb_plugin(self, entry: Node, config: Node) -> None:
        made = plugins.generated(config, self.named.content)
        self._absorb(made, entry, config, notes.plugin(config))

    def _make(self, entry: Node, kind: str) -> None:
        """Generate one object."""
        made = generators.generate(entry, kind, self.node["generatorOptions"], self.named.content)
        self._absorb(made, entry, self.node, notes.builtin(f"{kind}Generator"))

    def _absorb(self, made: Draft, entry: Node, config: Node, configured_by: str) -> None:
        """Add a generated object to those that are there, or merge it into one of them."""
        if made.behavior != "merge":
            self.run.notes.tell_generator(made, config, configured_by)
        twin = None if self.run.is_stopped else generators.absorb(self.drafts, made)
        if twin is not None:
            related = ((twin.root.node, "the first one is here"),)
            message = f"{made.id} is there already, and is not to be merged or replaced"
            self.run.flaws.append(Flaw(FlawCode.DUPLICATE, entry, message, related=related))

    def _transform(self) -> None:
        for step in (*Steps(self.run, self.node, self.drafts, self.named), *self._plugins()):
            self.run.steps -= len(self.drafts)
            if self.run.steps < 0:
                self.run.abandon(step.at, "its patches and the like look at too many objects")
            self.run.attempt(step.at, step.act)
            if self.run.is_stopped:
                return
            if step.configured_by:
                self.run.notes.tell_transformation(self.drafts, step.config or step.at, step.configured_by)

    def _plugins(self) -> Iterator[Step]:
        """What the plugins of `transformers` do to all objects."""
        for entry, config in self._configs("transformers", plugins.TRANSFORMERS):
            patch = partial(apply_patches, self.run, entry=entry)
            act = partial(plugins.Transformer(config, self.named.documents, patch).apply, self.drafts)
            yield Step(entry, act, notes.plugin(config), config)

    def _configs(self, field: str, kinds: Container[str]) -> Iterator[tuple[Node, Node]]:
        """The configurations of plugins that entries hold or name, each with its entry: first those held."""
        known = Drafts()
        for entry in sorted((each for each in self.node[field] if each.text), key=lambda each: not inset.is_one(each)):
            found: list[Node] = []
            self.run.attempt(entry, lambda: found.extend(self._configured(entry)))  # noqa: B023 - called at once
            for config in found:
                draft = Draft(Written(config, config["apiVersion"].text, config["kind"].text))
                twin = known.add(draft)
                if not draft.is_named:
                    self.run.flaw(FlawCode.INVALID, entry, f"'{field}' holds something without a kind or a name")
                elif twin is not None:
                    related = ((twin.root.node, "the first one is here"), (config, "the second one is here"))
                    message = f"'{field}' configures {draft.id} again, which has to be called otherwise"
                    self.run.flaws.append(Flaw(FlawCode.DUPLICATE, entry, message, related=related))
                elif config["apiVersion"].text == plugins.BUILTIN and config["kind"].text in kinds:
                    yield entry, config
                else:
                    self.run.flaw(FlawCode.UNSUPPORTED, entry, f"{field} not applied")

    def _configured(self, entry: Node) -> Sequence[Node]:
        """The configurations of plugins that an entry holds, or that its file or its kustomization does."""
        if inset.is_one(entry):
            return inset.documents(entry)
        found = self.run.files.entry(self.directory, entry.text)
        if found.kind is not EntryKind.DIRECTORY:
            return self.named.documents(entry) or ()
        below = Drafts()
        if self._enters(entry, found.path):
            self.run.directory(found.path, below, entry, self.trail)
        return [finished(draft).node for draft in below]


def _is_within(directory: str, other: str) -> bool:
    return directory == other or directory.startswith(other.rstrip(os.sep) + os.sep)
