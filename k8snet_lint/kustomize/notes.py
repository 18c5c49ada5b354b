"""Notes on objects that `buildMetadata` asks for: where they come from, what changed them, that kustomize made them."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.draft import ORIGIN, TRANSFORMATIONS
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.manifest import Node

OPTIONS = ("originAnnotations", "transformerAnnotations", "managedByLabel")
MANAGED_BY = "app.kubernetes.io/managed-by"
KUSTOMIZE = "kustomize-v5.5.0"
"""What a release of kustomize calls itself; the one within kubectl has `(devel)` there, which no label may hold."""


class Notes:
    """Writes the notes that the outermost kustomization asks for, and none where it asks for none.

    Shapes: `root` is its directory, which paths start from. Origins are told in any case, and taken away in the end:
    where an object has lost its own, what changes it next is noted as its origin.
    """

    def __init__(self, metadata: Iterable[Node], root: str) -> None:
        self._asked = {item.text: item for item in metadata if item.text in OPTIONS}
        self._why = next(iter(self._asked.values()), None)
        self._root = root
        self._spelt = {root: ""}

    def enter(self, directory: str, above: str, name: str) -> None:
        """Note by which name the kustomization above leads to a directory: kustomize strings such names together."""
        self._spelt[directory] = os.path.normpath(PurePath(self._spelt[above], name))

    def tell_file(self, draft: Draft, path: str) -> None:
        """Note the file that an object is from."""
        self._tell_origin(draft, f"path: {self._from_root(path)}\n")

    def tell_generator(self, draft: Draft, config: Node, configured_by: str) -> None:
        """Note what generates an object: `config` says so, which has these apiVersion and kind."""
        self._tell_origin(draft, self._configured(config, configured_by))

    def tell_transformation(self, drafts: Drafts, config: Node, configured_by: str) -> None:
        """Note a step on all objects, which `config` says to do."""
        note = self._configured(config, configured_by)
        for draft in drafts if self._why is not None else ():
            annotations = draft.root.peek(("metadata", "annotations")) or {}
            if ORIGIN not in annotations:
                self._tell_origin(draft, note)
            elif OPTIONS[1] in self._asked:
                indented = note.replace("\n", "\n  ").rstrip(" ")
                told = f"{annotations.get(TRANSFORMATIONS, '')}- {indented}"
                draft.annotate(TRANSFORMATIONS, told, self._asked[OPTIONS[1]])

    def finish(self, drafts: Drafts) -> None:
        """Label the objects, and take away what was noted for ourselves."""
        for draft in drafts if self._why is not None else ():
            if OPTIONS[0] not in self._asked and draft.root.reaches(("metadata", "annotations", ORIGIN)):
                del draft.root.fields["metadata"].fields["annotations"].fields[ORIGIN]
            why, metadata = self._asked.get(OPTIONS[2]), draft.root.at("metadata")
            if why is not None and metadata is not None and metadata.is_mapping:
                labels = metadata.fields.get("labels")
                if labels is None or labels.is_null:
                    labels = metadata.fields["labels"] = Part.mapping(why)
                if not labels.is_mapping:
                    raise Refused(f"'metadata.labels' holds {labels.plain()!s:.40}, expected a mapping", labels.node)
                labels.fields[MANAGED_BY] = Part(why, KUSTOMIZE)

    def _tell_origin(self, draft: Draft, origin: str) -> None:
        if self._why is not None:
            draft.annotate(ORIGIN, origin, self._asked.get(OPTIONS[0], self._why))

    def _configured(self, config: Node, configured_by: str) -> str:
        path = os.path.realpath(config.document.source.name)
        lines = "".join(f"  {line}\n" for line in configured_by.splitlines())
        return f"configuredIn: {self._from_root(path)}\nconfiguredBy:\n{lines}"

    def _from_root(self, path: str) -> str:
        """A path as kustomize spells it, by way of the directory that it was led to last."""
        known = next((str(each) for each in PurePath(path).parents if str(each) in self._spelt), self._root)
        return os.path.normpath(PurePath(self._spelt[known], os.path.relpath(path, known)))


def builtin(kind: str) -> str:
    """What a step of kustomize's own is configured by."""
    return f"apiVersion: builtin\nkind: {kind}"


def plugin(config: Node) -> str:
    """What a step is configured by that has a configuration of its own."""
    held = {**config.value, **(config["metadata"].value or {})}
    return "\n".join(f"{key}: {held[key]}" for key in ("apiVersion", "kind", "name", "namespace") if held.get(key))
