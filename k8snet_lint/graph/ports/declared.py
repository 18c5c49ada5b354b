"""The ports that many workloads are known to serve, each found without looking at every workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.bitset import set_of
from k8snet_lint.cached import cached_property
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from k8snet_lint.resource import Workload

    Places = dict[tuple[int | str | None, str], list[int]]

PROXY_PORTS: frozenset[int | str] = frozenset(
    (
        *("http-envoy-prom", 15000, 15001, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090),
        *("linkerd-proxy", "linkerd-admin", 4140, 4143, 4190, 4191),
    )
)
"""Ports of the proxies that Istio and Linkerd add to pods; a namespace may ask for them, or the installation."""


class DeclaredPorts:
    """Which of some workloads declare a port, and which are known to lack it: a bit for each, in their order.

    `numbers` gives those that a workload calls or mentions, so that it may serve them; `may_add` tells whether what is
    added to its pods may serve a port, and is None where nothing is.
    """

    def __init__(
        self,
        workloads: Sequence[Workload],
        numbers: Callable[[Workload], Iterable[str]],
        may_add: Callable[[Workload, int | str, str], bool] | None,
    ) -> None:
        self._workloads = workloads
        self._numbers = numbers
        self._may_add = may_add
        self._memo: dict[tuple[int | str, str], tuple[int, int]] = {}

    def told(self, port: int | str, protocol: str) -> tuple[int, int]:
        """The workloads that declare a port of that number or name and protocol, and those that surely lack it."""
        found = self._memo.get((port, protocol))
        if found is None:
            found = self._memo[port, protocol] = self._search(port, protocol)
        return found

    def _search(self, port: int | str, protocol: str) -> tuple[int, int]:
        if protocol not in PROTOCOLS:
            return 0, 0
        declaring = set_of(self._declared.get((port, protocol), ()))
        if port in PROXY_PORTS:
            return declaring, 0
        if isinstance(port, str):
            lacking = 0 if is_open(port) else self._whole & ~declaring
        else:
            lacking = self._telling & ~declaring & ~set_of(self._mentioned.get(str(port), ()))
        may_add = self._may_add
        if lacking and may_add is not None:
            lacking &= ~self._that(lambda each: may_add(each, port, protocol))
        return declaring, lacking

    @cached_property
    def ending(self) -> int:
        """The workloads whose pods run to completion."""
        return self._that(lambda each: each.runs_to_completion)

    @cached_property
    def _whole(self) -> int:
        return self._that(lambda each: each.is_whole)

    @cached_property
    def _telling(self) -> int:
        """The workloads that would declare a number if they served it."""
        return self._that(lambda each: each.tells_numbers)

    def _that(self, holds: Callable[[Workload], bool]) -> int:
        return set_of(place for place, each in enumerate(self._workloads) if holds(each))

    @cached_property
    def _declared(self) -> Places:
        found: Places = {}
        for place, workload in enumerate(self._workloads):
            for port in workload.ports:
                for called in (port.number, port.name):
                    found.setdefault((called, port.protocol), []).append(place)
        return found

    @cached_property
    def _mentioned(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, workload in enumerate(self._workloads):
            for number in self._numbers(workload):
                found.setdefault(number, []).append(place)
        return found
