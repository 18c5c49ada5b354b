"""OpenShift's own way of publishing a Service (`route.openshift.io`).

Sources: the Route API, `TLSConfig`: cleartext is off for a Route with TLS, unless its policy allows it; `RoutePort` and
`endpointsForAlias` of the router: the port is that of an endpoint, by the name that the Service gives it or its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource.base import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.manifest import Node


class OpenShiftRoute(Resource):
    """What the routers of an OpenShift cluster serve under a host."""

    @cached_property
    def backends(self) -> tuple[Node, ...]:
        """The entries of `to` and `alternateBackends` that name a Service."""
        every = (self.spec["to"], *self.spec["alternateBackends"])
        return tuple(each for each in every if each["name"].text and (each["kind"].text or "Service") == "Service")

    @property
    def port(self) -> Node:
        """The name of a Service's port, or the number that its pods have for it; all ports where it is left out."""
        return self.spec.at("port", "targetPort")

    @property
    def wanted_port(self) -> str:
        """That name or number; nothing where there is none, or where it is still to be filled in."""
        value = self.port.value
        return str(value) if isinstance(value, (int, str)) and not is_open(value) else ""

    @property
    def tls(self) -> Node:
        return self.spec["tls"]

    @property
    def insecure_policy(self) -> Node:
        """What becomes of requests without TLS where the Route has TLS: `None`, the default, `Redirect` or `Allow`."""
        return self.tls["insecureEdgeTerminationPolicy"]

    @property
    def is_acme_solver(self) -> bool:
        """Whether it only answers ACME challenges, which come in cleartext."""
        return self.spec["path"].text.startswith("/.well-known/acme-challenge")


KINDS: Mapping[tuple[str, str], type[Resource]] = {("route.openshift.io", "Route"): OpenShiftRoute}
