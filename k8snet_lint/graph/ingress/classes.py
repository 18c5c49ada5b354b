"""Which class an Ingress has, and which controller serves it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.resource import ConfigMap, Ingress, IngressClass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.graph.graph import Graph

ALB_GROUP = "alb.ingress.kubernetes.io/group.name"
"""Ingresses of one group share a load balancer, its listeners and its rules."""

ALB_SCHEME = "alb.ingress.kubernetes.io/scheme"
INTERNAL_ON_GKE = "gce-internal"
"""The class that GKE keeps for internal load balancers (*Ingress for internal Application Load Balancers*)."""


class IngressController(enum.Enum):
    """Controllers whose behaviour rules tell apart; the value is what people call them."""

    INGRESS_NGINX = "ingress-nginx"
    NGINX = "NGINX Ingress Controller"
    TRAEFIK = "Traefik"
    HAPROXY = "HAProxy"
    ALB = "AWS Load Balancer Controller"
    GCE = "GKE Ingress"
    AZURE = "Azure Application Gateway"
    CONTOUR = "Contour"
    KONG = "Kong"
    ISTIO = "Istio"
    CILIUM = "Cilium"
    OPENSHIFT = "OpenShift router"
    CLOUDFLARE = "Cloudflare Tunnel"
    TAILSCALE = "Tailscale"
    NGROK = "ngrok"

    @property
    def gives_each_its_own_address(self) -> bool:
        """Whether Ingresses do not share hosts: each gets a load balancer, or a name, of its own."""
        return self in (IngressController.ALB, IngressController.GCE, IngressController.TAILSCALE)

    @property
    def is_outside(self) -> bool:
        """Whether a cloud's own load balancer carries the traffic, and no pods do."""
        return self in (IngressController.ALB, IngressController.GCE, IngressController.AZURE)

    @property
    def brings_tls(self) -> bool:
        """Whether it serves TLS with certificates that no Ingress names."""
        return self in (
            IngressController.AZURE,
            IngressController.CLOUDFLARE,
            IngressController.NGROK,
            IngressController.TAILSCALE,
        )


_BY_DOMAIN: Mapping[str, IngressController] = {
    "nginx.org/": IngressController.NGINX,
    "traefik.io/": IngressController.TRAEFIK,
    "haproxy.org/": IngressController.HAPROXY,
    "haproxy-ingress.github.io/": IngressController.HAPROXY,
    "ingress.k8s.aws/": IngressController.ALB,
    "eks.amazonaws.com/": IngressController.ALB,
    "azure/": IngressController.AZURE,
    "alb.networking.azure.io/": IngressController.AZURE,
    "webapprouting.kubernetes.azure.com/nginx": IngressController.INGRESS_NGINX,
    "projectcontour.io/": IngressController.CONTOUR,
    "ingress-controllers.konghq.com/": IngressController.KONG,
    "istio.io/": IngressController.ISTIO,
    "cilium.io/": IngressController.CILIUM,
    "openshift.io/": IngressController.OPENSHIFT,
    "strrl.dev/cloudflare-tunnel-ingress-controller": IngressController.CLOUDFLARE,
    "tailscale.com/": IngressController.TAILSCALE,
    "k8s.ngrok.com/": IngressController.NGROK,
}
"""What the `spec.controller` of their IngressClasses starts with, by each project's installation guide."""

_BY_WORD: Mapping[str, IngressController] = {
    "nginx": IngressController.INGRESS_NGINX,
    "webapprouting": IngressController.INGRESS_NGINX,
    "traefik": IngressController.TRAEFIK,
    "haproxy": IngressController.HAPROXY,
    "alb": IngressController.ALB,
    "gce": IngressController.GCE,
    "azure": IngressController.AZURE,
    "contour": IngressController.CONTOUR,
    "kong": IngressController.KONG,
    "istio": IngressController.ISTIO,
    "cilium": IngressController.CILIUM,
    "openshift": IngressController.OPENSHIFT,
    "cloudflare": IngressController.CLOUDFLARE,
    "tailscale": IngressController.TAILSCALE,
    "ngrok": IngressController.NGROK,
}
"""Words of the class names that are in use for them."""

_BY_ANNOTATION: Mapping[str, IngressController] = {
    "nginx.org/": IngressController.NGINX,
    "nginx.com/": IngressController.NGINX,
    "nginx.ingress.kubernetes.io/": IngressController.INGRESS_NGINX,
    "traefik.ingress.kubernetes.io/": IngressController.TRAEFIK,
    "haproxy.org/": IngressController.HAPROXY,
    "haproxy-ingress.github.io/": IngressController.HAPROXY,
    "alb.ingress.kubernetes.io/": IngressController.ALB,
    "networking.gke.io/": IngressController.GCE,
    "ingress.gcp.kubernetes.io/": IngressController.GCE,
    "appgw.ingress.kubernetes.io/": IngressController.AZURE,
    "projectcontour.io/": IngressController.CONTOUR,
    "konghq.com/": IngressController.KONG,
    "route.openshift.io/": IngressController.OPENSHIFT,
}
"""Prefixes of the annotations that only they read."""


class IngressClasses:
    """Classes and controllers of the world's Ingresses."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._controllers: dict[Ingress, IngressController | None] = {}

    def class_of(self, ingress: Ingress) -> str:
        """The class that it names, else the cluster's default one; empty where neither is known."""
        return ingress.class_name or self._default

    def controller_of(self, ingress: Ingress) -> IngressController | None:
        """Who serves it; None where nothing tells.

        Told, in this order, by the IngressClass of that name, by the class's name, and by annotations that one
        controller alone reads. Two controllers call their class `nginx`; their annotations tell them apart.
        """
        if ingress not in self._controllers:
            self._controllers[ingress] = self._controller_of(ingress)
        return self._controllers[ingress]

    def is_internal(self, ingress: Ingress) -> bool:
        """Whether the Internet cannot reach it, as its class, the user of its class, or an annotation says."""
        internal = {INTERNAL_ON_GKE, *self._graph.facts.internal_ingress_classes}
        return self.class_of(ingress) in internal or ingress.annotation(ALB_SCHEME).text == "internal"

    def shares_address(self, ingress: Ingress) -> bool:
        """Whether other Ingresses may claim the hosts that it claims, as its controller serves them at one address."""
        controller = self.controller_of(ingress)
        grouped = bool(ingress.annotation(ALB_GROUP))
        return controller is None or not controller.gives_each_its_own_address or grouped

    @cached_property
    def nginx_validates_paths(self) -> bool:
        """Whether ingress-nginx rejects paths that do not fit their type: its default from 1.12 on."""
        settings = (each.data["strict-validate-path-type"] for each in self._graph.select(ConfigMap))
        return all(setting.text.lower() != "false" for setting in settings)

    def _controller_of(self, ingress: Ingress) -> IngressController | None:
        name = self.class_of(ingress)
        for written in self._graph.named(IngressClass, "", name) if name else ():
            return _by_controller(written.controller)
        by_annotation = _by_annotation(ingress)
        if not name or (name == "nginx" and by_annotation is IngressController.NGINX):
            return by_annotation
        return called_like(name) or by_annotation

    @cached_property
    def defaults(self) -> tuple[IngressClass, ...]:
        """The classes that say of themselves to be the cluster's default one."""
        return tuple(each for each in self._graph.select(IngressClass) if each.is_default)

    @property
    def further_defaults(self) -> Iterator[tuple[IngressClass, IngressClass]]:
        """Each default class but the first, with that one, of which a cluster is to have one."""
        for other in self.defaults:
            first = self.defaults[0]
            if other.name != first.name and not self._graph.are_alternatives(first, other):
                yield other, first

    @property
    def classless(self) -> Iterator[Ingress]:
        """The Ingresses that need a class, name none, and have no default one either."""
        for ingress in self._graph.select(Ingress) if not self.defaults else ():
            needs_one = bool(ingress.backends) and not ingress.is_acme_solver and not ingress.is_generated
            if needs_one and not self.class_of(ingress) and self.controller_of(ingress) is not IngressController.GCE:
                yield ingress

    def is_usual(self, name: str) -> bool:
        """Whether a class is called as those are that come with a controller."""
        return called_like(name) is not None

    def is_stock(self, name: str) -> bool:
        """Whether a class is called as a controller's is where nobody names it otherwise."""
        return name in _BY_WORD or name == "openshift-default"

    @cached_property
    def _default(self) -> str:
        told = self._graph.facts.default_ingress_class
        return told or (self.defaults[0].name if len(self.defaults) == 1 else "")


def _by_controller(controller: str) -> IngressController | None:
    """`k8s.io/ingress-nginx`, or the like of it where several of them run in one cluster."""
    if controller.startswith("k8s.io/") and "nginx" in controller:
        return IngressController.INGRESS_NGINX
    return next((found for domain, found in _BY_DOMAIN.items() if controller.startswith(domain)), None)


def called_like(name: str) -> IngressController | None:
    """The controller whose word is in a name, be it that of a class or of an image."""
    words = name.lower().replace("_", "-").replace(".", "-").replace("/", "-").split("-")
    return next((_BY_WORD[word] for word in words if word in _BY_WORD), None)


def _by_annotation(ingress: Ingress) -> IngressController | None:
    found = (
        controller
        for prefix, controller in _BY_ANNOTATION.items()
        if any(key.startswith(prefix) for key in ingress.annotations)
    )
    return next(found, None)
