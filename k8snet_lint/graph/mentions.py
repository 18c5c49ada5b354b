"""Which Services the objects of a world name as hosts: in settings, webhooks, API services, annotations, aliases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.expression import expression
from k8snet_lint.graph.mention import Confidence, Meant, Mention, Place, confidence_of, is_placeholder
from k8snet_lint.resource import ConfigMap, Resource, Service, Workload
from k8snet_lint.resource.hosts import hosts
from k8snet_lint.resource.settings import Setting, taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.hosts import NamedHost
    from k8snet_lint.resource.settings import Taken

CALLED = {
    "MutatingWebhookConfiguration": "webhooks",
    "ValidatingWebhookConfiguration": "webhooks",
}

RECORDS = frozenset({"kubectl.kubernetes.io/last-applied-configuration"})
"""Annotations that repeat what stands elsewhere."""

OPTIONAL = expression(r"optional|fallback|backup|if[-_]present", re.IGNORECASE)

LABEL = expression(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
"""The name of a Service (RFC 1035 label)."""


class Mentions:
    """All mentions of a world, found in one pass over its texts."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._meant: dict[tuple[str, str], Meant] = {}
        self._consumers: dict[tuple[str, str, str | None], tuple[Workload, ...]] = {}
        self._domain = f".{graph.facts.cluster_domain.strip('.').lower()}"

    @cached_property
    def all(self) -> tuple[Mention, ...]:
        """Every mention, in the order of files."""
        return tuple(each for found in self.by_source.values() for each in found)

    @cached_property
    def by_source(self) -> dict[Resource, tuple[Mention, ...]]:
        """The mentions that each object holds."""
        found = ((resource, tuple(self._of(resource))) for resource in self._graph.resources)
        return {resource: mentions for resource, mentions in found if mentions}

    @cached_property
    def named(self) -> frozenset[Service]:
        """The Services that something names."""
        meant = {(each.namespace, each.name): each.services for each in self.all}
        return frozenset(service for services in meant.values() for service in services)

    @property
    def without_port(self) -> Iterator[tuple[Mention, tuple[Mention, ...]]]:
        """Those of a port that the Service surely lacks: the first for each port, and the others."""
        alike: dict[tuple[Service, int | None], list[Mention]] = {}
        for each in self.all:
            if each.confidence is not Confidence.WEAK and self._lacks_port(each):
                alike.setdefault((each.services[-1], each.port), []).append(each)
        return ((first, tuple(others)) for first, *others in alike.values())

    def consumers(self, config_map: ConfigMap, key: str) -> tuple[Workload, ...]:
        """The workloads that find a key of a ConfigMap in a variable or a file."""
        wanted = config_map.namespace, config_map.name
        takers, keys = self._takers.get(wanted, ([], set()))
        asked = (*wanted, key if key in keys else None)
        if asked not in self._consumers:
            having = (workload for workload, each in takers if each.keys is None or key in each.keys)
            self._consumers[asked] = tuple(dict.fromkeys(having))
        return self._consumers[asked]

    @cached_property
    def _takers(self) -> dict[tuple[str, str], tuple[list[tuple[Workload, Taken]], set[str]]]:
        """By the name of a ConfigMap who takes something of it, and which keys anybody takes by name."""
        found: dict[tuple[str, str], tuple[list[tuple[Workload, Taken]], set[str]]] = {}
        for workload in self._graph.select(Workload):
            for each in taken(workload):
                takers, keys = found.setdefault((workload.namespace, each.name), ([], set()))
                takers.append((workload, each))
                keys.update(each.keys or ())
        return found

    def _of(self, resource: Resource) -> Iterator[Mention]:
        """What an object names, by what its kind holds and by its annotations, which have to say a full name."""
        yield from self._of_kind(resource)
        for key, text in resource.annotations.items():
            if ".svc" in text and key not in RECORDS:
                yield from (
                    each
                    for each in self._named_by(resource, resource.annotation(key))
                    if each.confidence is Confidence.DEFINITE
                )
        if isinstance(resource, Service) and resource.is_external_name:
            yield from self._named_by(resource, resource.spec["externalName"])

    def _of_kind(self, resource: Resource) -> Iterator[Mention]:
        if isinstance(resource, Workload):
            for setting in resource.settings:
                yield from self._told(resource, setting, (resource,))
        elif isinstance(resource, ConfigMap):
            for setting in resource.settings:
                mentions = tuple(self._told(resource, setting, ()))
                consumers = self.consumers(resource, setting.word) if mentions else ()
                yield from (each._replace(consumers=consumers) for each in mentions)
        elif resource.kind == "Probe" and resource.group == "monitoring.coreos.com":
            for node in (resource.spec.at("prober", "url"), *resource.spec.at("targets", "staticConfig", "static")):
                yield from self._named_by(resource, node)
        elif resource.kind in CALLED and resource.group == "admissionregistration.k8s.io":
            for webhook in resource.node["webhooks"]:
                yield from self._called(resource, webhook.at("clientConfig", "service"))
        elif resource.kind == "APIService" and resource.group == "apiregistration.k8s.io":
            yield from self._called(resource, resource.spec["service"])

    def _called(self, resource: Resource, service: Node) -> Iterator[Mention]:
        """A Service that the API server is told to call (`ServiceReference`); its port is 443 where none is written."""
        name, namespace = service["name"], service["namespace"].text
        if name.text:
            port = service["port"].integer or 443
            yield Mention(
                source=resource,
                at=name,
                namespace=namespace,
                name=name.text,
                port=port,
                said=f"{name.text}.{namespace}" if namespace else name.text,
                confidence=Confidence.DEFINITE,
                services=self._called_so(namespace, name.text).services,
                is_port_implied=not service["port"].present,
                is_called=True,
            )

    def _named_by(self, resource: Resource, node: Node) -> Iterator[Mention]:
        """The hosts that a single value names, a host or a URL as it is."""
        yield from self._told(resource, Setting(node, (), "url", tuple(hosts(node.text, "url"))), ())

    def _told(self, source: Resource, setting: Setting, consumers: tuple[Workload, ...]) -> Iterator[Mention]:
        """The Services that a text names."""
        optional = OPTIONAL.search(setting.word) is not None
        for host in setting.hosts:
            place = self._place(source.namespace, host)
            if place is None:
                continue
            meant = self._called_so(place.namespace, place.name)
            confidence = None if is_placeholder(host, place, meant) else confidence_of(host, place, meant)
            if confidence is not None:
                yield Mention(
                    source=source,
                    at=setting.node,
                    namespace=place.namespace,
                    name=place.name,
                    port=host.port,
                    said=host.said,
                    confidence=confidence,
                    services=meant.services,
                    consumers=consumers,
                    is_port_implied=host.is_implied,
                    is_optional=optional or host.is_own,
                    is_pod=place.is_pod,
                )

    def _place(self, namespace: str, host: NamedHost) -> Place | None:
        """The Service that a host is, seen from a namespace; None for what is no name of the cluster."""
        name = host.name.removesuffix(self._domain)
        is_full = name.endswith(".svc")
        labels = name.removesuffix(".svc").split(".")
        if len(labels) > (3 if is_full else 2) or not all(map(LABEL.match, labels[-2:])):
            return None
        if is_full:
            return Place(labels[-1], labels[-2], len(labels) > 2, is_full=True) if len(labels) > 1 else None
        if len(labels) == 1:
            return Place(namespace, name)
        if self._called_so(namespace, labels[1]).services:
            return Place(namespace, labels[1], is_pod=True)
        return Place(labels[1], labels[0]) if labels[1] in self._namespaces else None

    def _called_so(self, namespace: str, name: str) -> Meant:
        """The Services of that name, looked at once, however many there are and however often they are named."""
        found = self._meant.get((namespace, name))
        if found is None:
            found = self._meant[namespace, name] = Meant.of(self._graph.named(Service, namespace, name))
        return found

    def _lacks_port(self, mention: Mention) -> bool:
        """Whether every Service that is meant offers ports, and not this one."""
        if mention.port is None or mention.is_pod or (mention.is_port_implied and not mention.is_called):
            return False
        meant = self._called_so(mention.namespace, mention.name)
        return meant.is_sure and mention.port not in meant.ports

    @cached_property
    def _namespaces(self) -> frozenset[str]:
        return frozenset(self._graph.namespaces.names)
