"""Routes without host names on listeners without one: they answer for every host that no other route claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import GRPCRoute, HTTPRoute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import GatewayRoute, ListenerHolder


class EveryHost(NamedTuple):
    """A route that answers for every host of a listener that is not its own.

    Shapes: `holder` has the listener, None where the Gateway is not in the set, so that its listeners are not known;
    `other` is a route of another namespace that the listener is known to serve too.
    """

    route: GatewayRoute
    holder: ListenerHolder | None
    other: GatewayRoute | None


def every_host(graph: Graph) -> Iterator[EveryHost]:
    """Such routes of HTTP, those left out that only redirect; each with the first listener that it shares."""
    sharing: dict[int, Mapping[str, GatewayRoute]] = {}
    for route in (*graph.select(HTTPRoute), *graph.select(GRPCRoute)):
        if not route.spec["hostnames"] and route.serves:
            found = _of_route(graph, route, sharing)
            if found is not None:
                yield found


def _of_route(graph: Graph, route: GatewayRoute, sharing: dict[int, Mapping[str, GatewayRoute]]) -> EveryHost | None:
    attachments = graph.attachments.of(route)
    for listener in (each for found in attachments for each in found.listeners if not each.hostname):
        if id(listener) not in sharing:
            sharing[id(listener)] = _by_namespace(graph.attachments.attached(listener))
        routes = sharing[id(listener)]
        other = next((each for namespace, each in routes.items() if namespace != route.namespace), None)
        if other is not None or route.namespace != listener.holder.namespace:
            return EveryHost(route, listener.holder, other)
    is_unknown = any(each.target is None and each.parent.target.is_gateway for each in attachments)
    return EveryHost(route, None, None) if is_unknown else None


def _by_namespace(routes: Sequence[GatewayRoute]) -> Mapping[str, GatewayRoute]:
    """The first route of each of the first two namespaces: one of them is not that of a given route."""
    found: dict[str, GatewayRoute] = {}
    for route in routes:
        if len(found) < 2:
            found.setdefault(route.namespace, route)
    return found
