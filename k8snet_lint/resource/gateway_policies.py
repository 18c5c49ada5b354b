"""What stands beside Gateways and routes: ReferenceGrants and BackendTLSPolicies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.object_ref import ObjectRef

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node


class ReferenceGrant(Resource):
    """A ReferenceGrant: objects of its namespace that others may refer to (GEP-709)."""

    @cached_property
    def trusted(self) -> tuple[ObjectRef, ...]:
        """Who may refer: the kinds of objects and their namespaces."""
        return tuple(ObjectRef.of(node, "", "", "") for node in self.spec["from"])

    @cached_property
    def granted(self) -> tuple[ObjectRef, ...]:
        """What may be referred to, in its own namespace; a name is empty for all objects of the kind."""
        return tuple(ObjectRef.of(node, self.namespace, "", "") for node in self.spec["to"])


class BackendTLSPolicy(Resource):
    """A BackendTLSPolicy: how Gateways check the certificates of Services (GEP-1897)."""

    @cached_property
    def targets(self) -> tuple[ObjectRef, ...]:
        """What it is for, in its own namespace; v1alpha2 has one `targetRef`."""
        written = self.spec["targetRefs"] or [self.spec["targetRef"]]
        return tuple(ObjectRef.of(node, self.namespace, "", "Service") for node in written if node.is_mapping)

    @cached_property
    def validation(self) -> Node:
        """How the certificates are checked; v1alpha2 calls it `tls`."""
        return self.spec["validation"] or self.spec["tls"]

    @cached_property
    def authorities(self) -> tuple[ObjectRef, ...]:
        """The CA certificates; v1alpha2 calls them `caCertRefs`."""
        written = self.validation["caCertificateRefs"] or self.validation["caCertRefs"]
        return tuple(ObjectRef.of(node, self.namespace, "", "ConfigMap") for node in written)

    @property
    def well_known(self) -> Node:
        """`System` for the certificate authorities that everybody knows; v1alpha2 spells it otherwise."""
        return self.validation["wellKnownCACertificates"] or self.validation["wellKnownCACerts"]
