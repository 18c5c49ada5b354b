"""What monitors of the Prometheus operator select: Services of the namespaces that they look at, or pods."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph import near
from k8snet_lint.graph.controllers import decidable
from k8snet_lint.graph.edges import NearMiss, Relation, Unresolved
from k8snet_lint.graph.labelled import Labelled
from k8snet_lint.graph.made_services import MadeServices
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource import Resource, Service, Workload
from k8snet_lint.resource.operators import MONITORING
from k8snet_lint.resource.protocols import PROTOCOLS
from k8snet_lint.selector import Operator, Requirement, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node

KINDS: dict[str, type[Resource]] = {"ServiceMonitor": Service, "PodMonitor": Workload}
ENDPOINTS = {"ServiceMonitor": "endpoints", "PodMonitor": "podMetricsEndpoints"}
ENOUGH = 64
"""So many Services of one label are looked at for a misspelling of another, so that the cost stays linear."""
OF_EVERY_CLUSTER = (
    Requirement("component", Operator.IN, ("apiserver",)),
    Requirement("k8s-app", Operator.IN, ("kubelet",)),
    Requirement("app.kubernetes.io/name", Operator.IN, ("kubelet",)),
)
"""Labels of the Service `kubernetes` of `default`, and of that of the kubelets, which the Prometheus operator makes."""

NOTHING = Labelled(())


class Monitors:
    """The ServiceMonitors and PodMonitors of a world."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._made = MadeServices(graph)
        self._pods: dict[Selector, Labelled] = {}

    def selected(self, monitor: Resource) -> tuple[Resource, ...]:
        """The Services that a ServiceMonitor selects, the workloads that a PodMonitor does."""
        looked = self._namespaces(monitor)
        if not looked:
            _ = self._graph.monitored
        return self._labelled_as(monitor).within(looked)

    def may_scrape(self, service: Service) -> bool:
        """Whether a ServiceMonitor has a selector that fits the Service, whatever namespace it looks at."""
        return service in self._scraped

    @cached_property
    def _scraped(self) -> frozenset[Resource]:
        monitors = (each for each in self._graph.select(Resource) if each.kind == "ServiceMonitor")
        selectors = {Selector.of(each.spec["selector"]) for each in monitors}
        return frozenset(
            each for wanted in selectors for each in self._graph.labelled_services.matching(wanted).resources
        )

    def missing(self, monitor: Resource) -> Unresolved | None:
        """The selector that leads nowhere, where the files can tell."""
        selector = Selector.of(monitor.spec["selector"])
        kind = KINDS.get(monitor.kind)
        if (
            monitor.group != MONITORING
            or kind is None
            or selector.is_empty
            or selector.invalid
            or selector.is_exclusion
        ):
            return None
        looked = self._namespaces(monitor)
        if (
            decidable(selector, self._graph.facts) != selector
            or selector.is_unfinished
            or self._is_the_clusters(selector, looked)
        ):
            return None
        anywhere = self._labelled_as(monitor)
        # Without a namespace it is applied to that of what it selects, for all we know.
        if anywhere.resources and (looked == ("",) or anywhere.within(looked)):
            return None
        may_move = bool(anywhere.resources) and not (monitor.is_fixed and anywhere.is_fixed)
        loose = may_move or self._may_be_labelled(kind, looked)
        misses = () if loose else self._elsewhere(anywhere)
        if not loose and not misses:
            misses = tuple(islice(self._misspelt(monitor, kind, selector), near.MOST))
        written = monitor.spec["selector"]
        return Unresolved(
            source=monitor,
            relation=Relation.SCRAPES,
            kind="Pod" if kind is Workload else "Service",
            wanted=str(selector),
            at=near.place(written, selector, misses) if written["matchLabels"] else written,
            covered=not loose
            and all(self._covers(kind, each) for each in looked)
            and not self._may_be_operated(looked, selector),
            near=misses,
        )

    @property
    def portless(self) -> Iterator[tuple[Resource, Node, tuple[Resource, ...]]]:
        """The names of ports that a monitor has scraped and nothing that it selects has, each with all of that.

        Nothing where it looks at all namespaces, or for whatever labels, or for those that an operator may give to what
        it makes: it may mean what is in none of the files.
        """
        for monitor in self._graph.of_kinds([(MONITORING, kind) for kind in KINDS]):
            endpoints = monitor.spec[ENDPOINTS[monitor.kind]]
            looks = endpoints and self._namespaces(monitor) and not self._may_be_made(monitor)
            selected = self.selected(monitor) if looks else ()
            for name in (endpoint["port"] for endpoint in endpoints if selected):
                if name.text and not is_open(name.text) and all(self._lacks(each, name.text) for each in selected):
                    yield monitor, name, selected

    def _may_be_made(self, monitor: Resource) -> bool:
        """Whether it looks for whatever labels, or for Services that an operator may make where it looks."""
        wanted = Selector.of(monitor.spec["selector"])
        if wanted.is_empty or KINDS[monitor.kind] is not Service:
            return wanted.is_empty
        return any(self._made.may_have(namespace, wanted) for namespace in self._namespaces(monitor))

    def _lacks(self, resource: Resource, name: str) -> bool:
        """Whether none of its ports surely is called so."""
        if isinstance(resource, Workload):
            return all(self._graph.pod_ports.declares(resource, name, each) is False for each in PROTOCOLS)
        if not isinstance(resource, Service) or resource.is_raw:
            return False
        names = {port.name for port in resource.ports}
        return resource.selects_pods and bool(names) and name not in names and not any(map(is_open, names))

    def _labelled_as(self, monitor: Resource) -> Labelled:
        """What has the labels, in whatever namespace."""
        written = monitor.spec["selector"]
        selector = Selector.of(written)
        if monitor.group != MONITORING or selector.invalid or not written.present:
            return NOTHING
        if monitor.kind == "PodMonitor":
            if selector not in self._pods:
                self._pods[selector] = Labelled(self._graph.all_pods.matching(selector))
            return self._pods[selector]
        return self._graph.labelled_services.matching(selector) if monitor.kind == "ServiceMonitor" else NOTHING

    def _namespaces(self, monitor: Resource) -> tuple[str, ...]:
        """Those that it looks at; none where it looks at all."""
        where = monitor.spec["namespaceSelector"]
        if where["any"].value is True:
            return ()
        return tuple(each.text for each in where["matchNames"]) or (monitor.namespace,)

    def _sees(self, monitor: Resource, resource: Resource) -> bool:
        looked = self._namespaces(monitor)
        return not looked or resource.namespace in looked

    def _covers(self, kind: type[Resource], namespace: str) -> bool:
        """Whether it should be there; an operator may make more Services than are written."""
        return self._graph.covers(kind, namespace) and not self._graph.makes(kind, namespace)

    def _may_be_operated(self, looked: tuple[str, ...], selector: Selector) -> bool:
        """Whether an operator may make what it means of a custom resource where it looks."""
        return not self._graph.facts.assumed.complete and self._graph.may_operate(looked, selector)

    def _may_be_labelled(self, kind: type[Resource], looked: tuple[str, ...]) -> bool:
        """Whether something is there whose labels a build that was not done may still change."""
        raw = self._raw[kind]
        return not raw.isdisjoint(looked) if looked else bool(raw)

    @cached_property
    def _raw(self) -> Mapping[type[Resource], frozenset[str]]:
        """The namespaces with something of each kind whose labels may still change."""
        every = ((kind, self._graph.select(kind)) for kind in KINDS.values())
        return {kind: frozenset(each.namespace for each in found if each.is_raw) for kind, found in every}

    def _is_the_clusters(self, selector: Selector, looked: tuple[str, ...]) -> bool:
        """Whether it means what every cluster has without anyone writing it."""
        system = self._graph.facts.system_namespaces
        of_every = any(each in selector.requirements for each in OF_EVERY_CLUSTER)
        return of_every or (bool(looked) and all(each in system for each in looked))

    def _elsewhere(self, anywhere: Labelled) -> tuple[NearMiss, ...]:
        """What has the labels, where it is all in one namespace, which the monitor does not look at."""
        if len(anywhere.by_namespace) != 1:
            return ()
        return tuple(
            NearMiss(each.name_node, f"{each} has these labels, in a namespace that is not looked at")
            for each in anywhere.resources[: near.MOST]
        )

    def _misspelt(self, monitor: Resource, kind: type[Resource], selector: Selector) -> Iterator[NearMiss]:
        if kind is Workload:
            for namespace in self._namespaces(monitor):
                yield from near.labels(selector, self._graph.pods(namespace))
            return
        for odd in selector.requirements if len(selector.requirements) <= near.MOST * 2 else ():
            rest = Selector(tuple(each for each in selector.requirements if each is not odd))
            for value in (
                slip
                for wanted in odd.values
                for slip in near.slips(wanted, self._graph.labelled_services.values(odd.key))
            ):
                for service in self._graph.labelled_services.having(odd.key, value)[:ENOUGH]:
                    if rest.matches(service.labels) and self._sees(monitor, service):
                        node = service.metadata["labels"][odd.key]
                        yield NearMiss(node, f"{service} has {odd.key}={value}", odd.key)
