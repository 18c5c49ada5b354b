"""Kustomizations: files that say what is applied together, and what their build met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource.base import Resource

if TYPE_CHECKING:
    from k8snet_lint.kustomize import Flaw


class Kustomization(Resource):
    """A kustomization file, or a component's, as one root builds it; no API server gets it.

    Shapes: a flaw's `at` is a Node of this file; with `stops`, the root was not built.
    """

    cluster_scoped = True

    @property
    def is_raw(self) -> bool:
        """Nothing builds what says how to build."""
        return False

    @cached_property
    def flaws(self) -> tuple[Flaw, ...]:
        """What is wrong with it."""
        return tuple(
            flaw._replace(at=self.node.at(*flaw.at.path))
            for flaw in self.unit.flaws
            if flaw.at.document is self.node.document
        )

    @cached_property
    def listed(self) -> frozenset[str]:
        """The names of the files of its own directory that it makes resources of."""
        entries = (item.text.removeprefix("./") for field in ("resources", "bases") for item in self.node[field])
        return frozenset(entry for entry in entries if entry and "/" not in entry)

    def names(self, file: str) -> bool:
        """Whether it says anything about a file, be it as a patch or in a comment."""
        return file in self.node.document.source.text

    @property
    def missing(self) -> tuple[Flaw, ...]:
        """Entries that lead to nothing."""
        return self._of("missing")

    @property
    def outside(self) -> tuple[Flaw, ...]:
        """Files that lie elsewhere than in or below the kustomization's directory."""
        return self._of("outside")

    @property
    def circular(self) -> tuple[Flaw, ...]:
        """Entries that lead back to where the build came from."""
        return self._of("cycle")

    @property
    def without_target(self) -> tuple[Flaw, ...]:
        """Patches and the like that meet no object."""
        return self._of("no-target")

    @property
    def repeated(self) -> tuple[Flaw, ...]:
        """Entries that add an object which is there already."""
        return self._of("duplicate")

    @property
    def refused(self) -> tuple[Flaw, ...]:
        """What else kustomize refuses."""
        return self._of("invalid")

    def _of(self, code: str) -> tuple[Flaw, ...]:
        return tuple(flaw for flaw in self.flaws if flaw.code.value == code)

    def __str__(self) -> str:
        return f"the {self.kind.lower()}"
