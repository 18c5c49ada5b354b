"""References to objects by group, kind, namespace and name, as the Gateway API writes them (GEP-709)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import shortened
from k8snet_lint.record import NamedTuple
from k8snet_lint.selector import NAME_LABEL, Selector

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

GATEWAY_GROUP = "gateway.networking.k8s.io"
EXPERIMENTAL_GROUP = "gateway.networking.x-k8s.io"


class ObjectRef(NamedTuple):
    """A reference to an object, the API's defaults filled in.

    Shapes: `group` is empty for the core API; `namespace` is the referring object's where none is written;
    `is_abroad` tells that another one is written.
    """

    node: Node
    group: str
    kind: str
    namespace: str
    name: str
    is_abroad: bool

    @staticmethod
    def of(node: Node, home: str, group: str, kind: str) -> ObjectRef:
        """`home` is the referring object's namespace, `group` and `kind` are the field's defaults."""
        written = node["namespace"].text
        return ObjectRef(
            node=node,
            group=group if node["group"].value is None else node["group"].text,
            kind=node["kind"].text or kind,
            namespace=written or home,
            name=node["name"].text,
            is_abroad=bool(written) and written != home,
        )

    @property
    def is_core(self) -> bool:
        """Whether it is for an object of the core API, whose kinds every controller knows."""
        return not self.group

    @property
    def means_core(self) -> bool:
        """Whether its group is what people call the core API, whose group is empty: there is no such group."""
        return self.group in ("core", "v1")

    @property
    def is_of_other_kind(self) -> bool:
        """Whether it surely is for an object of the core API that is no Service."""
        return self.is_core and not self.is_service and not is_open(self.kind)

    @property
    def is_service(self) -> bool:
        return self.is_core and self.kind == "Service"

    @property
    def is_secret(self) -> bool:
        return self.is_core and self.kind == "Secret"

    @property
    def is_gateway(self) -> bool:
        return self.group == GATEWAY_GROUP and self.kind == "Gateway"

    @property
    def is_listener_set(self) -> bool:
        return (self.group, self.kind) in LISTENER_SETS

    def __str__(self) -> str:
        return "/".join(shortened(part) for part in (self.kind, self.namespace, self.name) if part)


LISTENER_SETS = frozenset({(GATEWAY_GROUP, "ListenerSet"), (EXPERIMENTAL_GROUP, "XListenerSet")})
"""The two names of one kind: of the standard channel, and of the experimental one before it."""


class NamespaceScope(NamedTuple):
    """The namespaces that something may attach from (`RouteNamespaces`, `ListenerNamespaces`).

    Shapes: `among` is `Same`, `All`, `Selector` or `None`; `node` is where that is written, absent or not.
    """

    node: Node
    among: str
    selector: Selector

    @staticmethod
    def of(node: Node, default: str) -> NamespaceScope:
        """A mapping of `from` and `selector`."""
        selector = node["selector"]
        found = Selector.of(selector) if selector.value is not None else Selector((), "no selector is written")
        return NamespaceScope(node["from"], node["from"].text or default, found)

    @property
    def goes_by_labels(self) -> bool:
        """Whether labels of namespaces decide, and no variable stands for one of those."""
        return self.among == "Selector" and not any(
            is_open(text) for each in self.selector.requirements for text in (each.key, *each.values)
        )

    def letting_in(self, namespace: str, what: str, own: str) -> str:
        """What lets something of a namespace in, for a help; `what` is where this is written, `own` its namespace."""
        whom = f"namespace '{namespace}'" if namespace else "its namespace"
        widen = f"let {what} admit {whom}"
        if self.among == "Selector" and all(each.key != NAME_LABEL for each in self.selector.requirements):
            return f"give {whom} labels with {self.selector}, or {widen}"
        return f"{widen}, or move it to namespace '{own}'" if self.among == "Same" and own else widen

    def __str__(self) -> str:
        return f"from namespaces with {self.selector}" if self.among == "Selector" else f"from: {self.among}"
