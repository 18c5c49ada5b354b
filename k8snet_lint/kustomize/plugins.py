"""Kustomize's own plugins, which files of `generators` and `transformers` configure one by one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.kustomize import generators, hashing, labels, naming, patches, replacements, workloads
from k8snet_lint.kustomize.field_spec import spec_of
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.manifest import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.kustomize.field_spec import FieldSpec

    Act = Callable[[Drafts], None]
    Patch = Callable[[list[patches.Patch], Drafts], None]

BUILTIN = "builtin"
"""The apiVersion of plugins that are part of kustomize."""

GENERATORS = {f"{kind}Generator": kind for kind in generators.GENERATORS.values()}


def generated(config: Node, load: generators.Load) -> Draft:
    """What the plugin of a generator makes."""
    kind, no_options = GENERATORS[config["kind"].text], Node(config.document, None)
    return generators.generate(config, kind, no_options, load, reads_env=False)


class Transformer:
    """A plugin that changes objects: `config` configures it, `read` reads the files that it names."""

    def __init__(self, config: Node, read: patches.Read, patch: Patch) -> None:
        self.config = config
        self.read = read
        self.patch = patch

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        return tuple(spec_of(field) for field in self.config["fieldSpecs"])

    def apply(self, drafts: Drafts) -> None:
        """Do what it is there for."""
        for act in TRANSFORMERS[self.config["kind"].text](self):
            act(drafts)

    def add_affixes(self) -> Iterator[Act]:
        """Prefixes and suffixes, of which each has a plugin and both have one."""
        if not self.config["fieldSpecs"].is_list:
            raise Refused("a plugin that changes names is to say which fields hold them", self.config)
        kind = self.config["kind"].text
        for field, act in (("prefix", naming.add_prefix), ("suffix", naming.add_suffix)):
            if field in kind.lower():
                yield partial(act, affix=self.config[field], specs=self.specs)

    def set_namespace(self) -> Iterator[Act]:
        """The namespace, with a choice of subjects."""
        namespace = self.config["metadata"]["namespace"]
        if namespace.text:
            subjects = naming.Subjects.of(self.config["setRoleBindingSubjects"])
            unset = self.config["unsetOnly"].value is True
            yield partial(
                naming.set_namespace, namespace=namespace, specs=self.specs, subjects=subjects, is_unset_only=unset
            )

    def add_pairs(self) -> Iterator[Act]:
        """Labels or annotations."""
        field = "labels" if self.config["kind"].text == "LabelTransformer" else "annotations"
        yield partial(labels.add_pairs, pairs=self.config[field], specs=self.specs)

    def set_images(self) -> Iterator[Act]:
        yield partial(workloads.set_images, entry=self.config["imageTag"], specs=self.specs)

    def set_replicas(self) -> Iterator[Act]:
        yield partial(workloads.set_replicas, entry=self.config["replica"], specs=self.specs)

    def replace(self) -> Iterator[Act]:
        for entry in self.config["replacements"]:
            yield partial(replacements.apply, entry=entry, read=self.read)

    def patch_any(self) -> Iterator[Act]:
        yield partial(self.patch, patches.patch_of(self.config, self.read))

    def patch_json(self) -> Iterator[Act]:
        yield partial(self.patch, patches.json_patch_of(self.config, self.read, text="jsonOp"))

    def patch_merging(self) -> Iterator[Act]:
        for entry in (*self.config["paths"], self.config["patches"]):
            if entry.text:
                yield partial(self.patch, patches.merge_patches(entry, self.read))

    def hash_names(self) -> Iterator[Act]:
        yield hashing.hash_names


TRANSFORMERS: dict[str, Callable[[Transformer], Iterator[Act]]] = {
    "AnnotationsTransformer": Transformer.add_pairs,
    "HashTransformer": Transformer.hash_names,
    "ImageTagTransformer": Transformer.set_images,
    "LabelTransformer": Transformer.add_pairs,
    "NamespaceTransformer": Transformer.set_namespace,
    "PatchJson6902Transformer": Transformer.patch_json,
    "PatchStrategicMergeTransformer": Transformer.patch_merging,
    "PatchTransformer": Transformer.patch_any,
    "PrefixSuffixTransformer": Transformer.add_affixes,
    "PrefixTransformer": Transformer.add_affixes,
    "ReplacementTransformer": Transformer.replace,
    "ReplicaCountTransformer": Transformer.set_replicas,
    "SuffixTransformer": Transformer.add_affixes,
}
"""By the kind of their configuration, what each does."""
