"""Which repository a tree is of, as far as what Flux and Argo CD apply from it tells."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snet_lint.loader.target import Target
    from k8snet_lint.loader.unit import Unit

SOURCE = "GitRepository"


class Lead(NamedTuple):
    """A target, the directory below the arguments that its path may mean, and the file that names it, by real paths."""

    target: Target
    directory: str
    file: str
    unit: Unit


def called(url: str) -> str:
    """What a repository is called by its URL; forks and mirrors, and ways to reach it, keep the name."""
    return re.split(r"[/:]", url.rstrip("/"))[-1].removesuffix(".git").lower()


def of_sources(units: Iterable[Unit]) -> Mapping[str, str]:
    """The names of the repositories that Flux knows as its sources."""
    found = {}
    for written in (one for unit in units for one in unit.objects if one.kind == SOURCE):
        name, url = written.node.at("metadata", "name").text, written.node.at("spec", "url").text
        found[f"{SOURCE} {name}"] = called(url)
    return found


def own(leads: Iterable[Lead]) -> frozenset[str]:
    """The repositories that a directory is applied from which holds what applies more of the same one.

    What is applied from others is not in the tree, be there a directory of that path.
    """
    known = [lead for lead in leads if lead.target.repository and lead.directory]
    holding = {(lead.target.repository, above) for lead in known for above in _above(lead.file)}
    found = ((lead.target.repository, lead.directory) for lead in known)
    return frozenset(each[0] for each in found if each in holding)


def _above(path: str) -> list[str]:
    ends = [end for end, letter in enumerate(path) if letter == os.sep]
    return [path[:end] for end in ends]
