"""Which rules hold wherever others do, whatever pods there are: told from what is written, not from what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.namespaces import NAME_LABEL, named_by
from k8snet_lint.reach.connections import NONE, Connections
from k8snet_lint.reach.spec import Block, Domain, Entities, Everyone, Nodes, Pods
from k8snet_lint.selector import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.cidr import Range
    from k8snet_lint.reach.spec import Peer, Ports, Rule
    from k8snet_lint.selector import Requirement, Selector


def implies(one: Selector, other: Selector) -> bool:
    """Whether everything that the first selects is selected by the other."""
    if one.invalid or other.invalid:
        return bool(one.invalid)
    return all(any(_follows(wanted, given) for given in one.requirements) for wanted in other.requirements)


def _follows(wanted: Requirement, given: Requirement) -> bool:
    """Whether the one condition holds wherever the given one does."""
    if wanted.key != given.key:
        return False
    match wanted.operator:
        case Operator.IN:
            return given.operator is Operator.IN and {*given.values} <= {*wanted.values}
        case Operator.EXISTS:
            return given.operator in (Operator.IN, Operator.EXISTS)
        case Operator.DOES_NOT_EXIST:
            return given.operator is Operator.DOES_NOT_EXIST
        case Operator.NOT_IN:
            if given.operator is Operator.IN:
                return {*given.values}.isdisjoint(wanted.values)
            absent = given.operator is Operator.DOES_NOT_EXIST
            return absent or (given.operator is Operator.NOT_IN and {*given.values} >= {*wanted.values})


def means_others(peer: Peer) -> bool:
    """Whether a peer means pods of whichever namespaces have the labels, not of its policy's or of such as it names."""
    return isinstance(peer, Pods) and peer.namespaces is not None and not named_by(peer.namespaces)


def holds(inner: Peer, outer: Peer) -> bool:  # noqa: PLR0911 - a kind of peer a line
    """Whether the outer peer means everyone that the inner one does."""
    match outer:
        case Everyone():
            return True
        case Pods():
            return isinstance(inner, Pods) and _spaces_hold(inner, outer) and implies(inner.pods, outer.pods)
        case Block():
            return isinstance(inner, Block) and inner.version == outer.version and _inside(inner.ranges, outer.ranges)
        case Nodes():
            return isinstance(inner, Nodes) and implies(inner.selector, outer.selector)
        case Domain():
            return isinstance(inner, Domain) and inner.name == outer.name
        case Entities():
            return isinstance(inner, Entities) and {*inner.names} <= {*outer.names}
        case _:
            return False


def _spaces_hold(inner: Pods, outer: Pods) -> bool:
    if outer.namespaces is None:
        own = inner.namespaces is None and inner.namespace == outer.namespace
        return own or (inner.namespaces is not None and bool(outer.namespace) and _is_named(inner.namespaces, outer))
    if inner.namespaces is None:
        labels = {NAME_LABEL: inner.namespace}
        known = bool(inner.namespace) and all(each.key == NAME_LABEL for each in outer.namespaces.requirements)
        return outer.namespaces.is_empty or (known and outer.namespaces.matches(labels))
    return implies(inner.namespaces, outer.namespaces)


def _is_named(selector: Selector, outer: Pods) -> bool:
    """Whether a selector means no namespace but that of the outer peer."""
    return any(
        each.key == NAME_LABEL and each.values == (outer.namespace,)
        for each in selector.requirements
        if each.operator is Operator.IN
    )


def _inside(inner: Iterable[Range], outer: Iterable[Range]) -> bool:
    wide = tuple(outer)
    return all(any(first <= low and high <= last for first, last in wide) for low, high in inner)


def ports_left(ports: Iterable[Ports], covering: Iterable[Ports]) -> bool:
    """Whether some of the ports are in none of the covering ones; names stand for themselves alone."""
    outer = tuple(covering)
    wide, names = NONE, {(each.name, each.protocol) for each in outer if each.connections is None}
    for each in outer:
        wide |= each.connections or NONE
    return any(not _covered(each, wide, names) for each in ports)


def _covered(port: Ports, wide: Connections, names: set[tuple[str, str]]) -> bool:
    if port.connections is not None:
        return port.connections <= wide
    anything = Connections.of(port.protocol) <= wide if port.protocol else wide.is_everything
    return anything or (port.name, port.protocol) in names


def covers(rule: Rule, others: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that together match all that one does, as few as come to hand; none where something is left over.

    A rule without peers or without ports that count is left alone: what it lacks is for another rule to say.
    """
    if not rule.peers or not rule.ports:
        return ()
    used: dict[int, Rule] = {}
    among = tuple(others)
    for peer in rule.peers:
        holding = [each for each in among if any(holds(peer, outer) for outer in each.peers)]
        one = next((each for each in holding if not ports_left(rule.ports, each.ports)), None)
        if one is not None:
            used[id(one)] = one
            continue
        if not holding or ports_left(rule.ports, (port for each in holding for port in each.ports)):
            return ()
        used.update((id(each), each) for each in holding)
    return tuple(used.values())
