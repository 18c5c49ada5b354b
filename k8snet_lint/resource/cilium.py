"""CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (cilium.io/v2), read as Cilium's agent reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import cilium_dead, cilium_flaws, cilium_rules
from k8snet_lint.resource.cilium_flaws import PEERS, REQUIRES
from k8snet_lint.resource.cilium_selector import endpoints, is_elsewhere, reserved, subject
from k8snet_lint.resource.engine_policy import EnginePolicy, PodsMeant
from k8snet_lint.resource.policy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.base import Resource
    from k8snet_lint.resource.engine_policy import EngineRule, Fault


class CiliumRule(NamedTuple):
    """One rule of a section; `denies` tells those of `ingressDeny` and `egressDeny`.

    A list of peers that is written and empty matches nobody; a rule without any such list matches everyone where it
    names ports, and nobody where it does not (`GetSourceEndpointSelectorsWithRequirements`).
    """

    node: Node
    direction: Direction
    denies: bool

    @property
    def peer_lists(self) -> tuple[Node, ...]:
        """The lists of peers that are written."""
        return tuple(found for key in PEERS[self.direction] if (found := self.node[key]).value is not None)

    @property
    def endpoints(self) -> tuple[Node, ...]:
        """The entries of `fromEndpoints` or `toEndpoints`."""
        return tuple(self.node[PEERS[self.direction][0]])

    @property
    def requires(self) -> Node:
        """`fromRequires` or `toRequires`: a condition on the peers of every rule, which admits nobody by itself."""
        return self.node[REQUIRES[self.direction]]

    @property
    def ports(self) -> tuple[Node, ...]:
        """The entries of `toPorts`."""
        return tuple(self.node["toPorts"])

    @property
    def is_nobody(self) -> bool:
        """Whether it matches no traffic, whatever there is."""
        lists = self.peer_lists
        if any(each.value == [] for each in lists):
            return True
        return not (lists or self.node["toPorts"] or self.node["icmps"])


class CiliumSpec(NamedTuple):
    """One `spec`, or one of the `specs`: whom it is for, and the rules of its sections."""

    node: Node
    namespace: str | None

    @property
    def subject(self) -> PodsMeant | None:
        """The pods of its `endpointSelector`; None where it selects nodes, or nothing that can be read."""
        written = self.node["endpointSelector"]
        return subject(written, self.namespace) if written.is_mapping else None

    def rules(self, direction: Direction) -> tuple[CiliumRule, ...]:
        """Its rules for a direction, those that deny included."""
        return tuple(
            CiliumRule(node, direction, denies)
            for section, denies in ((direction.field, False), (f"{direction.field}Deny", True))
            for node in self.node[section]
        )

    def isolates(self, direction: Direction) -> bool:
        """Whether what no rule allows is denied (`enableDefaultDeny`), as it is once there is a rule."""
        written = self.node.at("enableDefaultDeny", direction.field).value
        return written if isinstance(written, bool) else bool(self.rules(direction))


class CiliumPolicy(EnginePolicy):
    """A CiliumNetworkPolicy, or a CiliumClusterwideNetworkPolicy for the pods of every namespace."""

    engine = "Cilium"
    dns_rule = (
        "{toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns}}], "
        'toPorts: [{ports: [{port: "53", protocol: ANY}]}]}'
    )

    @cached_property
    def specs(self) -> tuple[CiliumSpec, ...]:
        """All that is written in `spec` and `specs`."""
        written = (*((self.spec,) if self.spec.value is not None else ()), *self.node["specs"])
        return tuple(CiliumSpec(node, None if self.cluster_scoped else self.namespace) for node in written)

    @cached_property
    def subjects(self) -> tuple[PodsMeant, ...]:
        return tuple(found for spec in self.specs if (found := spec.subject) is not None)

    @cached_property
    def peers(self) -> tuple[PodsMeant, ...]:
        return tuple(
            endpoints(node, cluster_wide=self.cluster_scoped)
            for spec in self.specs
            for direction in Direction
            for rule in spec.rules(direction)
            for node in rule.endpoints
            if not (reserved(node) or is_elsewhere(node))
        )

    @cached_property
    def effective_rules(self) -> tuple[EngineRule, ...]:
        return () if self.flaws else tuple(cilium_rules.effective_rules(self))

    def isolated(self, direction: Direction) -> tuple[PodsMeant, ...]:
        found = ((spec, spec.subject) for spec in self.specs if spec.isolates(direction))
        return tuple(pods for _, pods in found if pods is not None)

    @property
    def is_understood(self) -> bool:
        return not self.flaws

    @cached_property
    def flaws(self) -> tuple[Fault, ...]:
        return tuple(cilium_flaws.flaws(self))

    def ineffective(self) -> Iterator[Fault]:
        return cilium_dead.ineffective(self)

    @cached_property
    def gives(self) -> frozenset[str]:
        return frozenset((cilium_dead.NAMES,)) if cilium_dead.learns_names(self) else frozenset()


class CiliumClusterwidePolicy(CiliumPolicy):
    """A CiliumClusterwideNetworkPolicy."""

    cluster_scoped = True


KINDS: Mapping[tuple[str, str], type[Resource]] = {
    ("cilium.io", "CiliumNetworkPolicy"): CiliumPolicy,
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): CiliumClusterwidePolicy,
}
