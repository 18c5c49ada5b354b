"""The resource graph: a world's resources and the typed relations between them."""

from k8snet_lint.graph.edges import Absence, Edge, NearMiss, Relation, Unresolved
from k8snet_lint.graph.graph import Graph
from k8snet_lint.graph.ingress.classes import IngressController
from k8snet_lint.graph.isolation.isolation import Isolation
from k8snet_lint.graph.namespaces import Namespaces
from k8snet_lint.graph.parts.alone import Alone
from k8snet_lint.graph.parts.beyond import NotAloneError
from k8snet_lint.graph.pods import PodIndex

__all__ = [
    "Absence",
    "Alone",
    "Edge",
    "Graph",
    "IngressController",
    "Isolation",
    "Namespaces",
    "NearMiss",
    "NotAloneError",
    "PodIndex",
    "Relation",
    "Unresolved",
]
