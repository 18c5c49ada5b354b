"""Ingresses, their classes, and the older shapes of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.nearest import did_you_mean
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.words import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.nginx_values import Injection

KEYS_OF_PATH = ("backend", "path", "pathType")
CLASS_ANNOTATION = "kubernetes.io/ingress.class"
LITERAL_PATH_TYPES = ("Exact", "Prefix")
PATH_TYPES = (*LITERAL_PATH_TYPES, "ImplementationSpecific")
NGINX_TAKES = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-")
OF_PATTERNS = frozenset(r"*()[]{}|^$\?")
ACME_CHALLENGE = "/.well-known/acme-challenge"

VARIABLES = ("{{", "${", "#{", "__")
"""What variables in paths are told by; a single `$` or `{` may stand in a pattern."""

_ISSUED = (
    "cert-manager.io/issuer",
    "cert-manager.io/cluster-issuer",
    "certmanager.k8s.io/issuer",
    "certmanager.k8s.io/cluster-issuer",
    "kubernetes.io/tls-acme",
    "cert.gardener.cloud/purpose",
    "kubernetes.azure.com/tls-cert-keyvault-uri",
    "projectcontour.io/tls-cert-namespace",
)
"""Annotations by which certificates are issued, or brought from another namespace (each controller's documentation)."""


class Backend(NamedTuple):
    """The Service and port that a path leads to (networking.k8s.io/v1 `IngressBackend`).

    Shapes: `service` is absent for a resource backend; `port` is the number or the name that is written, None
    where neither is; the shape of networking.k8s.io/v1beta1 is read too.
    """

    node: Node
    service: Node
    port: int | str | None
    port_node: Node

    @property
    def is_open(self) -> bool:
        """Whether its port is still to be filled in."""
        return is_open(self.port_node.value)

    @property
    def is_of_wrong_type(self) -> bool:
        """Whether what stands for its port's number is none, such as `"80"`, or stands a level too high."""
        return self.port is None and self.port_node.value is not None

    @property
    def is_action(self) -> bool:
        """Whether the name is that of an `alb.ingress.kubernetes.io/actions.…` annotation, not of a Service."""
        return self.port == "use-annotation"

    @staticmethod
    def of(node: Node) -> Backend:
        if node["serviceName"].present:
            written = node["servicePort"]
            port = written.value if isinstance(written.value, (int, str)) else None
            return Backend(node, node["serviceName"], port, written)
        port_node = node.at("service", "port")
        if port_node.value is not None and not port_node.is_mapping:
            return Backend(node, node.at("service", "name"), None, port_node)
        name, number = port_node["name"], port_node["number"]
        if name:
            return Backend(node, node.at("service", "name"), name.text, name)
        return Backend(node, node.at("service", "name"), number.integer, number)


class IngressPath(NamedTuple):
    """One route: host and path to a backend; `host` is empty for every host."""

    node: Node
    host: str
    host_node: Node
    path: str
    path_type: str
    backend: Backend

    @property
    def is_for_unknown_host(self) -> bool:
        """Whether a variable stands for its host, which may be another one for each object that is written so."""
        return is_open(self.host)

    @property
    def has_unknown_type(self) -> bool:
        """Whether its `pathType` is written, and none that there is."""
        written = self.node["pathType"]
        return bool(written) and written.value not in PATH_TYPES and not is_open(written.value)

    @property
    def has_slip_of_type(self) -> bool:
        """Whether a key that there is not stands where `pathType` belongs."""
        unknown = (str(key) for key, _ in self.node.items() if key not in KEYS_OF_PATH)
        return any("pathType" in did_you_mean(key, KEYS_OF_PATH) for key in unknown)

    @property
    def fault(self) -> str:
        """Why the API server rejects the path's text, if it does (`validateHTTPIngressPath`)."""
        if self.is_open:
            return ""
        literal = self.path_type in LITERAL_PATH_TYPES
        if not self.path.startswith("/") and (self.path or literal):
            return "it does not start with '/'"
        faults = [f"it holds '{part}'" for part in ("//", "/./", "/../", "%2f", "%2F") if part in self.path]
        faults += [f"it ends with '{part}'" for part in ("/..", "/.") if self.path.endswith(part)]
        return faults[0] if literal and faults else ""

    @property
    def refused(self) -> str:
        """The character for which ingress-nginx refuses the path (`strict-validate-path-type`), or an empty text."""
        if self.path_type not in LITERAL_PATH_TYPES or NGINX_TAKES.issuperset(self.path) or self.is_open:
            return ""
        return next(letter for letter in self.path if letter not in NGINX_TAKES)

    @property
    def of_pattern(self) -> str:
        """A character that would mean something in a regular expression, and that Prefix takes literally; or none."""
        if self.path_type != "Prefix" or OF_PATTERNS.isdisjoint(self.path) or self.is_open:
            return ""
        return next(letter for letter in self.path if letter in OF_PATTERNS)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be filled in, by marks that no pattern of nginx has."""
        return self.path.startswith("<") or any(mark in self.path for mark in VARIABLES)


class IngressTLS(NamedTuple):
    """One entry of `spec.tls`."""

    node: Node
    hosts: tuple[str, ...]
    secret: Node


def is_issued(annotations: Mapping[str, str]) -> bool:
    """Whether one of the annotations has somebody else supply the Secrets that an object names."""
    return any(annotations.get(key, "false") not in ("", "false") for key in _ISSUED)


class Ingress(Resource):
    """A networking.k8s.io Ingress, of v1 or of a retired version."""

    @cached_property
    def paths(self) -> tuple[IngressPath, ...]:
        return tuple(self._paths())

    def _paths(self) -> Iterator[IngressPath]:
        for entry in self.spec["rules"]:
            for node in entry.at("http", "paths"):
                yield IngressPath(
                    node=node,
                    host=entry["host"].text,
                    host_node=entry["host"],
                    path=node["path"].text,
                    path_type=node["pathType"].text or "ImplementationSpecific",
                    backend=Backend.of(node["backend"]),
                )

    @cached_property
    def hosts(self) -> tuple[Node, ...]:
        """The host of each rule; absent or empty where the rule is for every host."""
        return tuple(rule["host"] for rule in self.spec["rules"])

    @property
    def is_for_loopback(self) -> bool:
        """Whether all of its hosts are names that every client takes for itself."""
        return bool(self.hosts) and all(is_loopback(host.text) for host in self.hosts)

    @cached_property
    def default_backend(self) -> Backend | None:
        for field in ("defaultBackend", "backend"):
            if self.spec[field]:
                return Backend.of(self.spec[field])
        return None

    @cached_property
    def backends(self) -> tuple[Backend, ...]:
        """Every backend that is written, the default one first."""
        default = (self.default_backend,) if self.default_backend else ()
        return (*default, *(path.backend for path in self.paths))

    @cached_property
    def tls(self) -> tuple[IngressTLS, ...]:
        return tuple(
            IngressTLS(node, tuple(host.text for host in node["hosts"] if host.text), node["secretName"])
            for node in self.spec["tls"]
        )

    def has_tls(self, host: str) -> bool:
        """Whether an entry of its own is for the host; an entry without hosts is for every one."""
        name = host.lower()
        return not self._tls_hosts.isdisjoint(("", name, f"*.{name.partition('.')[2]}"))

    @cached_property
    def _tls_hosts(self) -> frozenset[str]:
        return frozenset(host.lower() for entry in self.tls for host in entry.hosts or ("",))

    @cached_property
    def class_node(self) -> Node:
        """Where the class is written: the field, else the older annotation; absent where neither is."""
        return self.spec["ingressClassName"] or self.annotation(CLASS_ANNOTATION)

    @cached_property
    def class_name(self) -> str:
        return self.class_node.text

    @property
    def has_two_classes(self) -> bool:
        """Whether field and annotation name different classes, and no variable stands for either."""
        field, annotation = self.spec["ingressClassName"].text, self.annotation(CLASS_ANNOTATION).text
        return bool(field and annotation) and field != annotation and not (is_open(field) or is_open(annotation))

    @cached_property
    def is_acme_solver(self) -> bool:
        """Whether it is only there to answer an ACME challenge, as those that cert-manager makes."""
        if "acme.cert-manager.io/http01-solver" in self.labels:
            return True
        return bool(self.paths) and all(path.path.startswith(ACME_CHALLENGE) for path in self.paths)

    @cached_property
    def is_canary(self) -> bool:
        """Whether ingress-nginx takes it for a second opinion on another Ingress's routes."""
        return self.annotations.get("nginx.ingress.kubernetes.io/canary") == "true"

    @property
    def uses_regex(self) -> bool:
        """Whether ingress-nginx reads its paths as regular expressions, whatever their type."""
        return self.annotations.get("nginx.ingress.kubernetes.io/use-regex") == "true"

    @property
    def injections(self) -> Iterator[Injection]:
        """Its values that end the directive of NGINX that they are meant for, or start another."""
        from k8snet_lint.resource.nginx_values import injections  # noqa: PLC0415 - for those that NGINX serves

        return injections(self)

    @cached_property
    def is_issued(self) -> bool:
        """Whether an annotation has somebody else supply the Secrets that its `tls` names."""
        return is_issued(self.annotations)


class IngressClass(Resource):
    """A networking.k8s.io IngressClass."""

    cluster_scoped = True

    @cached_property
    def controller(self) -> str:
        return self.spec["controller"].text

    @cached_property
    def is_default(self) -> bool:
        return self.annotations.get("ingressclass.kubernetes.io/is-default-class") == "true"
