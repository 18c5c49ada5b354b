"""Whether the selectors of a namespace mean pods of the world, or it holds but a part of what is applied there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.controllers import decidable
from k8snet_lint.resource import NetworkPolicy, Service

if TYPE_CHECKING:
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.selector import Selector

FEW = 3
"""So many selectors of a namespace may all lead nowhere by mistake."""


class Selecting:
    """The selectors of Services and NetworkPolicies, each distinct one of a namespace counted once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._memo: dict[str, bool] = {}

    def leads_mostly_inside(self, namespace: str) -> bool:
        """Whether of the selectors of a namespace a few, or no more than select pods, select none.

        Where most do, its workloads are applied from elsewhere, whatever else the scanned files hold.
        """
        if namespace not in self._memo:
            pods = self._graph.pods(namespace)
            found = [bool(pods.matching(selector)) for selector in self._selectors.get(namespace, ())]
            mostly = found.count(False) <= max(FEW, found.count(True))
            self._memo[namespace] = mostly or self._graph.facts.assumed.complete
        return self._memo[namespace]

    @cached_property
    def _selectors(self) -> dict[str, set[Selector]]:
        written = [(each.namespace, each.pod_selector) for each in self._graph.select(NetworkPolicy)]
        written += [(each.namespace, each.selector) for each in self._graph.select(Service) if each.selects_pods]
        found: dict[str, set[Selector]] = {}
        for namespace, selector in written:
            is_told = not (selector.invalid or selector.is_empty or selector.is_unfinished)
            decided = decidable(selector, self._graph.facts) if is_told else None
            if decided is not None:
                found.setdefault(namespace, set()).add(decided)
        return found
