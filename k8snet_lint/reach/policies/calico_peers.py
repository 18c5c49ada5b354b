"""Whom Calico's selectors and rules mean (libcalico-go `updateprocessors`, which is what Calico itself compiles)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from k8snet_lint.calico_selector import And, Condition, Everything, Not, Test, holds, required
from k8snet_lint.placeholder import is_open
from k8snet_lint.reach.spec import AllOf, AnyOf, Block, Doubt, Everyone, Nodes, NotOf, Peer, Pods, Unread
from k8snet_lint.reach.verdict import Reason
from k8snet_lint.resource import Service
from k8snet_lint.resource.calico import NetworkSet, account_labels
from k8snet_lint.resource.calico_rule import ACCOUNT, NAME, NAMESPACE, OF_ACCOUNT, OF_NAMESPACE, ORCHESTRATOR
from k8snet_lint.selector import NAME_LABEL, Operator, Requirement, Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snet_lint.calico_selector import Expression
    from k8snet_lint.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.calico_rule import CalicoEntity, CalicoSelector, WrittenNet

    LookUp = Callable[[Node, Condition], Peer]

_WHOLE = {4: (0, (1 << 32) - 1), 6: (0, (1 << 128) - 1)}


class CalicoPeers:
    """Looks up what only all manifests tell: the values of labels, network sets and Services."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._values: dict[str, set[str]] | None = None
        self._labelled: dict[tuple[str, str], set[int]] | None = None

    # ── whom a policy is for ─────────────────────────────────────────────────────────────────────────

    def pods(self, node: Node, namespace: str | None) -> Pods:
        """The pods of a namespace, or for None all."""
        if namespace is None:
            return Pods(node, "", Selector(), Selector())
        return Pods(node, namespace, None, Selector())

    def meant(self, node: Node, selector: CalicoSelector, namespaces: CalicoSelector, accounts: CalicoSelector) -> Peer:
        """Pods by three selectors, all of which hold."""
        return AllOf(
            node,
            (
                *self._written(namespaces, self._namespace_label),
                *self._written(selector, self._label),
                *self._written(accounts, self._account_label),
            ),
        )

    # ── the ends of rules ────────────────────────────────────────────────────────────────────────────

    def entity(self, entity: CalicoEntity, namespace: str | None) -> Peer:
        """Whoever meets all that is written at an end of a rule; `namespace` is the policy's, None for a global one."""
        found: list[Peer] = []
        if any(each.is_written for each in entity.selectors) or entity.account_names:
            found += self._selected(entity, namespace)
        if entity.node["nets"]:
            found.append(AnyOf(entity.node["nets"], tuple(_blocks(entity.nets))))
        if entity.not_nets:
            found.append(NotOf(entity.node["notNets"], AnyOf(entity.node["notNets"], tuple(_blocks(entity.not_nets)))))
        if entity.service is not None:
            found.append(self._service(entity, namespace))
        if entity.beyond:
            found.append(Doubt(entity.node["domains"], Reason.DOMAIN_NAME))
        if not found:
            return Everyone(entity.node)
        return found[0] if len(found) == 1 else AllOf(entity.node, tuple(found))

    def services(self, entity: CalicoEntity, namespace: str | None) -> tuple[Service, ...]:
        """The Services that an end names."""
        if entity.service is None:
            return ()
        return self._graph.named(Service, entity.service[0] or namespace or "", entity.service[1])

    def _service(self, entity: CalicoEntity, namespace: str | None) -> Peer:
        node = entity.node["services"]
        found = tuple(
            Pods(node, service.namespace, None, service.selector)
            for service in self.services(entity, namespace)
            if service.selects_pods
        )
        return AnyOf(node, found) if found else Doubt(node, Reason.PEER_UNKNOWN, "/".join(entity.service or ()))

    def _selected(self, entity: CalicoEntity, namespace: str | None) -> Iterator[Peer]:
        """The pods, hosts and network sets of an end; what is not selected is only taken out of them."""
        node, spaces = entity.node, entity.namespace_selector
        positive = entity.selector.is_written or spaces.is_written or entity.account_names
        if positive or entity.account_selector.is_written or namespace is not None:
            yield AnyOf(node, tuple(self._endpoints(entity, namespace)))
        if entity.not_selector.is_written:
            yield NotOf(node, AnyOf(node, tuple(self._anyone(entity.not_selector))))

    def _endpoints(self, entity: CalicoEntity, namespace: str | None) -> Iterator[Peer]:
        node, spaces = entity.node, entity.namespace_selector
        only_global = spaces.expression == Everything(is_global=True)
        bound = namespace is not None or (spaces.is_written and not only_global)
        accounts = Condition(ACCOUNT, Test.IN, tuple(sorted(entity.account_names)))
        if not only_global:
            inside = self.pods(node, None if spaces.is_written else namespace)
            named = (self._label(node, accounts),) if entity.account_names else ()
            yield AllOf(node, (inside, *named, self.meant(node, entity.selector, spaces, entity.account_selector)))
        if entity.account_names or entity.account_selector.is_written:
            return
        if not bound or only_global:
            yield AllOf(node, (Nodes(node, Selector()), Doubt(node, Reason.NODE_LABELS, str(entity.selector))))
        for each in self._sets(entity.selector):
            found = self._is_in(each, spaces, namespace)
            if found is not False:
                yield from self._set(each, entity.selector, certain=found is True)

    def _anyone(self, selector: CalicoSelector) -> Iterator[Peer]:
        """Whoever a selector means, wherever: pods, hosts and network sets."""
        node = selector.node
        yield AllOf(node, (self.pods(node, None), *self._written(selector, self._label)))
        yield AllOf(node, (Nodes(node, Selector()), Doubt(node, Reason.NODE_LABELS, str(selector))))
        for each in self._sets(selector):
            yield from self._set(each, selector, certain=True)

    # ── network sets ─────────────────────────────────────────────────────────────────────────────────

    def _is_in(self, each: NetworkSet, spaces: CalicoSelector, namespace: str | None) -> bool | None:
        """Whether a set is where an end looks for it."""
        if not spaces.is_written:
            return namespace is None or (not each.cluster_scoped and each.namespace == namespace)
        if spaces.expression is None:
            return None
        if each.cluster_scoped:
            return spaces.expression == Everything(is_global=True)
        return self._holds_for_namespace(spaces.expression, each.namespace)

    def _holds_for_namespace(self, expression: Expression, name: str) -> bool | None:
        known = self._graph.namespaces
        labels = {**known.labels(name), NAME: name}
        return holds(expression, labels, lambda _: not known.knows(name))

    def _sets(self, selector: CalicoSelector) -> Iterable[NetworkSet]:
        """The sets that may be meant: those with a label that the selector requires."""
        every = self._graph.select(NetworkSet)
        label = None if selector.expression is None else required(selector.expression)
        if label is None:
            return every
        if self._labelled is None:
            self._labelled = defaultdict(set)
            for place, each in enumerate(every):
                for written in self._labels_of(each).items():
                    self._labelled[written].add(place)
        places = {place for value in label.values for place in self._labelled.get((label.key, value), ())}
        return [every[place] for place in sorted(places)]

    def _labels_of(self, each: NetworkSet) -> dict[str, str]:
        labels = dict(each.labels)
        if not each.cluster_scoped:
            spaces = self._graph.namespaces.labels(each.namespace)
            labels |= {NAMESPACE: each.namespace, **{f"{OF_NAMESPACE}{key}": value for key, value in spaces.items()}}
            labels[f"{OF_NAMESPACE}{NAME}"] = each.namespace
        return labels

    def _set(self, each: NetworkSet, selector: CalicoSelector, *, certain: bool) -> Iterator[Peer]:
        labels = self._labels_of(each)
        found = None if selector.expression is None else holds(selector.expression, labels, lambda _: False)
        if found is not False:
            blocks = tuple(_blocks(each.nets))
            sure = certain and found is True
            yield from blocks if sure else (AllOf(b.node, (b, Doubt(b.node, Reason.NAMESPACE_LABELS))) for b in blocks)

    # ── expressions ──────────────────────────────────────────────────────────────────────────────────

    def _written(self, selector: CalicoSelector, look_up: LookUp) -> Iterator[Peer]:
        if selector.expression is None:
            yield Doubt(selector.node, Reason.PEER_UNKNOWN, str(selector.node.value))
        elif not selector.is_everything:
            yield self._formula(selector.node, selector.expression, look_up)

    def _formula(self, node: Node, expression: Expression, look_up: LookUp) -> Peer:
        match expression:
            case Condition():
                return (
                    look_up(node, expression) if expression.settled is None else _all_or_none(node, expression.settled)
                )
            case Everything():
                return _all_or_none(node, not expression.is_global)
            case Not():
                return NotOf(node, self._formula(node, expression.of, look_up))
            case _:
                parts = tuple(self._formula(node, each, look_up) for each in expression.of)
                return AllOf(node, parts) if isinstance(expression, And) else AnyOf(node, parts)

    def _label(self, node: Node, condition: Condition) -> Peer:
        """A condition on the labels of pods, among which Calico puts further ones."""
        key = condition.key
        if key == NAMESPACE:
            return self._in_namespaces(node, condition._replace(key=NAME_LABEL))
        if key == ORCHESTRATOR:
            return _all_or_none(node, condition.admits("k8s"))
        if key.startswith(OF_NAMESPACE):
            return self._namespace_label(node, condition._replace(key=key.removeprefix(OF_NAMESPACE)))
        if key.startswith(OF_ACCOUNT):
            return self._account_label(node, condition._replace(key=key.removeprefix(OF_ACCOUNT)))
        return Pods(node, "", Selector(), self._selector(condition, self._of_pods(key)))

    def _account_label(self, node: Node, condition: Condition) -> Peer:
        """A condition on the labels of service accounts, which no manifest of a pod tells, but for the name."""
        if condition.key == NAME:
            return self._label(node, condition._replace(key=ACCOUNT))
        return Doubt(node, Reason.SERVICE_ACCOUNT, condition.key)

    def _namespace_label(self, node: Node, condition: Condition) -> Peer:
        key = NAME_LABEL if condition.key == NAME else condition.key
        return self._in_namespaces(node, condition._replace(key=key))

    def _in_namespaces(self, node: Node, condition: Condition) -> Peer:
        known = self._graph.namespaces
        values = (known.labels(name).get(condition.key) for name in known.names)
        return Pods(node, "", self._selector(condition, filter(None, values)), Selector())

    def _selector(self, condition: Condition, known: Iterable[str]) -> Selector:
        """A condition in Kubernetes' words; a part of a value stands for the known values that have it."""
        match condition.test:
            case Test.IN:
                return _one(condition.key, Operator.IN, condition.values)
            case Test.NOT_IN:
                return _one(condition.key, Operator.NOT_IN, condition.values)
            case Test.HAS:
                return _one(condition.key, Operator.EXISTS)
            case _:
                return _one(condition.key, Operator.IN, tuple(sorted({v for v in known if condition.admits(v)})))

    def _of_pods(self, key: str) -> set[str]:
        if self._values is None:
            self._values = defaultdict(set)
            for workload in self._graph.all_pods.workloads:
                for label, value in {**workload.pod_labels, **account_labels(workload)}.items():
                    self._values[label].add(value)
        return self._values[key]


def _all_or_none(node: Node, everyone: bool) -> Peer:  # noqa: FBT001 - the one thing it tells apart
    return AllOf(node, ()) if everyone else AnyOf(node, ())


def _one(key: str, operator: Operator, values: tuple[str, ...] = ()) -> Selector:
    return Selector((Requirement(key, operator, values),))


def _blocks(nets: Iterable[WrittenNet]) -> Iterator[Block | Unread]:
    for net in nets:
        if is_open(net.node.text):
            yield Unread(net.node, pods=True)
        elif net.cidr is not None:
            yield Block(net.node, net.cidr.version, (net.cidr.range,))


def of_version(node: Node, version: int) -> Block:
    """All addresses of an IP version."""
    return Block(node, version, (_WHOLE[version],))
