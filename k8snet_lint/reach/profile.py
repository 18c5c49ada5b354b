"""What networks do differently where the API leaves it open: explicit switches, one set a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.facts import Cni
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.graph import Graph


class Profile(NamedTuple):
    """How a network enforces what the API leaves open.

    `blocks_match_pods`: an address block matches the pods whose addresses it holds (asserted by the end-to-end tests
    of Kubernetes; Cilium matches blocks with identities outside the cluster only). `host_network_is_ordinary`:
    pods on the host's network are selected like others (no network does; other analyzers do). `named_ports_per_pod`:
    a named port of an egress rule is looked up on each destination (Cilium takes one number for all of them).
    """

    cni: Cni = Cni.UPSTREAM
    blocks_match_pods: bool = True
    host_network_is_ordinary: bool = False
    named_ports_per_pod: bool = True


PROFILES: Mapping[Cni, Profile] = {
    Cni.UPSTREAM: Profile(),
    Cni.CILIUM: Profile(Cni.CILIUM, blocks_match_pods=False, named_ports_per_pod=False),
    Cni.CALICO: Profile(Cni.CALICO),
    Cni.OVN_KUBERNETES: Profile(Cni.OVN_KUBERNETES),
}

OWNERS: Mapping[str, Cni] = {"Cilium": Cni.CILIUM}
"""The networks that have policies of their own, by the engine that those name."""


def of_graph(graph: Graph) -> Profile:
    """The network that the facts name.

    Where they name none and the manifests hold policies of one network's own, it is that one: nothing else enforces
    them, and where its kinds are not installed the API server does not even take them.
    """
    if graph.facts.cni is not Cni.UPSTREAM:
        return PROFILES[graph.facts.cni]
    owners = {OWNERS[engine] for engine in graph.engines if engine in OWNERS}
    return PROFILES[owners.pop()] if len(owners) == 1 else PROFILES[Cni.UPSTREAM]
