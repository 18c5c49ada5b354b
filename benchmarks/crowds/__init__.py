"""Crowds: thousands of objects of one sort, as they meet in one place; each crowd is hard on other rules.

Everything here is invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.crowds import engine_policies, ingresses, mesh, policies, routes, services, settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.objects import Member

FAMILIES = (services, settings, ingresses, routes, mesh, policies, engine_policies)
CROWDS: Mapping[str, Member] = {name: member for family in FAMILIES for name, member in family.CROWDS.items()}

OWN_FILE = 20


@dataclass(frozen=True, slots=True)
class Crowd:
    """What to generate: `members` of the crowd of that name, each with the objects that it comes with."""

    name: str
    members: int = 1_000

    def of(self, members: int) -> Crowd:
        """The same crowd with that many members."""
        return replace(self, members=members)

    def write(self, directory: Path) -> int:
        """Write the crowd below a directory, some members a file; gives back how many bytes it weighs."""
        directory.mkdir(parents=True, exist_ok=True)
        weight = 0
        for first in range(0, self.members, OWN_FILE):
            numbers = range(first, min(first + OWN_FILE, self.members))
            documents = (text for number in numbers for text in CROWDS[self.name](number))
            weight += (directory / f"{first:06}.yaml").write_bytes("\n---\n".join(documents).encode())
        return weight
