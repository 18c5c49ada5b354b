"""Crowds: thousands of objects of one sort, as they meet in one place; each crowd is hard on other rules.

Everything here is invented.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.crowds import (
    engine_policies,
    ingresses,
    lists,
    mesh,
    names,
    policies,
    policy_lists,
    routes,
    selectors,
    services,
    settings,
)
from benchmarks.objects import HTTP, deployment, manifest, policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from benchmarks.objects import Member, Whole

FAMILIES = (services, settings, names, ingresses, routes, mesh, selectors, policies, engine_policies)
MEMBERS: Mapping[str, Member] = {name: member for family in FAMILIES for name, member in family.CROWDS.items()}
LISTS: Mapping[str, Whole] = {**lists.LISTS, **policy_lists.LISTS, **ingresses.LISTS}
CROWDS = (*MEMBERS, *LISTS)
"""The names of all crowds."""

OWN_FILE = 50


@dataclass(frozen=True, slots=True)
class Crowd:
    """What to generate: `members` of the crowd of that name, each with the objects that it comes with.

    With `changed`, a namespace, a pod and a policy for it come besides.
    """

    name: str
    members: int = 1_000
    changed: bool = False

    def of(self, members: int) -> Crowd:
        """The same crowd with that many members."""
        return replace(self, members=members)

    def write(self, directory: Path) -> int:
        """Write the crowd below a directory, some objects a file; gives back how many bytes it weighs."""
        directory.mkdir(parents=True, exist_ok=True)
        weight, documents = 0, self._documents()
        for number in itertools.count():
            part = "\n---\n".join(itertools.islice(documents, OWN_FILE))
            if not part:
                break
            weight += (directory / f"{number:06}.yaml").write_bytes(part.encode())
        return weight

    def _documents(self) -> Iterator[str]:
        yield from self._members()
        if self.changed:
            yield manifest("v1", "Namespace", "shop", "", "", ", labels: {team: shop}")
            yield deployment("newcomer", "a0", HTTP)
            peers = "[{podSelector: {matchLabels: {app: a0}}}]"
            yield policy("newcomer", f"{{podSelector: {{}}, ingress: [{{from: {peers}, ports: [{{port: 9999}}]}}]}}")

    def _members(self) -> Iterator[str]:
        if self.name in LISTS:
            return LISTS[self.name](self.members)
        return itertools.chain.from_iterable(map(MEMBERS[self.name], range(self.members)))
