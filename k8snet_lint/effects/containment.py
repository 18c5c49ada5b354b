"""Which rules hold wherever others do, whatever pods there are: told from what is written, not from what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.namespaces import named_by
from k8snet_lint.reach.spec import Block, Domain, Entities, Everyone, Nodes, Pods
from k8snet_lint.selector import NAME_LABEL, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.cidr import Range
    from k8snet_lint.reach.spec import Peer
    from k8snet_lint.selector import Requirement, Selector

    Label = tuple[str, str]

LACKING = "!"
"""Before a value, which none begins with: that the label is another or none; alone: whichever the value is."""


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


def asked(selector: Selector | None) -> Iterator[Sequence[Label]]:
    """For each requirement labels of which some are `given` by every selector that this one holds for."""
    for each in selector.requirements if selector is not None else ():
        match each.operator:
            case Operator.IN:
                yield [(each.key, value) for value in each.values]
            case Operator.NOT_IN:
                yield [(each.key, LACKING), *((each.key, LACKING + value) for value in each.values[:1])]
            case _:
                yield [(each.key, "")]


def given(selector: Selector | None) -> Iterator[Label]:
    """Labels by which to look for what holds wherever a selector does; an empty value stands for any, and for none."""
    for each in selector.requirements if selector is not None else ():
        if each.operator is Operator.NOT_IN:
            yield from ((each.key, LACKING + value) for value in each.values)
            continue
        yield each.key, ""
        if each.operator is not Operator.EXISTS:
            yield each.key, LACKING
        if each.operator is Operator.IN:
            yield from ((each.key, value) for value in each.values[:1])


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
