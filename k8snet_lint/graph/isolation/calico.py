"""What Calico's policies isolate: the first that is for everything decides, else the tier that they are in.

Policies are asked in the order of their tiers, and in these in their own. Narrower rules before one that is for
everything are exceptions from it.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.calico_selector import holds, required
from k8snet_lint.facts import Cni
from k8snet_lint.graph.controllers import CONTROLLER_SET
from k8snet_lint.resource import Direction
from k8snet_lint.resource.calico import BUILT_IN_TIERS, CalicoPolicy, CalicoTier, account_labels
from k8snet_lint.resource.calico_rule import (
    ACCOUNT,
    NAME,
    NAMESPACE,
    OF_ACCOUNT,
    OF_NAMESPACE,
    ORCHESTRATOR,
    CalicoAction,
)
from k8snet_lint.selector import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Resource, Workload
    from k8snet_lint.resource.calico_rule import CalicoSelector

_CALICO_KEYS = frozenset({NAMESPACE, ORCHESTRATOR, ACCOUNT, NAME})
"""Keys that Calico itself gives to pods."""


FEW = 16
"""Up to so many policies of a namespace are all asked about each of its workloads."""


def enforced(graph: Graph) -> tuple[CalicoPolicy, ...]:
    """The policies of a world that Calico enforces, where Calico is its network or may be; none that is staged."""
    if graph.facts.cni not in (Cni.CALICO, Cni.UPSTREAM):
        return ()
    return tuple(each for each in graph.select(CalicoPolicy) if not each.is_staged and not each.is_for_hosts)


def tiers(graph: Graph) -> Mapping[str, tuple[float, bool]]:
    """Where the tiers of a world stand, and whether they pass on what their policies do not decide."""
    return {**BUILT_IN_TIERS, **{each.name: (each.order, each.passes) for each in graph.select(CalicoTier)}}


class CalicoIsolation:
    """Which pods Calico's policies keep from whatever no rule allows."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._tiers = tiers(graph)
        self._prefixes = CONTROLLER_SET + graph.facts.controller_labels
        self._memo: dict[tuple[CalicoPolicy, object], bool | None] = {}
        self._some: dict[str, frozenset[CalicoPolicy]] = {}
        self._in: dict[str, tuple[CalicoPolicy, ...]] = {}

    def policies(self, namespace: str, direction: Direction) -> Sequence[CalicoPolicy]:
        """Those for pods of the namespace that leave what they do not allow to a tier that denies it."""
        closing = self._closing[direction]
        among = (policy for policy in self._inside(namespace) if policy in closing)
        return [policy for policy in among if self._is_for_some(policy, namespace)]

    def denies_all(self, namespace: str, direction: Direction) -> Resource | None:
        """One that is for every pod of the namespace, whatever its labels."""
        return self._deciding(direction, lambda policy: self._is_for_all(policy, namespace), self._inside(namespace))

    def denies(self, workload: Workload, direction: Direction) -> bool:
        """Whether they isolate the workload's pods."""
        asked = self._asked(workload)
        return self._deciding(direction, lambda policy: self._selects(policy, workload), asked) is not None

    def may_deny(self, namespace: str) -> bool:
        """Whether unknown labels, or an unknown namespace, decide about some pod of the namespace."""
        if any(
            self._is_in(policy, namespace) is None
            or (policy.tier not in self._tiers and self._is_for_some(policy, namespace))
            for policy in self._inside(namespace)
        ):
            return True
        workloads = self._graph.pods(namespace).workloads
        return any(self._selects(policy, each) is None for each in workloads for policy in self._asked(each))

    # ── order ────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _policies(self) -> tuple[CalicoPolicy, ...]:
        return tuple(sorted(enforced(self._graph), key=self._place))

    def _place(self, policy: CalicoPolicy) -> tuple[float, str, float, str]:
        return self._tiers.get(policy.tier, (0.0, False))[0], policy.tier, policy.order, policy.name

    @cached_property
    def _index(self) -> tuple[dict[str, dict[str, list[int]]], list[int]]:
        """The places of policies by a label that their pods must have, and those of the others."""
        by_label: dict[str, dict[str, list[int]]] = {}
        others: list[int] = []
        for place, policy in enumerate(self._policies):
            expression = policy.selector.expression
            condition = None if expression is None else required(expression)
            if condition is None:
                others.append(place)
            else:
                for value in condition.values:
                    by_label.setdefault(condition.key, {}).setdefault(value, []).append(place)
        return by_label, others

    @cached_property
    def _spaces(self) -> tuple[dict[str, dict[str, list[int]]], dict[str, list[int]], list[int]]:
        """The places of policies by a label that their namespaces must have, by their own, and those of the others."""
        by_label: dict[str, dict[str, list[int]]] = {}
        own: dict[str, list[int]] = {}
        others: list[int] = []
        for place, policy in enumerate(self._policies):
            expression = policy.namespace_selector.expression
            condition = None if expression is None else required(expression)
            if not policy.is_global:
                own.setdefault(policy.namespace, []).append(place)
            elif condition is None:
                others.append(place)
            else:
                for value in condition.values:
                    by_label.setdefault(condition.key, {}).setdefault(value, []).append(place)
        return by_label, own, others

    def _inside(self, namespace: str) -> tuple[CalicoPolicy, ...]:
        """The policies that may be for pods of a namespace, in order."""
        found = self._in.get(namespace)
        if found is None:
            by_label, own, others = self._spaces
            labels, knows = self._space(namespace)
            places = {*others, *own.get("", ()), *own.get(namespace, ())}
            for mine in own.values() if not namespace else ():
                places.update(mine)
            for key, by_value in by_label.items():
                wanted = (labels[key],) if knows and key in labels else () if knows else by_value
                places.update(place for value in wanted for place in by_value.get(value, ()))
            found = self._in[namespace] = tuple(self._policies[place] for place in sorted(places))
        return found

    def _asked(self, workload: Workload) -> Sequence[CalicoPolicy]:
        """The policies that may be for the workload's pods, in order: a label that they lack tells of the others."""
        inside = self._inside(workload.namespace)
        if len(inside) <= FEW:
            return inside
        by_label, others = self._index
        labels = {**workload.pod_labels, **account_labels(workload)}
        places = {*others}
        for key, by_value in by_label.items():
            if key in _CALICO_KEYS or key.startswith((OF_NAMESPACE, OF_ACCOUNT)):
                places.update(place for found in by_value.values() for place in found)
            elif key in labels:
                places.update(by_value.get(labels[key], ()))
            elif key.startswith(self._unknown(workload)):
                places.update(place for found in by_value.values() for place in found)
        return [self._policies[place] for place in sorted(places)]

    def _deciding(
        self,
        direction: Direction,
        is_for: Callable[[CalicoPolicy], bool | None],
        asked: Sequence[CalicoPolicy],
    ) -> CalicoPolicy | None:
        """The policy that isolates those that `is_for` tells of."""
        for tier, policies in groupby(asked, key=lambda policy: policy.tier):
            chosen = [policy for policy in policies if direction in policy.types and is_for(policy)]
            for policy in chosen:
                action = _sweeping(policy, direction)
                if action is CalicoAction.PASS:
                    break
                if action is not None:
                    return policy if action is CalicoAction.DENY else None
            else:
                if chosen and not self._tiers.get(tier, (0.0, False))[1]:
                    return chosen[0]
        return None

    @cached_property
    def _closing(self) -> Mapping[Direction, frozenset[CalicoPolicy]]:
        """The policies that do not themselves let everything through, for each direction."""
        return {
            direction: frozenset(policy for policy in self._policies if self._is_closing(policy, direction))
            for direction in Direction
        }

    def _is_closing(self, policy: CalicoPolicy, direction: Direction) -> bool:
        passes = self._tiers.get(policy.tier, (0.0, False))[1]
        action = _sweeping(policy, direction) or (CalicoAction.PASS if passes else CalicoAction.DENY)
        return direction in policy.types and action is CalicoAction.DENY

    # ── whom they are for ────────────────────────────────────────────────────────────────────────────

    def _is_for_some(self, policy: CalicoPolicy, namespace: str) -> bool:
        if not policy.is_global:
            return policy.namespace == namespace
        return policy in self._for_some(namespace)

    def _for_some(self, namespace: str) -> frozenset[CalicoPolicy]:
        """The policies of the cluster that are for some pods of a namespace."""
        found = self._some.get(namespace)
        if found is None:
            workloads = self._graph.pods(namespace).workloads
            asked = ((policy, each) for each in workloads for policy in self._asked(each) if policy.is_global)
            found = self._some[namespace] = frozenset(policy for policy, each in asked if self._selects(policy, each))
        return found

    def _is_for_all(self, policy: CalicoPolicy, namespace: str) -> bool | None:
        """Whether it is for pods of the namespace of which nothing else is known."""
        return self._holds(policy, namespace, {}, lambda _: True)

    def _selects(self, policy: CalicoPolicy, workload: Workload) -> bool | None:
        key = (policy, workload)
        if key not in self._memo:
            lacks = partial(_lacks, self._unknown(workload))
            labels = {**workload.pod_labels, **account_labels(workload)}
            self._memo[key] = self._holds(policy, workload.namespace, labels, lacks)
        return self._memo[key]

    def _unknown(self, workload: Workload) -> tuple[str, ...]:
        """How labels begin that the pods may have besides those that are written."""
        return (*self._prefixes, *workload.supplied_prefixes)

    def _holds(
        self, policy: CalicoPolicy, namespace: str, labels: Mapping[str, str], lacks: Callable[[str], bool]
    ) -> bool | None:
        inside = self._is_in(policy, namespace)
        if inside is False:
            return False
        spaces, knows = self._space(namespace)
        known = {**labels, **{f"{OF_NAMESPACE}{key}": value for key, value in spaces.items()}, ORCHESTRATOR: "k8s"}
        if namespace:
            known[NAMESPACE] = namespace

        def unknown(key: str) -> bool:
            if key.startswith(OF_NAMESPACE) or key == NAMESPACE:
                return not knows
            return key.startswith(OF_ACCOUNT) or key == ACCOUNT or lacks(key)

        accounts = {NAME: known[ACCOUNT]} if ACCOUNT in known else {}
        parts = (
            inside,
            _meets(policy.selector, known, unknown),
            _meets(policy.account_selector, accounts, lambda _: True),
        )
        return False if False in parts else None if None in parts else True

    def _is_in(self, policy: CalicoPolicy, namespace: str) -> bool | None:
        """Whether it is for pods of a namespace."""
        if not policy.is_global:
            same = policy.namespace == namespace
            return same or (None if "" in (policy.namespace, namespace) else False)
        key = (policy, namespace)
        if key not in self._memo:
            spaces, knows = self._space(namespace)
            self._memo[key] = _meets(policy.namespace_selector, spaces, lambda _: not knows)
        return self._memo[key]

    def _space(self, namespace: str) -> tuple[Mapping[str, str], bool]:
        """The labels of a namespace under Calico's names too, and whether they are all known."""
        known = self._graph.namespaces
        labels = known.labels(namespace)
        name = labels.get(NAME_LABEL)
        return {**labels, **({NAME: name} if name else {})}, known.knows(namespace)


def _meets(selector: CalicoSelector, labels: Mapping[str, str], lacks: Callable[[str], bool]) -> bool | None:
    return None if selector.expression is None else holds(selector.expression, labels, lacks)


def _lacks(prefixes: tuple[str, ...], key: str) -> bool:
    return key.startswith(prefixes)


def _sweeping(policy: CalicoPolicy, direction: Direction) -> CalicoAction | None:
    """What a policy does with all that its narrower rules leave."""
    return next((rule.action for rule in policy.rules(direction) if rule.is_sweeping), None)
