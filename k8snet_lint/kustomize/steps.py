"""What a kustomization does to all objects, in kustomize's order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.kustomize import labels, naming, notes, patches, patching, replacements, workloads
from k8snet_lint.kustomize.flaw import Flaw, FlawCode, NoTarget, elsewhere
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snet_lint.kustomize.building import Build
    from k8snet_lint.kustomize.draft import Drafts
    from k8snet_lint.kustomize.named import Named
    from k8snet_lint.manifest import Node


class Step(NamedTuple):
    """One step: what says that it is to be done, and what does it.

    Shapes: `configured_by` is noted once it is done, empty where more of the kind follow; `config` is what says that
    where `at` does not.
    """

    at: Node
    act: Callable[[], None]
    configured_by: str = ""
    config: Node | None = None


class Steps:
    """The steps of one kustomization over the objects that are there."""

    def __init__(self, run: Build, node: Node, drafts: Drafts, named: Named) -> None:
        self._run = run
        self._node = node
        self._drafts = drafts
        self._named = named

    def __iter__(self) -> Iterator[Step]:
        yield from self._merges()
        for at in self._node["patches"]:
            yield Step(at, partial(self._patch, at, patches.patch_of), notes.builtin("PatchTransformer"))
        yield from self._names()
        yield from self._labels()
        for at in self._node["patchesJson6902"]:
            yield Step(at, partial(self._patch, at, patches.json_patch_of), notes.builtin("PatchJson6902Transformer"))
        yield from self._workloads()
        yield from self._replacements()

    def _merges(self) -> Iterator[Step]:
        entries = list(self._node["patchesStrategicMerge"])
        for at in entries:
            by = notes.builtin("PatchStrategicMergeTransformer") if at == entries[-1] else ""
            yield Step(at, partial(self._patch, at, patches.merge_patches), by)

    def _names(self) -> Iterator[Step]:
        node, drafts, config = self._node, self._drafts, self._drafts.config
        if node["namespace"].text:
            act = partial(naming.set_namespace, drafts, node["namespace"], config.namespace)
            yield Step(node["namespace"], act, notes.builtin("NamespaceTransformer"))
        if node["namePrefix"].text:
            act = partial(naming.add_prefix, drafts, node["namePrefix"], config.prefix)
            yield Step(node["namePrefix"], act, notes.builtin("PrefixTransformer"))
        if node["nameSuffix"].text:
            act = partial(naming.add_suffix, drafts, node["nameSuffix"], config.suffix)
            yield Step(node["nameSuffix"], act, notes.builtin("SuffixTransformer"))

    def _labels(self) -> Iterator[Step]:
        node, drafts, config = self._node, self._drafts, self._drafts.config
        for at in node["labels"]:
            yield Step(node, partial(labels.add_labels, drafts, at), notes.builtin("LabelTransformer"))
        if node["labels"] or node["commonLabels"]:
            act = partial(labels.add_pairs, drafts, node["commonLabels"], config.common_labels)
            yield Step(node, act, notes.builtin("LabelTransformer"))
        if node["commonAnnotations"]:
            act = partial(labels.add_pairs, drafts, node["commonAnnotations"], config.annotations)
            yield Step(node, act, notes.builtin("AnnotationsTransformer"))

    def _workloads(self) -> Iterator[Step]:
        node, drafts, config = self._node, self._drafts, self._drafts.config
        for at in node["replicas"]:
            yield Step(
                at,
                partial(workloads.set_replicas, drafts, at, config.replicas),
                notes.builtin("ReplicaCountTransformer"),
            )
        for at in (*node["images"], *node["imageTags"]):
            yield Step(
                at, partial(workloads.set_images, drafts, at, config.images), notes.builtin("ImageTagTransformer")
            )

    def _replacements(self) -> Iterator[Step]:
        entries = list(self._node["replacements"])
        for at in entries:
            by = notes.builtin("ReplacementTransformer") if at == entries[-1] else ""
            yield Step(at, partial(replacements.apply, self._drafts, at, self._named.documents), by)

    def _patch(self, entry: Node, load: Callable[[Node, patches.Read], list[patches.Patch]]) -> None:
        """Apply the patches of one entry."""
        apply_patches(self._run, load(entry, self._named.documents), self._drafts, entry)


def apply_patches(run: Build, found: list[patches.Patch], drafts: Drafts, entry: Node) -> None:
    """Apply patches; what a target does not meet is noted, at the entry where another file holds the target."""
    for patch in found:
        try:
            patching.apply(drafts, patch, run.shapes)
        except NoTarget as error:
            stops = not patch.target.is_mapping
            at = patch.at if stops else patch.target
            at = at if at.document is entry.document else entry
            beyond = elsewhere(at, error)
            run.flaws.append(Flaw(FlawCode.NO_TARGET, at, error.message, error.help, beyond, stops=stops))
