"""What Linkerd's policies are for (policy.linkerd.io), and which of them are for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph import near
from k8snet_lint.graph.edges import Missed, Relation, Unresolved
from k8snet_lint.graph.labelled import ByLabel, Labelled
from k8snet_lint.graph.selection import selected
from k8snet_lint.resource import Namespace
from k8snet_lint.resource.linkerd import (
    LinkerdAuthorizationPolicy,
    LinkerdHTTPRoute,
    LinkerdServer,
    LinkerdServerAuthorization,
)
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource

TARGETS: dict[str, type[LinkerdServer | LinkerdHTTPRoute]] = {"Server": LinkerdServer, "HTTPRoute": LinkerdHTTPRoute}
DEFAULT = "config.linkerd.io/default-inbound-policy"
OPEN = "all-unauthenticated"
LAX = (OPEN, "audit")
"""Policies of a port that let everyone in; without any a Server denies, and pods follow that of the installation."""


class Linkerd:
    """Linkerd's Servers and authorizations, held against each other and against pods."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def missing(self) -> tuple[Unresolved, ...]:
        """The Servers without pods, and the authorizations of Servers and routes that are not there."""
        return (*self._servers(), *self._server_authorizations(), *self._policies())

    @cached_property
    def guarded(self) -> frozenset[str]:
        """The namespaces in which pods may let in only whom they know, by a Server or by their default."""
        servers = (each for each in self._graph.select(LinkerdServer) if each.spec["accessPolicy"].text not in LAX)
        strict = (each for each in self._graph.select(Namespace) if each.annotations.get(DEFAULT, OPEN) not in LAX)
        return frozenset((*(each.namespace for each in servers), *(each.name for each in strict)))

    def _servers(self) -> Iterator[Unresolved]:
        for server in self._graph.select(LinkerdServer):
            selector = server.selector
            if selector is None or selector.is_empty:
                continue
            for each in selected(self._graph, server, selector, server.selector_node, Relation.SELECTS):
                if isinstance(each, Missed):
                    yield each.unresolved

    def _server_authorizations(self) -> Iterator[Unresolved]:
        for each in self._graph.select(LinkerdServerAuthorization):
            if each.server_name.text:
                yield from self._named(each, LinkerdServer, "Server", each.server_name)
            elif each.server_selector.is_mapping:
                yield from self._labelled(each, Selector.of(each.server_selector))

    def _policies(self) -> Iterator[Unresolved]:
        for each in self._graph.select(LinkerdAuthorizationPolicy):
            kind, group, name = (each.target[key] for key in ("kind", "group", "name"))
            if group.text == "policy.linkerd.io" and kind.text in TARGETS and name.text:
                yield from self._named(each, TARGETS[kind.text], kind.text, name)

    def _named(self, source: Resource, kind: type[Resource], label: str, at: Node) -> Iterator[Unresolved]:
        namespace, name = source.namespace, at.text
        anywhere = self._graph.named_anywhere(kind, name)
        if any(each.namespace == namespace or not each.namespace or not namespace for each in anywhere):
            return
        misses = near.names(
            name, self._graph.spelt(kind, namespace), lambda found: self._graph.named(kind, namespace, found)
        )
        wanted = f"{namespace}/{name}" if namespace else name
        yield Unresolved(source, Relation.REFERS_TO, label, wanted, at, self._graph.covers(kind, namespace), misses)

    def _labelled(self, source: LinkerdServerAuthorization, selector: Selector) -> Iterator[Unresolved]:
        namespaces = (source.namespace, "") if source.namespace else ()
        if not self._servers_by_label.matching(selector).within(namespaces):
            at, servers = source.server_selector, self._all_servers.within(namespaces)
            yield Unresolved(source, Relation.REFERS_TO, "Server", f"with {selector}", at, bool(servers))

    @cached_property
    def _servers_by_label(self) -> ByLabel:
        return ByLabel(self._graph.select(LinkerdServer))

    @cached_property
    def _all_servers(self) -> Labelled:
        return Labelled(self._graph.select(LinkerdServer))
