"""A world's resources and the typed relations between them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from k8snet_lint.graph import declared, node_agents
from k8snet_lint.graph.edges import Edge, Relation, Unresolved
from k8snet_lint.graph.ingress_classes import IngressClasses
from k8snet_lint.graph.ingress_tls import IngressTLSCover
from k8snet_lint.graph.isolation import Isolation
from k8snet_lint.graph.namespaces import Namespaces
from k8snet_lint.graph.pods import PodIndex
from k8snet_lint.graph.references import REFERENCES, Reference, names_wanted
from k8snet_lint.resource import Namespace, Resource, Secret, Service, Workload, operated, read
from k8snet_lint.resource.secret_makers import EVERYWHERE, secrets_made

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx

    from k8snet_lint.facts import Facts
    from k8snet_lint.loader import World
    from k8snet_lint.manifest import Node

R = TypeVar("R", bound=Resource)

NO_PODS = PodIndex(())


class Graph:
    """Resources that one cluster gets together, who refers to whom, and what leads nowhere.

    Relations are worked out when they are first asked for. `facts` is what is known beside the manifests.
    """

    def __init__(self, resources: Iterable[Resource], facts: Facts) -> None:
        self.facts = facts
        self.resources = tuple(resource for resource in resources if "test" not in resource.hooks)
        self._by_kind: dict[type[Resource], tuple[Resource, ...]] = {}
        self._references: dict[tuple[Relation, type[Resource]], tuple[Reference, ...]] = {}
        self._targets: dict[Relation, dict[Resource, list[Edge]]] = {}
        self._sources: dict[Relation, dict[Resource, list[Edge]]] = {}

    @staticmethod
    def of(world: World, facts: Facts) -> Graph:
        """The graph of a world; Helm's test hooks are left out, as nothing is deployed of them."""
        return Graph((view for unit in world.units for item in unit.objects for view in read(item, unit)), facts)

    def select(self, kind: type[R]) -> tuple[R, ...]:
        """All resources of a kind, in the order of files and documents."""
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = tuple(each for each in self.resources if isinstance(each, kind))
        return cast("tuple[R, ...]", found)

    def references(self, relation: Relation, kind: type[Resource]) -> tuple[Reference, ...]:
        """Every reference by that relation that resources of a kind hold, resolved or not."""
        found = self._references.get((relation, kind))
        if found is None:
            refer = REFERENCES.get((relation, kind))
            every = (reference for each in self.select(kind) for reference in refer(self, each)) if refer else ()
            found = self._references[relation, kind] = tuple(every)
        return found

    def targets(self, resource: Resource, relation: Relation) -> tuple[Edge, ...]:
        """What the resource refers to by that relation."""
        if relation not in self._targets:
            self._connect(relation)
        return tuple(self._targets[relation].get(resource, ()))

    def sources(self, resource: Resource, relation: Relation) -> tuple[Edge, ...]:
        """What refers to the resource by that relation."""
        if relation not in self._sources:
            self._connect(relation)
        return tuple(self._sources[relation].get(resource, ()))

    def unresolved(self, relation: Relation, kind: type[Resource]) -> tuple[Unresolved, ...]:
        """The references by that relation that resources of a kind hold and that lead nowhere."""
        return tuple(each for each in self.references(relation, kind) if isinstance(each, Unresolved))

    def _connect(self, relation: Relation) -> None:
        targets: dict[Resource, list[Edge]] = {}
        sources: dict[Resource, list[Edge]] = {}
        for of, kind in REFERENCES:
            if of is relation:
                for edge in self.references(relation, kind):
                    if isinstance(edge, Edge):
                        targets.setdefault(edge.source, []).append(edge)
                        sources.setdefault(edge.target, []).append(edge)
        self._targets[relation], self._sources[relation] = targets, sources

    # ── looking things up ────────────────────────────────────────────────────────────────────────────

    def named(self, kind: type[R], namespace: str, name: str) -> tuple[R, ...]:
        """The resources of that kind, namespace and name: one, or several where a name is given twice."""
        return cast("tuple[R, ...]", tuple(self._names(kind).get(name, {}).get(namespace, ())))

    def named_anywhere(self, kind: type[R], name: str) -> tuple[R, ...]:
        """The resources of that kind and name, in whatever namespace."""
        return cast("tuple[R, ...]", tuple(each for found in self._names(kind).get(name, {}).values() for each in found))

    def pods(self, namespace: str) -> PodIndex:
        """The workloads of a namespace, by their pods' labels."""
        return self._pods.get(namespace, NO_PODS)

    @cached_property
    def all_pods(self) -> PodIndex:
        """The workloads of every namespace, by their pods' labels."""
        return PodIndex(self.select(Workload))

    @cached_property
    def namespaces(self) -> Namespaces:
        """Every namespace of the world and what is known of its labels."""
        return Namespaces(self.resources, self.select(Namespace), self.facts)

    @cached_property
    def isolation(self) -> Isolation:
        """Which workloads policies isolate, by direction."""
        return Isolation(self)

    @cached_property
    def ingress_classes(self) -> IngressClasses:
        """Which class and which controller every Ingress has."""
        return IngressClasses(self)

    @cached_property
    def ingress_tls(self) -> IngressTLSCover:
        """Which hosts Ingresses serve TLS for, besides what their own entries say."""
        return IngressTLSCover(self)

    def endpoints(self, service: Service) -> tuple[Workload, ...]:
        """The workloads whose pods a Service selects."""
        return tuple(edge.target for edge in self.targets(service, Relation.SELECTS) if isinstance(edge.target, Workload))

    def declares(self, workload: Workload, port: int | str, protocol: str) -> bool | None:
        """Whether a workload's pods declare a port, by number or by name; None where that cannot be told."""
        return declared.declares(self, workload, port, protocol)

    def mentions(self, workload: Workload, number: int) -> bool:
        """Whether a workload's template, or a ConfigMap that it reads, holds a port number as a word of its own."""
        return declared.mentions(self, workload, number)

    def is_node_agent(self, workload: Workload, more: Iterable[str] = ()) -> bool:
        """Whether a workload is there for the nodes: in a system namespace, or known by its image (or by `more`)."""
        return workload.namespace in self.facts.system_namespaces or node_agents.is_node_agent(workload, more)

    def is_ingress_controller(self, resource: Workload | Service) -> bool:
        """Whether a workload carries the traffic of Ingresses or Gateways, or a Service publishes such a one."""
        if isinstance(resource, Workload):
            return node_agents.is_ingress_controller(resource)
        return node_agents.is_controller_service(resource) or any(
            node_agents.is_ingress_controller(workload) for workload in self.endpoints(resource)
        )

    def owner(self, node: Node) -> Resource | None:
        """The resource that a node is part of."""
        owners, path = self._owners.get(id(node.document), {}), node.path
        return next((owners[path[:end]] for end in range(len(path), -1, -1) if path[:end] in owners), None)

    # ── what the world covers ────────────────────────────────────────────────────────────────────────

    def covers(self, kind: type[Resource], namespace: str) -> bool:
        """Whether the world holds things of that kind there, so that a missing one is really missing.

        Secrets and cluster-scoped kinds are made by so many hands that they are never covered, unless the user
        says that nothing lives outside (`assume.complete`).
        """
        if self.facts.assumed.complete:
            return True
        return kind is not Secret and not kind.cluster_scoped and (kind, namespace) in self._covered

    def supplies(self, kind: type[Resource], namespace: str, name: str) -> bool:
        """Whether something makes an object of that kind and name out of another object of the world."""
        patterns = self._operated.get((kind, namespace), ())
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            return True
        return kind is Secret and not self._secrets_made.isdisjoint(((namespace, name), (EVERYWHERE, name)))

    def unclaimed(self, kind: type[R], namespace: str) -> tuple[R, ...]:
        """The resources of a kind and namespace that no reference of the world names."""
        found = self._unclaimed.get((kind, namespace), ())
        return cast("tuple[R, ...]", tuple(found))

    def is_selected_by_a_service(self, node: Node) -> bool:
        """Whether a Service selects the workload that the node is part of."""
        owner = self.owner(node)
        return isinstance(owner, Workload) and id(owner) in self._served

    # ── algorithms ───────────────────────────────────────────────────────────────────────────────────

    def to_networkx(self) -> networkx.MultiDiGraph:
        """The graph for algorithms and exports: nodes are resources, edges carry `relation` and `edge`."""
        import networkx  # noqa: PLC0415 - costs more than a whole check

        exported = networkx.MultiDiGraph()
        exported.add_nodes_from(self.resources)
        for relation, kind in REFERENCES:
            for edge in self.references(relation, kind):
                if isinstance(edge, Edge):
                    exported.add_edge(edge.source, edge.target, relation=relation, edge=edge)
        return exported

    # ── indexes ──────────────────────────────────────────────────────────────────────────────────────

    def _names(self, kind: type[Resource]) -> dict[str, dict[str, list[Resource]]]:
        found = self._name_index.get(kind)
        if found is None:
            found = self._name_index[kind] = {}
            for each in self.select(kind):
                found.setdefault(each.name, {}).setdefault(each.namespace, []).append(each)
        return found

    @cached_property
    def _name_index(self) -> dict[type[Resource], dict[str, dict[str, list[Resource]]]]:
        return {}

    @cached_property
    def _pods(self) -> dict[str, PodIndex]:
        by_namespace: dict[str, list[Workload]] = {}
        for workload in self.select(Workload):
            by_namespace.setdefault(workload.namespace, []).append(workload)
        return {namespace: PodIndex(workloads) for namespace, workloads in by_namespace.items()}

    @cached_property
    def _covered(self) -> frozenset[tuple[type[Resource], str]]:
        return frozenset((type(resource), resource.namespace) for resource in self.resources)

    @cached_property
    def _operated(self) -> dict[tuple[type[Resource], str], tuple[str, ...]]:
        supplied: dict[tuple[type[Resource], str], tuple[str, ...]] = {}
        for resource in self.resources:
            made = operated(resource)
            if made is not None:
                for kind, names in ((Service, made.services), (Secret, made.secrets)):
                    key = (kind, resource.namespace)
                    supplied[key] = supplied.get(key, ()) + names
        return supplied

    @cached_property
    def _secrets_made(self) -> frozenset[tuple[str, str]]:
        return frozenset(made for resource in self.resources for made in secrets_made(resource))

    @cached_property
    def _unclaimed(self) -> dict[tuple[type[Resource], str], list[Resource]]:
        claimed = {name for resource in self.resources for name in names_wanted(resource)}
        unclaimed: dict[tuple[type[Resource], str], list[Resource]] = {}
        for resource in self.resources:
            if (type(resource), resource.namespace, resource.name) not in claimed:
                unclaimed.setdefault((type(resource), resource.namespace), []).append(resource)
        return unclaimed

    @cached_property
    def _served(self) -> frozenset[int]:
        return frozenset(
            id(workload)
            for service in self.select(Service)
            if service.selects_pods
            for workload in self.pods(service.namespace).matching(service.selector)
        )

    @cached_property
    def _owners(self) -> dict[int, dict[tuple[str | int, ...], Resource]]:
        owners: dict[int, dict[tuple[str | int, ...], Resource]] = {}
        for resource in self.resources:
            owners.setdefault(id(resource.node.document), {}).setdefault(resource.node.path, resource)
        return owners
