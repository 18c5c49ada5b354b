"""The paths that Ingresses and HTTPRoutes lead to Services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import HTTPRoute, Ingress, Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import BackendRef, Resource


class PublishedPath(NamedTuple):
    """A path that leads from outside to a port of a Service.

    Shapes: `at` is where the path is written; `port` is the port's name, empty where none is known.
    """

    opener: Resource
    at: Node
    path: str
    port: str


def published_paths(graph: Graph) -> Iterator[PublishedPath]:
    """Every path of an Ingress, and of an HTTPRoute that is not a mesh's, but for those that only redirect."""
    for ingress in graph.select(Ingress):
        for path in ingress.paths:
            if not path.backend.is_action:
                wanted = path.backend.port
                name = _port_name(graph, ingress.namespace, path.backend.service.text, wanted)
                yield PublishedPath(ingress, path.node["path"], path.path or "/", name)
    for route in graph.select(HTTPRoute):
        for rule in route.rules if not route.is_mesh else ():
            names = {_backend_port(graph, backend) for backend in rule.backends}
            name = names.pop() if len(names) == 1 else ""
            for match in rule.matches if not rule.redirects else ():
                at = match.node.at("path", "value")
                yield PublishedPath(route, at, match.path, name)


def _backend_port(graph: Graph, backend: BackendRef) -> str:
    return _port_name(graph, backend.target.namespace, backend.target.name, backend.port)


def _port_name(graph: Graph, namespace: str, service: str, wanted: int | str | None) -> str:
    if isinstance(wanted, str):
        return wanted
    found = (port for each in graph.named(Service, namespace, service) for port in each.ports)
    return next((port.name for port in found if port.number == wanted), "")
