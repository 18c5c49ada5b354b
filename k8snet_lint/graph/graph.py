"""A world as rules and commands ask it: what is worked out of its resources, when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.clashes import Clashing
from k8snet_lint.graph.fields import Fields, defined
from k8snet_lint.graph.ingress.classes import IngressClasses
from k8snet_lint.graph.isolation.isolation import Isolation
from k8snet_lint.graph.mesh.signs import has_mesh
from k8snet_lint.graph.mixed_services import Mixture, mixture, repeated
from k8snet_lint.graph.peers import Peers
from k8snet_lint.graph.ports.host import Conflict, conflicts
from k8snet_lint.graph.ports.pod import PodPorts
from k8snet_lint.graph.references import REFERENCES
from k8snet_lint.graph.resources import NONE, Examples
from k8snet_lint.graph.roles import Roles
from k8snet_lint.graph.selected import Selected
from k8snet_lint.loader.unit import ENVIRONMENTS, UnitKind
from k8snet_lint.resource import (
    HTTPRoute,
    Ingress,
    NetworkPolicy,
    Resource,
    Service,
    Workload,
    read,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.addresses import Addresses
    from k8snet_lint.graph.external_dns import Claim
    from k8snet_lint.graph.gateway.attachment import Attachments
    from k8snet_lint.graph.gateway.backend_tls import BackendTLS
    from k8snet_lint.graph.gateway.every_host import EveryHost
    from k8snet_lint.graph.gateway.gateways import Gateways
    from k8snet_lint.graph.gateway.grants import Grants
    from k8snet_lint.graph.gateway.route_matches import RouteMatches
    from k8snet_lint.graph.governing import Governed
    from k8snet_lint.graph.ingress.carriers import IngressCarriers
    from k8snet_lint.graph.ingress.routes import IngressRoutes
    from k8snet_lint.graph.ingress.tls import IngressTLSCover
    from k8snet_lint.graph.mentions import Mentions
    from k8snet_lint.graph.mesh.mesh import Mesh
    from k8snet_lint.graph.missing_services import MissingServices
    from k8snet_lint.graph.open_rules import OpenRule
    from k8snet_lint.graph.ports.node import SharedNodePort
    from k8snet_lint.graph.publicity import Publicity
    from k8snet_lint.graph.published_paths import PublishedPath
    from k8snet_lint.graph.relations import Referring
    from k8snet_lint.graph.scrapes import Scrapes
    from k8snet_lint.graph.siblings import Orphan, Stray
    from k8snet_lint.loader import World
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Direction, IPBlock
    from k8snet_lint.selector import Selector
    from k8snet_lint.validation.definitions import Definitions


class Graph(Selected):
    """Resources that one cluster gets together, who refers to whom, and what follows from it."""

    def __init__(
        self,
        resources: Iterable[Resource],
        facts: Facts,
        definitions: Definitions | None = None,
        examples: Examples = NONE,
        clashing: Clashing | None = None,
    ) -> None:
        super().__init__(resources, facts, examples)
        self.definitions = definitions
        if clashing is not None:
            self.clashing = clashing

    @staticmethod
    def of(world: World, facts: Facts) -> Graph:
        """The graph of one world."""
        return Graph.of_worlds((world,), facts)[0]

    @staticmethod
    def of_worlds(worlds: Sequence[World], facts: Facts, definitions: Sequence[Node] = ()) -> tuple[Graph, ...]:
        """A graph for each world; a unit's objects are read once, however many worlds share it.

        `definitions` are the roots of CustomResourceDefinitions that objects are held against.
        """
        known, clashing = defined(definitions), Clashing()
        units = {id(unit): unit for world in worlds for unit in world.units}
        views = {key: tuple(view for item in unit.objects for view in read(item, unit)) for key, unit in units.items()}
        many = len(worlds) > ENVIRONMENTS
        written = views.values() if len(worlds) > 1 else ()
        held = frozenset((type(each), each.namespace, each.name) for found in written for each in found)
        return tuple(
            Graph(
                (view for unit in world.units for view in views[id(unit)]),
                facts,
                known,
                Examples(
                    held, frozenset(unit.name for unit in world.own if many and unit.kind is UnitKind.PLAIN), many
                ),
                clashing,
            )
            for world in worlds
        )

    def forget(self) -> None:
        """Let go of all that was worked out so far; what is asked again is worked out again."""
        given = self.resources, self.facts, self.definitions, self.examples, self.clashing
        vars(self).clear()
        Graph.__init__(self, *given)

    @property
    def whole(self) -> Graph:
        """Itself; asked for what hangs on more than those resources that have to do with each other (`Part`)."""
        return self

    def holding(self, pods: Selector | None, namespaces: Selector) -> Graph:  # noqa: ARG002 - for a part of a world
        """Itself; asked which pods of the namespaces of a selector there are (`Part`)."""
        return self

    def lacking(self, namespaces: Selector) -> Graph:  # noqa: ARG002 - as above
        """Itself; asked for what almost is a namespace that a selector means, where none is (`Part`)."""
        return self

    def has_namespace(self, selector: Selector) -> bool:
        """Whether a selector surely holds for some namespace."""
        return bool(self.namespaces.matching(selector)[0])

    @property
    def settled(self) -> Graph:
        """Itself; asked for what hangs on all that may have a say in who connects to whom (`Part`)."""
        return self

    @property
    def monitored(self) -> Graph:
        """Itself; asked for what monitors may have scraped in it, whatever namespace these are in (`Part`)."""
        return self

    @cached_property
    def fields(self) -> Fields:
        """What is wrong with the fields of objects, one by one."""
        return Fields(self.resources, self.definitions)

    @cached_property
    def isolation(self) -> Isolation:
        """Which workloads policies isolate, by direction."""
        return Isolation(self)

    def is_singled_out(self, workload: Workload) -> bool:
        """Whether a policy is for the workload and not for all of its namespace."""
        return self.isolation.is_singled_out(workload)

    @cached_property
    def peers(self) -> Peers:
        """Which pods the selectors of policies' peers mean."""
        return Peers(self)

    @cached_property
    def addresses(self) -> Addresses:
        """Addresses that belong to the cluster itself."""
        from k8snet_lint.graph.addresses import Addresses  # noqa: PLC0415 - only where policies name some

        return Addresses(self)

    @cached_property
    def ingress_classes(self) -> IngressClasses:
        """Which class and which controller every Ingress has."""
        return IngressClasses(self)

    @cached_property
    def ingress_carriers(self) -> IngressCarriers:
        """Which workloads carry the traffic of every Ingress."""
        from k8snet_lint.graph.ingress.carriers import IngressCarriers  # noqa: PLC0415 - beside policies only

        return IngressCarriers(self)

    @cached_property
    def ingress_routes(self) -> IngressRoutes:
        """Which requests Ingresses claim, and which are claimed twice."""
        from k8snet_lint.graph.ingress.routes import IngressRoutes  # noqa: PLC0415 - only where there are Ingresses

        return IngressRoutes(self)

    @cached_property
    def ingress_tls(self) -> IngressTLSCover:
        """Which hosts Ingresses serve TLS for, besides what their own entries say."""
        from k8snet_lint.graph.ingress.tls import IngressTLSCover  # noqa: PLC0415 - as above

        return IngressTLSCover(self)

    @cached_property
    def referring(self) -> Referring:
        """Which references resources hold, by relation and kind; those of a mesh where there is one."""
        if not self.has_mesh:
            return REFERENCES
        from k8snet_lint.graph.mesh.references import MESH_REFERENCES  # noqa: PLC0415 - most worlds have none

        return {**REFERENCES, **MESH_REFERENCES}

    @cached_property
    def has_mesh(self) -> bool:
        """Whether something of the world is, or asks for, a service mesh."""
        return has_mesh(self)

    @cached_property
    def mesh(self) -> Mesh | None:
        """The service mesh; None where nothing of the world is or asks for one."""
        if not self.has_mesh:
            return None
        from k8snet_lint.graph.mesh.mesh import Mesh  # noqa: PLC0415 - most worlds have none

        return Mesh(self)

    @cached_property
    def mentions(self) -> Mentions:
        """Which Services the settings of objects name as hosts."""
        from k8snet_lint.graph.mentions import Mentions  # noqa: PLC0415 - where nothing has settings, nothing asks

        return Mentions(self)

    @cached_property
    def missing_services(self) -> MissingServices:
        """The Services that settings name and that are not in the world."""
        from k8snet_lint.graph.missing_services import MissingServices  # noqa: PLC0415 - as above

        return MissingServices(self)

    @cached_property
    def scrapes(self) -> Scrapes:
        """What Prometheus is told to scrape."""
        from k8snet_lint.graph.scrapes import Scrapes  # noqa: PLC0415 - as above

        return Scrapes(self)

    @property
    def strays(self) -> Iterator[Stray]:
        """The policies that alone name another namespace than what lies in their directory."""
        from k8snet_lint.graph.siblings import strays  # noqa: PLC0415 - only where there are policies

        return strays(self) if self.select(NetworkPolicy) else iter(())

    @property
    def orphans(self) -> Iterator[Orphan]:
        """The policies in files that the kustomization beside them does not list."""
        from k8snet_lint.graph.siblings import orphans  # noqa: PLC0415 - as above

        return orphans(self)

    @property
    def claimed_names(self) -> Iterator[Claim]:
        """The host names that two unrelated objects have external-dns publish."""
        from k8snet_lint.graph.external_dns import HOSTNAME, claims  # noqa: PLC0415 - only where it is asked to

        return claims(self) if any(HOSTNAME in each.annotations for each in self.select(Service)) else iter(())

    @cached_property
    def publicity(self) -> Publicity:
        """Which Ingresses, routes and Gateways the Internet can reach."""
        from k8snet_lint.graph.publicity import Publicity  # noqa: PLC0415 - only where something is published

        return Publicity(self)

    @cached_property
    def published_paths(self) -> tuple[PublishedPath, ...]:
        """The paths that Ingresses and HTTPRoutes lead to Services."""
        if not self.select(Ingress) and not self.select(HTTPRoute):
            return ()
        from k8snet_lint.graph.published_paths import published_paths  # noqa: PLC0415 - only where there are some

        return tuple(published_paths(self))

    @cached_property
    def gateways(self) -> Gateways:
        """Gateways with all their listeners, and which of those clash."""
        from k8snet_lint.graph.gateway.gateways import Gateways  # noqa: PLC0415 - most worlds have none

        return Gateways(self)

    @cached_property
    def attachments(self) -> Attachments:
        """Which routes attach to which listeners, and what the API would say of each."""
        from k8snet_lint.graph.gateway.attachment import Attachments  # noqa: PLC0415 - most worlds have no routes

        return Attachments(self)

    @cached_property
    def backend_tls(self) -> BackendTLS:
        """What Gateways are told about the TLS of backends."""
        from k8snet_lint.graph.gateway.backend_tls import BackendTLS  # noqa: PLC0415 - most worlds have no routes

        return BackendTLS(self)

    @property
    def routes_for_every_host(self) -> Iterator[EveryHost]:
        """The routes that answer for every host of a Gateway that they share."""
        from k8snet_lint.graph.gateway.every_host import every_host  # noqa: PLC0415 - most worlds have no routes

        return every_host(self)

    @cached_property
    def grants(self) -> Grants:
        """References across namespaces, and the ReferenceGrants that allow them."""
        from k8snet_lint.graph.gateway.grants import Grants  # noqa: PLC0415 - most worlds have none

        return Grants(self)

    @cached_property
    def route_matches(self) -> RouteMatches:
        """Which requests routes of the Gateway API claim, and which are claimed twice."""
        from k8snet_lint.graph.gateway.route_matches import RouteMatches  # noqa: PLC0415 - most worlds have no routes

        return RouteMatches(self)

    def open_rules(self, direction: Direction) -> Iterator[OpenRule]:
        """Policies' rules of a direction that leave nobody out, on any port."""
        if not self.policies:
            return iter(())
        from k8snet_lint.graph.open_rules import open_rules  # noqa: PLC0415 - only where there are policies

        return open_rules(self, direction)

    def admitted_client(self, service: Service) -> tuple[NetworkPolicy, IPBlock] | None:
        """A policy for a Service's pods that goes by the client's public address, and the addresses it admits."""
        from k8snet_lint.graph.client_addresses import admitted_client  # noqa: PLC0415 - for Services open to the outside

        return admitted_client(self, service)

    def mixture(self, service: Service) -> Mixture | None:
        """Two different programs among the pods that a Service selects, of which one does not serve a port of it."""
        return mixture(self, service)

    def repeated_services(self) -> Iterator[tuple[Service, Service]]:
        """Pairs of Services of which the second says nothing but the name that the first does not say."""
        return repeated(self)

    @property
    def governed(self) -> Iterator[Governed]:
        """The StatefulSets whose pods get their names from a Service of the world."""
        from k8snet_lint.graph.governing import governed  # noqa: PLC0415 - for the one rule that asks

        return governed(self)

    def headless(self, workload: Workload) -> Iterator[Service]:
        """The headless Services that select a workload's pods, and so may give them their names."""
        from k8snet_lint.graph.governing import headless  # noqa: PLC0415 - as above

        return headless(self, workload)

    @property
    def shared_node_ports(self) -> Iterator[SharedNodePort]:
        """The ports of nodes that two Services ask for."""
        from k8snet_lint.graph.ports.node import shared_node_ports  # noqa: PLC0415 - as above

        return shared_node_ports(self)

    @cached_property
    def pod_ports(self) -> PodPorts:
        """Which ports pods declare, mention, and are targeted at."""
        return PodPorts(self)

    def declares(self, workload: Workload, port: int | str, protocol: str) -> bool | None:
        """Whether a workload's pods declare a port, by number or by name; None where that cannot be told."""
        return self.pod_ports.declares(workload, port, protocol)

    @cached_property
    def host_port_conflicts(self) -> tuple[Conflict, ...]:
        """Workloads that ask for a port of their node that a DaemonSet has taken."""
        return tuple(conflicts(self))

    @cached_property
    def roles(self) -> Roles:
        """Which workloads are there for the nodes or for what comes from outside."""
        return Roles(self)
