"""How resources refer to one another, and what a reference that leads nowhere looks like."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.nearest import listed
from k8snet_lint.quoting import quoted
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import Resource


class Relation(enum.StrEnum):
    """What one resource does to another.

    SELECTS: a Service or policy selects a workload, or is for a Service. ADMITS: a policy's peer names a workload or
    namespace. ROUTES_TO: an Ingress or route leads to a Service. ATTACHES_TO: a route names its Gateway, which may turn
    it away. REFERS_TO: an object needs a Secret, a class or a Service by name. BACKS: addresses belong to a Service.
    IN: an object lives in a Namespace that is written. CALLS: its settings name a Service as a host, or have the API
    server call one. SCRAPES: a monitor has metrics taken from Services or pods. READS: a workload takes settings from a
    ConfigMap.
    """

    SELECTS = "selects"
    ADMITS = "admits"
    ROUTES_TO = "routes-to"
    ATTACHES_TO = "attaches-to"
    REFERS_TO = "refers-to"
    BACKS = "backs"
    IN = "in"
    CALLS = "calls"
    SCRAPES = "scrapes"
    READS = "reads"


class Edge(NamedTuple):
    """A reference that leads somewhere; `at` is where it is written."""

    source: Resource
    relation: Relation
    target: Resource
    at: Node


class Edges(NamedTuple):
    """A reference that leads to several resources at once, as a selector does: one value, however many they are."""

    source: Resource
    relation: Relation
    targets: Collection[Resource]
    at: Node

    @property
    def each(self) -> Iterator[Edge]:
        """An edge to each of the resources."""
        return (Edge(self.source, self.relation, target, self.at) for target in self.targets)


class NearMiss(NamedTuple):
    """A candidate that almost is what a reference wants; `node` is where it differs, `text` says how.

    Shapes: `label` is the key of the selector's label that does not fit, empty where it is something else.
    """

    node: Node
    text: str
    label: str = ""


class Absence(NamedTuple):
    """How sure it is that something is missing: `covered`, where it would be among what was scanned; near misses.

    Shapes: `what` it is that may be elsewhere, in words that can follow any message.
    """

    covered: bool
    near: tuple[NearMiss, ...] = ()
    what: str = "what is missing"


class Unresolved(NamedTuple):
    """A reference to what is not in the world.

    Shapes: `kind` and `wanted` say what is looked for (`Service`, `shop/web`; `Pod`, `app=web`); `covered` says
    whether the world holds things of that category there, so that the target should be among them; `homeless` are
    candidates of which nobody knows whether they will be there, as they or the source name no namespace; `nearly` are
    names there that are nearly the wanted one, though other references mean them.
    """

    source: Resource
    relation: Relation
    kind: str
    wanted: str
    at: Node
    covered: bool
    near: tuple[NearMiss, ...] = ()
    homeless: tuple[NearMiss, ...] = ()
    nearly: tuple[str, ...] = ()

    @property
    def meant(self) -> str:
        """`; did you mean 'x'?` for the end of a message, or nothing."""
        misspelt = (each.node.text for each in self.near if not each.label)
        names = self.nearly or tuple(dict.fromkeys(name for name in misspelt if name not in ("", self.at.text)))
        return f"; did you mean {listed(map(quoted, names))}?" if names else ""

    @property
    def absence(self) -> Absence:
        """How sure it is that the target is missing."""
        return Absence(self.covered, self.near)

    @staticmethod
    def alike(found: Iterable[Unresolved]) -> tuple[tuple[Unresolved, ...], ...]:
        """The references, those for one thing of which the world tells nothing as one group, every other alone."""
        groups: dict[object, list[Unresolved]] = {}
        for each in found:
            known = each.covered or each.near
            groups.setdefault(id(each) if known else (each.relation, each.kind, each.wanted), []).append(each)
        return tuple(map(tuple, groups.values()))


class Missed:
    """A reference by labels that leads nowhere; what almost fits is looked for when it is asked for."""

    def __init__(self, look: Callable[[], Unresolved]) -> None:
        self._look = look

    @cached_property
    def unresolved(self) -> Unresolved:
        """The reference, and how sure it is that it leads nowhere."""
        return self._look()
