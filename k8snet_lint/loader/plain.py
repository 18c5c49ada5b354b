"""Files that nothing builds: read as they stand, and parted where they describe alternatives."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.loader.identity import Identity, clashes, identify
from k8snet_lint.loader.kustomization import FILE_NAMES
from k8snet_lint.loader.names import parent
from k8snet_lint.loader.scan import Claim
from k8snet_lint.loader.unit import OTHER_FILES, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from k8snet_lint.loader.scan import Scan
    from k8snet_lint.loader.unit import Object
    from k8snet_lint.loader.walk import File


def plain(scan: Scan) -> Claim:
    """Claim all that is left: a unit an argument, and one a directory that describes an object as others do not."""
    built = {file.directory for file in scan.tree.files if file.base in FILE_NAMES}
    held = [(file, scan.reader.read(file, fragments=_is_beside(file, scan, built)).held.objects) for file in scan.files]
    alternatives = _alternatives(held, scan)
    groups: dict[str, list[Object]] = {}
    for file, objects in held:
        if objects:
            groups.setdefault(_owner(file, alternatives), []).extend(objects)
    taken = {unit.name for unit in scan.units}
    units = tuple(
        Unit(
            name=name + OTHER_FILES if name in taken else name,
            kind=UnitKind.PLAIN,
            objects=tuple(objects),
            namespace=scan.options.namespace,
        )
        for name, objects in sorted(groups.items())
    )
    return Claim(files=frozenset(file.path for file in scan.files), units=units)


def _is_beside(file: File, scan: Scan, built: set[str]) -> bool:
    """Whether a file lies beside a kustomization, or right below one, where an incomplete object is a patch."""
    directory = file.directory
    if directory in built or os.path.dirname(directory) in built:
        return True
    if not file.is_argument or not os.path.isabs(file.path):
        return False
    from k8snet_lint.loader.listing import kustomization_file  # noqa: PLC0415 - whoever names a directory needs it not

    return kustomization_file(directory, scan.tree) is not None


def _alternatives(held: Sequence[tuple[File, Sequence[Object]]], scan: Scan) -> frozenset[str]:
    """The shown directories that describe some object in one way, where something else describes it in another."""
    loose = Unit("", UnitKind.PLAIN, (), scan.options.namespace)

    def descriptions() -> Iterator[tuple[Identity, str, Any]]:
        for unit in scan.units:
            for written in unit.objects:
                if (identity := identify(written, unit)) is not None:
                    yield identity, "", written.node.value
        for file, objects in held:
            directory = parent(file.name)
            for written in objects:
                if (identity := identify(written, loose)) is not None:
                    yield identity, directory, written.node.value

    found: set[str] = set()
    for clash in clashes(descriptions()):
        directories = {directory for directory, _ in clash}
        if len(directories) > 1:
            found |= directories
    return frozenset(found - {""})


def _owner(file: File, alternatives: frozenset[str]) -> str:
    """The name of the unit that a file belongs to: the nearest directory that is an alternative, or its argument."""
    if file.is_argument or not alternatives:
        return file.argument
    directory = parent(file.name)
    while directory != file.argument and directory not in alternatives:
        above = parent(directory)
        if above == directory:
            break
        directory = above
    return directory if directory in alternatives else file.argument
