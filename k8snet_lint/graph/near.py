"""Near misses: what in the world almost is what a reference wants.

A near miss turns "not in these files" into "misspelt": a name or a label value at a small edit distance, the same
labels in exactly one other namespace, or a label value that is the name of a Namespace lacking that label.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from k8snet_lint.graph.edges import NearMiss
from k8snet_lint.selector import NAME_LABEL, Operator, Requirement, Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from k8snet_lint.graph.namespaces import Namespaces
    from k8snet_lint.graph.pods import PodIndex
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource, Workload
    from k8snet_lint.spellings import Spellings

MOST = 3
"""How many near misses a finding names at the most."""

SHORT = 2
"""Parts of a name up to this length are versions, colours and regions: another one is another thing."""

DASHES = str.maketrans("._/", "---")


def slips(wanted: str, known: Spellings) -> Sequence[str]:
    """The known names that may be a misspelling of the wanted one, or the other way round."""
    return known.near_in_letters(wanted, lambda name: not _are_neighbours(wanted, name))


def _are_neighbours(wanted: str, name: str) -> bool:
    """Whether two names are near on purpose: `web-1` is not meant for `web-2`, nor what is for ingress for egress."""
    if _with_ingress(wanted) == _with_ingress(name):
        return True
    ours, theirs = wanted.translate(DASHES).split("-"), name.translate(DASHES).split("-")
    if len(ours) != len(theirs):
        return False
    return all(one == other or max(len(one), len(other)) <= SHORT for one, other in zip(ours, theirs, strict=True))


def _with_ingress(name: str) -> str:
    return name.replace("egress", "ingress")


def names(wanted: str, known: Spellings, named: Callable[[str], Sequence[Resource]]) -> tuple[NearMiss, ...]:
    """Resources whose name is misspelt from the wanted one, or the other way round; `named` gives those of a name."""
    found = (candidate for name in slips(wanted, known) for candidate in named(name))
    return tuple(NearMiss(candidate.name_node, f"{candidate} is named like it") for candidate in islice(found, MOST))


def called_like(wanted: str, known: Spellings) -> tuple[str, ...]:
    """Names that are misspelt from the wanted one, or the other way round, whatever else means them."""
    return tuple(islice(slips(wanted, known), MOST))


def labels(
    selector: Selector, here: PodIndex, may_be: Callable[[Workload], bool] = lambda _: True
) -> tuple[NearMiss, ...]:
    """Workloads that all requirements but one select, whose label differs from that one by a misspelling.

    Before them, those whose own selector is for such pods, though theirs are none.
    `may_be` tells whether a workload may be the one that was meant.
    """
    torn = {workload: miss for workload, miss in _torn(selector, here) if may_be(workload)}
    found = (
        _differs(workload, requirement)
        for requirement in _equalities(selector)
        for workload in _but_for(selector, requirement, here)
        if workload not in torn and may_be(workload)
    )
    return tuple(islice(chain(torn.values(), found), MOST))


def _torn(selector: Selector, here: PodIndex) -> Iterator[tuple[Workload, NearMiss]]:
    """Workloads that select what is wanted themselves, and the label that their pods have in its place."""
    wanted = next(_equalities(selector), None)
    for workload in () if wanted is None else here.torn_from(wanted.key, wanted.values):
        own = {each.key: each.values[0] for each in _equalities(workload.selector) if len(each.values) == 1}
        odd = next((each for each in _equalities(selector) if not each.admits(workload.pod_labels)), None)
        if odd is not None and selector.matches(own):
            labels = workload.template.at("metadata", "labels")
            text = f"{workload} is for them by its selector, but its pods lack {odd}"
            yield workload, NearMiss(labels[odd.key] if labels[odd.key].present else labels, text, odd.key)


def _equalities(selector: Selector) -> Iterator[Requirement]:
    return (requirement for requirement in selector.requirements if requirement.operator is Operator.IN)


def _but_for(selector: Selector, odd: Requirement, here: PodIndex) -> Iterator[Workload]:
    rest = selector.where(lambda requirement: requirement is not odd)
    for value in dict.fromkeys(slip for wanted in odd.values for slip in slips(wanted, here.spellings(odd.key))):
        yield from (workload for workload in here.labelled(odd.key, value) if rest.matches(workload.pod_labels))


def _differs(workload: Workload, requirement: Requirement) -> NearMiss:
    value = workload.pod_labels[requirement.key]
    node = workload.template.at("metadata", "labels", requirement.key)
    return NearMiss(node, f"{workload} has {requirement.key}={value}", requirement.key)


def place(written: Node, selector: Selector, misses: Sequence[NearMiss]) -> Node:
    """The label of a written selector, or the expression, that is to be mended; else the whole of it."""
    labels = {miss.label for miss in misses} or {requirement.key for requirement in selector.requirements}
    key = labels.pop()
    if labels:
        return written
    asking = (each for each in written["matchExpressions"] if each["key"].text == key)
    values = (each["values"] if each["values"].present else each for each in asking)
    return next((each for each in (written["matchLabels"][key], written[key], *values) if each.present), written)


def elsewhere(namespace: str, selector: Selector, found: Sequence[Workload]) -> tuple[NearMiss, ...]:
    """The pods that have the wanted labels, where they are all in exactly one other namespace.

    Labels of a single letter say nothing: they are what people write for an example.
    """
    others = {workload.namespace for workload in found}
    telling = any(len(value) > 1 for _, value in _wanted(selector))
    if not telling or len(others) != 1 or others <= {"", namespace}:
        return ()
    return tuple(
        NearMiss(workload.template.at("metadata", "labels"), f"{workload} has these labels, in another namespace")
        for workload in found[:MOST]
    )


def homeless(source: Resource, found: Sequence[Workload]) -> tuple[NearMiss, ...]:
    """The pods that have the wanted labels, where they or what wants them name no namespace."""
    return tuple(
        NearMiss(
            each.name_node, f"{each} has these labels, but {source if each.namespace else 'it'} names no namespace"
        )
        for each in found[:MOST]
        if bool(each.namespace) != bool(source.namespace) and not source.cluster_scoped
    )


def namespaces(selector: Selector, known: Namespaces) -> tuple[NearMiss, ...]:
    """Namespaces that a label value names though they lack that label; else those whose label is misspelt."""
    found = _names_without_label(selector, known), _misspelt(selector, known)
    return next((each for each in (tuple(islice(misses, MOST)) for misses in found) if each), ())


def _names_without_label(selector: Selector, known: Namespaces) -> Iterator[NearMiss]:
    for key, value in _wanted(selector):
        namespace = known.written.get(value)
        if namespace is not None and namespace.labels.get(key) != value:
            yield NearMiss(namespace.name_node, f"{namespace} has this name, but no label {key}={value}", key)


def _misspelt(selector: Selector, known: Namespaces) -> Iterator[NearMiss]:
    for key, value in _wanted(selector):
        for other in slips(value, known.spellings(key)):
            yield from filter(None, (_has_label(name, key, known) for name in known.labelled(key, other)))


def _wanted(selector: Selector) -> Iterator[tuple[str, str]]:
    return ((requirement.key, value) for requirement in _equalities(selector) for value in requirement.values)


def _has_label(name: str, key: str, known: Namespaces) -> NearMiss | None:
    """A namespace and its label, shown where it is written: in the Namespace, or by what lives there."""
    namespace, resource = known.written.get(name), known.first_in(name)
    if namespace is not None:
        node = namespace.name_node if key == NAME_LABEL else namespace.metadata["labels"][key]
        return NearMiss(node, f"{namespace} has {key}={namespace.labels[key]}", key)
    if resource is not None:
        return NearMiss(resource.metadata["namespace"], f"{resource} is in namespace '{name}'", key)
    return None
