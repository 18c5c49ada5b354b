"""For which hosts an Ingress serves TLS, whether its own entries say so or something else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.ingress.classes import ALB_GROUP, IngressController
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource import Ingress, IngressClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snet_lint.certificate import Certificate
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Resource

_TELLING: Mapping[str, str] = {
    "networking.gke.io/managed-certificates": "",
    "networking.gke.io/v1beta1.FrontendConfig": "",
    "ingress.gcp.kubernetes.io/pre-shared-cert": "",
    "kubernetes.io/ingress.allow-http": "false",
    "alb.ingress.kubernetes.io/certificate-arn": "",
    "alb.ingress.kubernetes.io/listen-ports": "https",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate": "",
    "appgw.ingress.kubernetes.io/appgw-ssl-profile": "",
    "kubernetes.azure.com/tls-cert-keyvault-uri": "",
    "traefik.ingress.kubernetes.io/router.tls": "true",
    "traefik.ingress.kubernetes.io/router.tls.certresolver": "",
    "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
    "nginx.ingress.kubernetes.io/ssl-passthrough": "true",
    "haproxy.org/ssl-passthrough": "true",
    "haproxy-ingress.github.io/ssl-passthrough": "true",
    "route.openshift.io/termination": "",
    "konghq.com/protocols": "https",
}
"""Annotations by which a controller serves TLS without `spec.tls`: the value has to hold the text, or anything."""

_SEPARATE_ROUTERS = frozenset({IngressController.TRAEFIK, IngressController.GCE})
"""Controllers for which a host's TLS is each Ingress's own affair; the others serve a host by one virtual server."""


def covers(pattern: str, host: str) -> bool:
    """Whether a certificate's host stands for another; a wildcard stands for exactly one label (RFC 6125, 6.4.3)."""
    pattern, host = pattern.lower(), host.lower()
    return pattern == host or (pattern.startswith("*.") and host.partition(".")[2] == pattern[2:])


class IngressTLSCover:
    """What is known of the TLS that the world's Ingresses serve."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def is_told(self, ingress: Ingress) -> bool:
        """Whether something other than `spec.tls` says that it serves TLS.

        An annotation, its controller's nature, the configuration, another Ingress of its ALB group, or its ALB's class.
        """
        controller = self._graph.ingress_classes.controller_of(ingress)
        return (
            self._graph.facts.tls_terminated_upstream
            or (controller is not None and controller.brings_tls)
            or _is_annotated(ingress)
            or ingress.annotations.get(ALB_GROUP, "") in self._groups
            or (controller is IngressController.ALB and any(map(_has_certificate, self._class_params(ingress))))
        )

    def unnamed(self, certificate: Certificate, hosts: Iterable[str]) -> tuple[str, ...]:
        """Those of the hosts that a certificate does not name; a variable that is filled in later may be named."""
        return tuple(
            host for host in hosts if not is_open(host) and not any(covers(name, host) for name in certificate.hosts)
        )

    def is_served(self, ingress: Ingress, host: str) -> bool:
        """Whether its own entries, or another Ingress, have TLS for the host."""
        return ingress.has_tls(host) or self.is_served_by_another(ingress, host)

    def is_served_by_another(self, ingress: Ingress, host: str) -> bool:
        """Whether an Ingress of the same class has TLS for the host, and the controller serves both by one server."""
        classes = self._graph.ingress_classes
        if classes.controller_of(ingress) in _SEPARATE_ROUTERS:
            return False
        return (classes.class_of(ingress), host.lower()) in self._served

    def is_redirected_by_alb(self, ingress: Ingress) -> bool:
        """Whether its load balancer sends clients to HTTPS, by its own annotations, its group's, or its class's."""
        grouped = ingress.annotations.get(ALB_GROUP, "") in self._redirected_groups
        by_class = any(each.spec["sslRedirectPort"] for each in self._class_params(ingress))
        return _redirects(ingress) or grouped or by_class

    def _class_params(self, ingress: Ingress) -> Iterator[Resource]:
        """The IngressClassParams of its class; all that there are where the class is not among the files."""
        classes = self._graph.named(IngressClass, "", self._graph.ingress_classes.class_of(ingress))
        named = {each.spec.at("parameters", "name").text for each in classes}
        return (each for each in self._every_params if not classes or each.name in named)

    @cached_property
    def _every_params(self) -> tuple[Resource, ...]:
        return tuple(each for each in self._graph.resources if each.kind == "IngressClassParams")

    @cached_property
    def _redirected_groups(self) -> frozenset[str]:
        groups = {each.annotations.get(ALB_GROUP, "") for each in self._graph.select(Ingress) if _redirects(each)}
        return frozenset(groups - {""})

    @cached_property
    def _served(self) -> frozenset[tuple[str, str]]:
        """The class and host of every rule that its own Ingress has TLS for."""
        classes = self._graph.ingress_classes
        return frozenset(
            (classes.class_of(ingress), host.text.lower())
            for ingress in self._graph.select(Ingress)
            for host in ingress.hosts
            if host.text and ingress.has_tls(host.text)
        )

    @cached_property
    def _groups(self) -> frozenset[str]:
        """The ALB groups of which some Ingress says that they serve TLS; a group has its listeners in common."""
        groups = {each.annotations.get(ALB_GROUP, "") for each in self._graph.select(Ingress) if _is_annotated(each)}
        return frozenset(groups - {""})


def _has_certificate(params: Resource) -> bool:
    """Whether IngressClassParams of the AWS controller, or of EKS, name a certificate."""
    return bool(params.spec["certificateArn"] or params.spec["certificateARNs"])


def _is_annotated(ingress: Ingress) -> bool:
    return any((value := ingress.annotations.get(key)) and text in value.lower() for key, text in _TELLING.items())


def _redirects(ingress: Ingress) -> bool:
    """Whether an annotation has an ALB send clients to HTTPS: the listener's own, or an action of a rule."""
    told = ingress.annotations
    return bool(told.get("alb.ingress.kubernetes.io/ssl-redirect")) or any(
        key.startswith("alb.ingress.kubernetes.io/actions.") and "redirect" in value.lower() and "HTTPS" in value
        for key, value in told.items()
    )
