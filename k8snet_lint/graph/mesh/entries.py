"""The ServiceEntries of one host, by who sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from k8snet_lint.resource.istio import ServiceEntry


class Entries:
    """ServiceEntries that a host is known by: `exact` by its very name, `wild` by a wildcard above it.

    Where many namespaces have an entry each for one host, every one of them asks which it sees: what that costs is what
    it sees, not what there is.
    """

    def __init__(self, exact: Sequence[ServiceEntry], wild: Sequence[ServiceEntry]) -> None:
        self._all = (*exact, *wild)
        self._public = tuple(each for each in self._all if "*" in each.export_to)
        self._public_offers = dict.fromkeys(each.ports for each in self._public)
        self._limited = tuple(each for each in exact if "*" not in each.export_to)
        self._by_viewer: dict[str, list[ServiceEntry]] = {}
        for each in self._all:
            for viewer in each.export_to if "*" not in each.export_to else ():
                self._by_viewer.setdefault(viewer, []).append(each)

    def seen_by(self, viewers: Collection[str] | None) -> tuple[ServiceEntry, ...]:
        """Those that some of these namespaces see, or all where the namespaces are not known."""
        if viewers is None or not self._by_viewer:
            return self._all
        limited = self._limited_to(viewers)
        return (*self._public, *limited) if limited else self._public

    def offers_to(self, viewers: Collection[str] | None) -> tuple[tuple[int, ...], ...]:
        """The different lists of ports that those have which some of these namespaces see."""
        limited = self._all if viewers is None else self._limited_to(viewers)
        return tuple({**self._public_offers, **dict.fromkeys(each.ports for each in limited)})

    def first_hidden_from(self, viewers: Collection[str] | None) -> tuple[ServiceEntry, ...]:
        """The first of the host's very name that none of these namespaces sees, if there is one."""
        if viewers is None:
            return ()
        seen = self._limited_to(viewers)
        return next(((each,) for each in self._limited if each not in seen), ())

    def _limited_to(self, viewers: Collection[str]) -> dict[ServiceEntry, None]:
        return {each: None for viewer in sorted(viewers) for each in self._by_viewer.get(viewer, ())}
