"""Which workloads carry the traffic of an Ingress: those of its controller, where it surely is among them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.graph.ingress.classes import IngressController, called_like
from k8snet_lint.graph.roles import NAME_LABELS
from k8snet_lint.resource import IngressClass, Workload

if TYPE_CHECKING:
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Ingress

_CLASS = r"--(?:ingress-class(?:-name|-by-name)?|ingress\.class|providers\.kubernetesingress\.ingressclass)[=\s]+(\S+)"
"""How controllers are told the class that they serve."""

_CONTROLLER = r"--controller-class[=\s]+(\S+)"
"""How ingress-nginx is told which IngressClasses are its own."""

NO_CARRIERS = frozenset({"contour", "envoy", "envoy-distroless", "envoy-gateway", "kubernetes-ingress-controller"})
"""The last parts of the images of controllers that have other pods carry the traffic, or carry none of Ingresses."""

NGINX = (IngressController.INGRESS_NGINX, IngressController.NGINX)
"""Two controllers that go by one name."""


class IngressCarriers:
    """The ingress controllers among the workloads of a world, held against classes."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[str, IngressController | None], tuple[Workload, ...]] = {}

    def of(self, ingress: Ingress) -> tuple[Workload, ...]:
        """Those that surely serve it; none where it may be served by another one.

        An Ingress of which nothing tells a class is served by whatever controller there is.
        """
        classes = self._graph.ingress_classes
        key = classes.class_of(ingress), classes.controller_of(ingress)
        if key not in self._known:
            self._known[key] = tuple(each for each in self.every if self._serves(each, *key))
        return self._known[key]

    @cached_property
    def every(self) -> tuple[Workload, ...]:
        """All that carry the traffic of Ingresses."""
        found = filter(self._graph.roles.is_ingress_controller, self._graph.select(Workload))
        return tuple(each for each in found if not _has_others_carry(each))

    def _serves(self, workload: Workload, wanted: str, product: IngressController | None) -> bool:
        if not wanted and product is None:
            return True
        written = self._graph.named(IngressClass, "", wanted) if wanted else ()
        controllers = _told(workload, _CONTROLLER)
        if written and controllers:
            return any(each.controller in controllers for each in written)
        if wanted and (classes := _told(workload, _CLASS)):
            return wanted in classes
        is_known = not wanted or bool(written) or self._graph.ingress_classes.is_stock(wanted)
        return is_known and product is not None and _family(_product(workload)) == _family(product)


def _has_others_carry(workload: Workload) -> bool:
    return any(each.repository.rpartition("/")[2] in NO_CARRIERS for each in workload.containers)


def _told(workload: Workload, option: str) -> set[str]:
    """What an option of a controller is set to."""
    said = (found for each in workload.containers for found in re.findall(option, each.words))
    return {found.strip("\"'") for found in said}


def _product(workload: Workload) -> IngressController | None:
    """Which controller it is, by its images or by what it is called."""
    called = (*(each.repository for each in workload.containers), *map(workload.pod_labels.get, NAME_LABELS))
    return next((found for text in called if text and (found := called_like(text)) is not None), None)


def _family(product: IngressController | None) -> IngressController | None:
    return NGINX[0] if product in NGINX else product
