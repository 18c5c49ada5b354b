"""OpenShift's own way of publishing a Service (`route.openshift.io`).

Sources: the Route API, `TLSConfig`: cleartext is off for a Route with TLS, unless its policy allows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource.base import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.manifest import Node


class OpenShiftRoute(Resource):
    """What the routers of an OpenShift cluster serve under a host."""

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
