"""What recognisers share: the files that are left, and what each makes of those it knows.

A recogniser is one module with a function from a Scan to a Claim. Charts come first, since their templates are not to
be read; whatever none claims is read as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from k8snet_lint.errors import Skipped
    from k8snet_lint.loader.charts import Charts
    from k8snet_lint.loader.options import LoadOptions
    from k8snet_lint.loader.reader import Reader
    from k8snet_lint.loader.unit import Unit
    from k8snet_lint.loader.walk import File, Tree


class Claim(NamedTuple):
    """What a recogniser makes of the files it knows.

    Shapes: `files` are the real paths that nobody else is to read as plain manifests; `charts` are what it renders.
    """

    files: frozenset[str] = frozenset()
    units: tuple[Unit, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    charts: Charts | None = None


class Scan(NamedTuple):
    """What is to be recognised.

    Shapes: `files` are those of the tree that no one claimed yet, by name; `units` and `skipped` are what earlier
    recognisers made.
    """

    tree: Tree
    reader: Reader
    options: LoadOptions
    files: tuple[File, ...]
    units: tuple[Unit, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    charts: Charts | None = None

    def after(self, recogniser: Recogniser) -> Scan:
        """The scan of what a recogniser leaves."""
        claim = recogniser(self)
        return self._replace(
            files=tuple(file for file in self.files if file.path not in claim.files),
            units=self.units + claim.units,
            skipped=self.skipped + claim.skipped,
            charts=claim.charts or self.charts,
        )


class Recogniser(Protocol):
    """One module's knowledge of what builds objects from files."""

    def __call__(self, scan: Scan, /) -> Claim: ...
