"""Where the routes of a mesh lead: hosts, subsets and ports that are there, and those that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph import near
from k8snet_lint.graph.controllers import decidable
from k8snet_lint.graph.edges import NearMiss, Relation, Unresolved
from k8snet_lint.nearest import few
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Workload
from k8snet_lint.resource.istio import MESH, DestinationRule, VirtualService
from k8snet_lint.selector import Operator, Requirement, Selector
from k8snet_lint.spellings import NO_SPELLINGS, Spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.graph.mesh.hosts import Found, Hosts, Offer
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.resource.istio import Destination, Subset

LOCALITY = ("topology.kubernetes.io/", "topology.istio.io/", "failure-domain.beta.kubernetes.io/", "kubernetes.io/")
"""Labels of endpoints that come from their nodes."""


class Hidden(NamedTuple):
    """A host that is there, but not exported to where it is named."""

    source: Resource
    at: Node
    target: Resource


class PortMismatch(NamedTuple):
    """A destination whose port its host does not have, or that names none where its host has several.

    Shapes: `offered` are the ports of the host, for a message.
    """

    source: VirtualService
    destination: Destination
    offered: tuple[str, ...]


class Defined(NamedTuple):
    """The subsets that DestinationRules define for a host, by their names."""

    subsets: Mapping[str, Sequence[Subset]]
    spellings: Spellings


UNDEFINED = Defined({}, NO_SPELLINGS)


class Destinations:
    """The destinations of VirtualServices and the hosts of DestinationRules, held against what there is."""

    def __init__(self, graph: Graph, hosts: Hosts) -> None:
        self._graph = graph
        self._hosts = hosts
        self.virtual_services = graph.select(VirtualService)
        self.rules = graph.select(DestinationRule)

    @cached_property
    def _routes(self) -> tuple[tuple[VirtualService, Destination], ...]:
        """Every destination of a VirtualService, each host, subset and port once."""
        found: dict[tuple[object, ...], tuple[VirtualService, Destination]] = {}
        for service in self.virtual_services:
            for each in service.destinations:
                key = (service, each.host.text, each.subset.text, each.port.integer)
                found.setdefault(key, (service, each))
        return tuple(found.values())

    @cached_property
    def _named(self) -> tuple[tuple[VirtualService | DestinationRule, Node], ...]:
        """Every host that an object names, once an object."""
        named: dict[tuple[Resource, str], tuple[VirtualService | DestinationRule, Node]] = {}
        for service, each in self._routes:
            named.setdefault((service, each.host.text), (service, each.host))
        for rule in self.rules:
            named.setdefault((rule, rule.host.text), (rule, rule.host))
        self._hosts.claim(self._hosts.host(at.text, source.namespace) for source, at in named.values())
        return tuple(named.values())

    @cached_property
    def unknown_hosts(self) -> tuple[Unresolved, ...]:
        """The hosts that nothing is known by; one that may well be elsewhere is given once, however many name it."""
        found: dict[object, Unresolved] = {}
        for source, at in self._named:
            each = self._hosts.missing(at, source)
            if each is not None:
                sure = each.covered or each.near
                found.setdefault((source, each.wanted) if sure else each.wanted, each)
        return tuple(found.values())

    @cached_property
    def hidden_hosts(self) -> tuple[Hidden, ...]:
        """The hosts that are not exported to where they are named."""
        return tuple(
            Hidden(source, at, found.unseen[0])
            for source, at in self._named
            if at.text
            for found in (self._hosts.find(at.text, source),)
            if found.unseen and not found.services and not found.entries
        )

    @cached_property
    def unknown_subsets(self) -> tuple[Unresolved, ...]:
        """The subsets that no DestinationRule of the host defines; one that may well be elsewhere is given once."""
        found: dict[object, Unresolved] = {}
        for service, each in self._routes:
            if each.subset.text and each.host.text and not self._is_defined(service, each):
                missing = self._unknown_subset(service, each)
                if self._subsets(service, each).subsets or self._is_known(service, each):
                    host = self._hosts.host(each.host.text, service.namespace)
                    found.setdefault((service if missing.covered else None, host, each.subset.text), missing)
        return tuple(found.values())

    def _is_known(self, service: VirtualService, each: Destination) -> bool:
        found = self._hosts.find(each.host.text, service)
        return bool(found.services or found.entries)

    def _subsets(self, service: VirtualService, each: Destination) -> Defined:
        return self._defined.get(self._hosts.host(each.host.text, service.namespace).name, UNDEFINED)

    def _is_defined(self, service: VirtualService, each: Destination) -> bool:
        text = each.subset.text
        if not text.isascii() or "$" in text or "{" in text:
            return True
        return text in self._subsets(service, each).subsets

    def _unknown_subset(self, service: VirtualService, each: Destination) -> Unresolved:
        known, spellings = self._subsets(service, each)
        misses = tuple(
            NearMiss(subset.node["name"], f"subset '{subset.name}' is named like it")
            for name in spellings.near(each.subset.text)
            for subset in known[name]
        )
        covered = bool(known) or self._hosts.covers(DestinationRule, service.namespace, service)
        wanted = f"'{each.subset.text}' of host '{each.host.text}'"
        return Unresolved(service, Relation.REFERS_TO, "Subset", wanted, each.subset, covered, misses[: near.MOST])

    @cached_property
    def empty_subsets(self) -> tuple[Unresolved, ...]:
        """The subsets whose labels no pods of the host's Services carry."""
        return tuple(
            missing
            for rule in self.rules
            for found in (self._hosts.find(rule.host.text, rule),)
            if found.services and not found.entries
            for subset in rule.subsets
            if (missing := self._empty(rule, subset, found)) is not None
        )

    def _empty(self, rule: DestinationRule, subset: Subset, found: Found) -> Unresolved | None:
        labels = {key: value for key, value in subset.labels.items() if not key.startswith(LOCALITY)}
        own = tuple(Requirement(key, Operator.IN, (value,)) for key, value in labels.items())
        for service in found.services:
            selector = decidable(Selector(tuple(sorted({*service.selector.requirements, *own}))), self._graph.facts)
            if not own or selector is None or not service.selects_pods:
                return None
            pods = self._graph.pods(service.namespace)
            if pods.matching(selector) or pods.may_mean(selector):
                return None
        service = found.services[0]
        selector = Selector(tuple(sorted({*service.selector.requirements, *own})))
        return Unresolved(
            source=rule,
            relation=Relation.SELECTS,
            kind="Pod",
            wanted=str(Selector(tuple(sorted(own)))),
            at=subset.node["labels"],
            covered=self._hosts.covers(Workload, service.namespace, rule) and bool(self._graph.endpoints(service)),
            near=near.labels(selector, self._graph.pods(service.namespace)),
        )

    @cached_property
    def unknown_ports(self) -> tuple[PortMismatch, ...]:
        """The destinations whose port their host does not have."""
        return tuple(
            PortMismatch(service, each, few(offer.ports))
            for service, each, offer in self._offers()
            if each.port.integer is not None and each.port.integer not in offer.ports
        )

    @cached_property
    def ambiguous_ports(self) -> tuple[PortMismatch, ...]:
        """The destinations that name no port, where their host has several.

        A sidecar then takes the port that was asked for, which is right where the route leads to its own host.
        """
        return tuple(
            PortMismatch(service, each, few(offer.ports))
            for service, each, offer in self._offers()
            if offer.is_ambiguous and not each.port.present and not self._is_own_host(service, each)
        )

    def _is_own_host(self, service: VirtualService, each: Destination) -> bool:
        own = {self._hosts.host(host.text, service.namespace) for host in service.hosts}
        sidecars_alone = all(gateway.text == MESH for gateway in service.gateways)
        return sidecars_alone and self._hosts.host(each.host.text, service.namespace) in own

    def _offers(self) -> Iterator[tuple[VirtualService, Destination, Offer]]:
        """The destinations whose host is known with its ports."""
        for service, each in self._routes:
            found = self._hosts.find(each.host.text, service) if each.host.text else None
            offer = self._hosts.offer(found) if found is not None else None
            if offer is not None and offer.ports:
                yield service, each, offer

    @cached_property
    def _defined(self) -> Mapping[str, Defined]:
        by_host: dict[str, dict[str, list[Subset]]] = {}
        for rule in self.rules:
            subsets = by_host.setdefault(self._hosts.host(rule.host.text, rule.namespace).name, {})
            for subset in rule.subsets:
                subsets.setdefault(subset.name, []).append(subset)
        return {host: Defined(subsets, Spellings(subsets)) for host, subsets in by_host.items()}
