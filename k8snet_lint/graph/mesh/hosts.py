"""The hosts that a mesh knows: Services by their names in the cluster, and what ServiceEntries add."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph import near
from k8snet_lint.graph.edges import Relation, Unresolved
from k8snet_lint.graph.mesh.entries import Entries
from k8snet_lint.graph.mesh.signs import ROOT
from k8snet_lint.graph.selection import is_name_loose
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Service
from k8snet_lint.resource.istio import ServiceEntry
from k8snet_lint.spellings import Spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snet_lint.graph.edges import NearMiss
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource
    from k8snet_lint.resource.istio import Exported

EXPORT_TO = "networking.istio.io/exportTo"
OTHER_REGISTRIES = (".global", ".clusterset.local", ".consul", ".internal")
"""What the hosts of other clusters and other registries end in."""

API_SERVER = "default/kubernetes"
"""The Service that each cluster has for its own API."""


class Host(NamedTuple):
    """A host as istiod completes it: a name without a dot is a Service of the object's own namespace.

    Shapes: `namespace` and `service` are empty for a host outside the cluster.
    """

    name: str
    namespace: str = ""
    service: str = ""

    @property
    def wanted(self) -> str:
        """What it is called in a message."""
        return f"{self.namespace}/{self.service}" if self.namespace else self.service or self.name


class Found(NamedTuple):
    """What a host means: the Services and ServiceEntries that are seen from where it is named.

    Shapes: `offers` are the different lists of ports that the ServiceEntries have; `unseen` are the Services that are
    not seen, and the first such ServiceEntry; `loose` tells that an object may turn out to be in the namespace that is
    meant.
    """

    services: tuple[Service, ...] = ()
    entries: tuple[ServiceEntry, ...] = ()
    offers: tuple[tuple[int, ...], ...] = ()
    unseen: tuple[Resource, ...] = ()
    loose: bool = False


class Offer(NamedTuple):
    """The TCP ports of all that a host means; none where some of it has ports that are not known.

    Shapes: `is_ambiguous` tells that it has several ports, however one reads the files: of one Service written twice,
    one counts.
    """

    ports: Mapping[int, None]
    is_ambiguous: bool

    @staticmethod
    def of(found: Found) -> Offer:
        of_each = [*map(_ports, found.services), *found.offers]
        of_entries = {port for ports in found.offers for port in ports}
        several = any(len({*_ports(service), *of_entries}) > 1 for service in found.services) or len(of_entries) > 1
        return Offer(dict.fromkeys(port for ports in of_each for port in ports) if all(of_each) else {}, several)


class Hosts:
    """Services and ServiceEntries by the hosts that they are known by."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._offered: dict[tuple[object, ...], Offer] = {}
        self._suffix = f".svc.{graph.facts.cluster_domain}"

    def host(self, text: str, namespace: str) -> Host:
        """The host of that name, as it is meant in an object of that namespace."""
        if "." not in text:
            return Host(f"{text}.{namespace}{self._suffix}", namespace, text) if text != "*" else Host(text)
        name = within(text)
        service, _, rest = name.partition(".")
        local = name != text or rest in self._namespaces
        if local and "*" not in text and rest and "." not in rest:
            return Host(f"{service}.{rest}{self._suffix}", rest, service)
        return Host(text)

    def find(self, text: str, source: Exported) -> Found:
        """What the host means that an object names."""
        host = self.host(text, source.namespace)
        entries, viewers = self._entries_of(host.name), self._viewers(source)
        services = self._graph.named(Service, host.namespace, host.service) if host.service else ()
        seen = tuple(each for each in services if self._sees(source, _export_to(each)))
        unseen = (
            *(each for each in services if not self._sees(source, _export_to(each))),
            *entries.first_hidden_from(viewers),
        )
        loose = bool(host.service) and not services and is_name_loose(self._graph, source, Service, host.service)
        return Found(seen, entries.seen_by(viewers), entries.offers_to(viewers), unseen, loose)

    def offer(self, found: Found) -> Offer:
        """The ports of what a host means; worked out once, however many ask for it."""
        key = (found.services, found.offers)
        if key not in self._offered:
            self._offered[key] = Offer.of(found)
        return self._offered[key]

    def missing(self, at: Node, source: Exported) -> Unresolved | None:
        """The reference to a host that is unknown; None where it is known, or nobody can tell."""
        text = at.text
        if not _is_plain(text) or text.endswith(OTHER_REGISTRIES):
            return None
        host, found = self.host(text, source.namespace), self.find(text, source)
        if found.services or found.entries or found.unseen or found.loose:
            return None
        if not host.service:
            return self._missing_entry(at, source)
        return (
            None
            if self._is_supplied(host) or host.wanted == "default/kubernetes"
            else self._missing_service(at, source, host)
        )

    def _missing_service(self, at: Node, source: Exported, host: Host) -> Unresolved:
        misses = near.names(host.service, self._graph.spelt(Service, host.namespace), partial(self._unclaimed, host))
        covered = self.covers(Service, host.namespace, source)
        return Unresolved(source, Relation.REFERS_TO, "Service", host.wanted, at, covered, misses)

    def _missing_entry(self, at: Node, source: Exported) -> Unresolved:
        misses: tuple[NearMiss, ...] = near.names(at.text, self._spellings, lambda name: self._entries[name])
        covered = self.covers(ServiceEntry, source.namespace, source)
        return Unresolved(source, Relation.REFERS_TO, "ServiceEntry", at.text, at, covered, misses)

    def covers(self, kind: type[Resource], namespace: str, source: Resource) -> bool:
        """Whether what is missing would be among what was scanned.

        The control plane's namespace is filled by its installation. Where no namespace is set, only what lies in the
        same directory is sure to go to the same one.
        """
        if namespace or self._graph.facts.assumed.complete:
            return self._graph.covers(kind, namespace) and (namespace != ROOT or self._graph.facts.assumed.complete)
        return (kind, source.directory) in self._unset

    def _is_supplied(self, host: Host) -> bool:
        """Whether something makes such a Service, as every cluster its API server's, or the user says there is one."""
        if host.wanted == API_SERVER:
            return True
        patterns, full = self._graph.facts.assumed.services, f"{host.namespace}/{host.service}"
        assumed = any(fnmatchcase(full if "/" in pattern else host.service, pattern) for pattern in patterns)
        return assumed or self._graph.supplies(Service, host.namespace, host.service)

    def claim(self, hosts: Iterable[Host]) -> None:
        """Take note of the Services that something names, so that they are nobody's misspelling."""
        self._claimed.update((host.namespace, host.service) for host in hosts)

    def _unclaimed(self, host: Host, name: str) -> tuple[Service, ...]:
        """The Services of a name in the namespace of a host, unless something names them."""
        is_claimed = not self._claimed.isdisjoint(((host.namespace, name), ("", name)))
        return () if is_claimed else self._graph.named(Service, host.namespace, name)

    def _sees(self, source: Exported, export_to: frozenset[str]) -> bool:
        viewers = self._viewers(source)
        return viewers is None or "*" in export_to or not export_to.isdisjoint(viewers)

    def _viewers(self, source: Exported) -> frozenset[str] | None:
        """The namespaces that see what an object says; None where its own may be any."""
        if not source.namespace:
            return None
        return frozenset((source.namespace,)) if "*" in source.export_to else source.export_to

    def _entries_of(self, name: str) -> Entries:
        """The ServiceEntries of a host, by its name or by a wildcard above it.

        Kept by the name: where many namespaces have an entry for one host, each of them asks for all.
        """
        if name not in self._by_name:
            labels = name.split(".")
            wild = (".".join(("*", *labels[index:])) for index in range(1, len(labels) + 1))
            above = [entry for key in wild for entry in self._entries.get(key, ())]
            self._by_name[name] = Entries(self._entries.get(name, ()), above)
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Entries]:
        return {}

    @cached_property
    def _namespaces(self) -> frozenset[str]:
        return frozenset(self._graph.namespaces.names)

    @cached_property
    def _unset(self) -> frozenset[tuple[type[Resource], str]]:
        return frozenset((type(each), each.directory) for each in self._graph.resources if not each.namespace)

    @cached_property
    def _claimed(self) -> set[tuple[str, str]]:
        return set()

    @cached_property
    def _entries(self) -> dict[str, list[ServiceEntry]]:
        found: dict[str, list[ServiceEntry]] = {}
        for entry in self._graph.select(ServiceEntry):
            for host in entry.hosts:
                found.setdefault(self.host(host, entry.namespace).name, []).append(entry)
        return found

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self._entries)


def within(text: str) -> str:
    """What a host is called within the cluster: `web.shop` for `web.shop.svc.cluster.local`; any other as it is."""
    name, in_cluster, _ = f"{text}.".partition(".svc.")
    return name if in_cluster else text


def _is_plain(text: str) -> bool:
    """Whether it is a host's name: no wildcard, no address, nothing that something else fills in."""
    letters = text.replace(".", "").replace("-", "")
    return letters.isascii() and letters.isalnum() and not letters.isdecimal() and text != "localhost"


def _ports(service: Service) -> tuple[int, ...]:
    return tuple(port.number for port in service.ports if port.number is not None and port.protocol != "UDP")


def _export_to(service: Service) -> frozenset[str]:
    written = service.annotations.get(EXPORT_TO, "")
    names = {name.strip() for name in written.split(",") if name.strip()}
    return frozenset(service.namespace if name == "." else name for name in names or {"*"})
