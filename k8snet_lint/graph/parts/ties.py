"""What resources of different namespaces may have to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cidr import BITS
from k8snet_lint.expression import expression
from k8snet_lint.graph.addresses import addresses_of
from k8snet_lint.graph.external_dns import HOSTNAME, route_hosts
from k8snet_lint.graph.ingress.classes import ALB_GROUP
from k8snet_lint.graph.mesh.hosts import within
from k8snet_lint.graph.ports.host import host_ports
from k8snet_lint.graph.roles import GATEWAY_LABEL
from k8snet_lint.graph.scrapes import SCRAPE, reads_monitors
from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.resource import (
    ConfigMap,
    Gateway,
    Ingress,
    IngressClass,
    Kustomization,
    Namespace,
    NetworkPolicy,
    Service,
    Workload,
)
from k8snet_lint.resource.istio import DestinationRule, VirtualService
from k8snet_lint.resource.operators import MONITORING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.graph.roles import Roles
    from k8snet_lint.resource import Resource

WORD = expression(r"[a-z0-9-]+")

OF_TYPE = frozenset({"apiVersion", "kind"})
"""Fields whose words are the API's: a namespace that is called `apps` or `gateway` is nothing to them."""

Tie = tuple[str, "Hashable"]
"""Something that resources have in common, and of what sort it is."""


class Ties:
    """By what each of some resources may have to do with another: both have the tie then.

    A namespace is a tie of all that is in it and of all that names it in whatever text. Hosts, addresses and ports of
    nodes are there once in a cluster; who serves the Ingresses, and who scrapes what asks for it, is a question for all
    of these; pods carry the traffic of a Gateway by its name. What stands in one file is told together, unless that
    only lists Namespaces, and so is what one root builds. What is `beside` the resources has no ties itself, though it
    carries for them.
    """

    def __init__(self, resources: Sequence[Resource], roles: Roles, beside: Sequence[Resource] = ()) -> None:
        self._roles = roles
        self._names = frozenset(map(home, resources))
        self._open = tuple(sorted(name for name in self._names if name and not WORD.fullmatch(name)))
        self._named: dict[str, frozenset[str]] = {}
        self._lists = _lists(resources)
        self._served = any(serves(each, roles) for each in resources)
        self._scraped = any(scrapes(each, roles) for each in resources)
        self._carried = {carries(each) for each in (*resources, *beside) if not isinstance(each, Gateway)}

    def first(self, resource: Resource) -> Tie:
        """The first of the ties of a resource: its file, or its own name in a list of Namespaces."""
        return ("namespace", resource.name) if resource.file in self._lists else ("file", resource.file)

    def of(self, resource: Resource) -> Iterator[Tie]:
        """All ties of a resource."""
        yield self.first(resource)
        if isinstance(resource, Kustomization):
            return
        if resource.unit.kind is UnitKind.BUILT:
            yield "unit", resource.unit.name
        for name in {home(resource), *self._namespaces_named(resource)}:
            yield "namespace", name
        yield from _claims(resource)
        if self._served and (isinstance(resource, Ingress) or serves(resource, self._roles)):
            yield "served", "Ingresses"
        if self._scraped and (asks_to_be_scraped(resource) or scrapes(resource, self._roles)):
            yield "scraped", SCRAPE
        carried = carries(resource)
        if carried and carried in self._carried:
            yield "gateway", carried

    def _namespaces_named(self, resource: Resource) -> Iterator[str]:
        """The namespaces whose names are words of a text of the resource."""
        for text in _texts(resource.node.value):
            found = self._named.get(text)
            if found is None:
                words = self._names.intersection(WORD.findall(text.lower()))
                found = self._named[text] = words.union(name for name in self._open if name in text)
            yield from found


def _lists(resources: Iterable[Resource]) -> frozenset[str]:
    """The files that hold nothing but Namespaces of which no other describes one: these have no more in common."""
    described: dict[str, set[str]] = {}
    mixed: set[str] = set()
    for each in resources:
        if isinstance(each, Namespace):
            described.setdefault(each.name, set()).add(each.file)
        else:
            mixed.add(each.file)
    several = (file for files in described.values() if len(files) > 1 for file in files)
    return frozenset(file for files in described.values() for file in files).difference(mixed, several)


def serves(resource: Resource, roles: Roles) -> bool:
    """Whether it has a say in what serves Ingresses, and how."""
    if isinstance(resource, Workload):
        return roles.is_ingress_controller(resource)
    if isinstance(resource, ConfigMap):
        return resource.data["strict-validate-path-type"].present
    return isinstance(resource, IngressClass) or resource.kind == "IngressClassParams"


def scrapes(resource: Resource, roles: Roles) -> bool:
    """Whether it has metrics taken from what asks for it."""
    return isinstance(resource, Workload) and (roles.is_scraper(resource) or reads_monitors(resource))


def home(resource: Resource) -> str:
    """The namespace that it is in or is; empty for what is in none."""
    return resource.name if isinstance(resource, Namespace) else resource.namespace


def asks_to_be_scraped(resource: Resource) -> bool:
    """Whether it is scraped by whoever goes by annotations, or has something scraped by whoever goes by monitors."""
    asks = SCRAPE in resource.annotations or (isinstance(resource, Workload) and SCRAPE in resource.pod_annotations)
    return asks or resource.group == MONITORING


def carries(resource: Resource) -> str:
    """The name of the Gateway whose traffic pods carry, or that would get such pods; empty for all else."""
    return resource.pod_labels.get(GATEWAY_LABEL, "") if isinstance(resource, Workload) else ""


def _texts(written: Mapping[str, object]) -> set[str]:
    """Every key within the fields of an object, and everything else that they hold, as text."""
    found: set[str] = set()
    pending = [each for key, each in written.items() if key not in OF_TYPE]
    while pending:
        each = pending.pop()
        if isinstance(each, str):
            found.add(each)
        elif isinstance(each, dict):
            pending.extend(each)
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
        else:
            found.add(str(each))
    return found


def _claims(resource: Resource) -> Iterator[Tie]:
    """What there is but once in a cluster."""
    yield from map(_host, filter(None, map(str.strip, resource.annotations.get(HOSTNAME, "").split(","))))
    if isinstance(resource, Service):
        yield from (("address", (each.version, each.first)) for each in addresses_of(resource))
        yield from (("node port", (port.node_port, port.protocol)) for port in resource.ports if port.node_port)
    elif isinstance(resource, Workload):
        yield from (("host port", (each.number, each.port.protocol)) for each in host_ports(resource))
    elif isinstance(resource, Ingress):
        yield from map(_host, {*(host.text for host in resource.hosts), *(path.host for path in resource.paths)})
        if resource.annotations.get(ALB_GROUP):
            yield "load balancer", resource.annotations[ALB_GROUP]
    elif isinstance(resource, NetworkPolicy):
        blocks = (block.cidr.cidr for rule in resource.effective_rules for block in rule.blocks)
        single = (cidr for cidr in blocks if cidr is not None and cidr.prefix == BITS[cidr.version])
        yield from (("address", (each.version, each.first)) for each in single)
    elif isinstance(resource, VirtualService | DestinationRule):
        yield from (("host of a mesh", within(each.text)) for each in resource.hosts_named if "." in each.text)
    else:
        yield from (_host(each.text) for each in route_hosts(resource) if each.text)


def _host(text: str) -> Tie:
    return "host", text.rstrip(".").lower()
