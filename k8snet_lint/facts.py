"""What is known beside the manifests: the cluster's settings and what is assumed to exist in it."""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEM_NAMESPACES = frozenset({"kube-system", "kube-public", "kube-node-lease"})

SAFE_SYSCTLS_SINCE = {
    18: ("ip_local_port_range", "ping_group_range", "tcp_syncookies"),
    22: ("ip_unprivileged_port_start",),
    27: ("ip_local_reserved_ports",),
    29: ("tcp_fin_timeout", "tcp_keepalive_intvl", "tcp_keepalive_probes", "tcp_keepalive_time"),
    32: ("tcp_rmem", "tcp_wmem"),
}
"""Settings of `net.ipv4` that every node allows, by the minor version of Kubernetes that made them safe."""


class Cni(enum.StrEnum):
    """The network that enforces policies, where the API leaves it a choice.

    UPSTREAM is what the end-to-end tests of Kubernetes hold every network to.
    """

    UPSTREAM = "upstream"
    CILIUM = "cilium"
    CALICO = "calico"
    OVN_KUBERNETES = "ovn-kubernetes"


class Controller(NamedTuple):
    """Where the pods that carry the traffic of Ingresses, Gateways or Routes run, as far as the user told.

    Shapes: `namespace` is empty where it is not known; `labels` are the pods'; `cidrs`, as written, take their place
    where the traffic comes from addresses outside; `host_network` where it comes from the nodes' own.
    """

    namespace: str = ""
    labels: Mapping[str, str] = MappingProxyType({})
    cidrs: tuple[str, ...] = ()
    host_network: bool = False


class Assumed(NamedTuple):
    """Objects that exist outside the scanned set.

    Shapes: names are `namespace/name`, or a bare name for any namespace; both may hold `*`.
    `namespaces` maps a namespace's name to its labels.
    """

    complete: bool = False
    namespaces: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    services: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    config_maps: tuple[str, ...] = ()
    ingress_classes: tuple[str, ...] = ()
    gateway_classes: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()


class Facts(NamedTuple):
    """The cluster that the manifests are for, as far as the user told.

    Shapes: CIDRs as written; `node_ports` both ends included (kube-apiserver `--service-node-port-range`);
    `kubernetes_version` is (major, minor); `today` is a date, `YYYY-MM-DD`, or empty where nothing expires.
    """

    assumed: Assumed = Assumed()
    kubernetes_version: tuple[int, int] = (1, 34)
    cluster_domain: str = "cluster.local"
    pod_cidrs: tuple[str, ...] = ()
    service_cidrs: tuple[str, ...] = ()
    node_ports: tuple[int, int] = (30000, 32767)
    default_ingress_class: str = ""
    internal_ingress_classes: tuple[str, ...] = ()
    tls_terminated_upstream: bool = False
    system_namespaces: frozenset[str] = SYSTEM_NAMESPACES
    controller_labels: tuple[str, ...] = ()
    include_jobs: bool = False
    cni: Cni = Cni.UPSTREAM
    ingress_controller: Controller | None = None
    today: str = ""

    @property
    def safe_sysctls(self) -> frozenset[str]:
        """The kernel settings of the network that every node allows pods to have, in the cluster's version."""
        minor = self.kubernetes_version[1]
        safe = (name for since, names in SAFE_SYSCTLS_SINCE.items() if since <= minor for name in names)
        return frozenset(f"net.ipv4.{name}" for name in safe)
