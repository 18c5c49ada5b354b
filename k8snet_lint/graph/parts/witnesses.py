"""What all worlds share and all their parts show, as it has to do with every namespace or with very many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.graph.parts.acting import ISTIO_GATEWAY, acts_everywhere
from k8snet_lint.graph.parts.pervasive import LABELLED, connects, is_homeless, looks_everywhere, roams
from k8snet_lint.graph.parts.ties import asks_to_be_scraped, carries, home, scrapes, serves
from k8snet_lint.graph.scrapes import reads_monitors
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import (
    EnginePolicy,
    Ingress,
    Kustomization,
    ListenerHolder,
    Namespace,
    NetworkPolicy,
    Workload,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.roles import Roles
    from k8snet_lint.resource import Resource


SAYING = (Namespace, NetworkPolicy, EnginePolicy)
"""What says to whom the pods of a namespace may connect."""


class Witnesses(NamedTuple):
    """What every part shows without a word on it: what is said of it, whole worlds say.

    Shapes: `seen` are resources, by their ids; `namespaces` are those that every part shows all of.
    """

    seen: frozenset[int] = frozenset()
    namespaces: frozenset[str] = frozenset()

    @staticmethod
    def of(common: Sequence[Resource], own: Sequence[Resource], facts: Facts, roles: Roles) -> Witnesses:
        """Those among what worlds share, given all that some have for their own."""
        namespaces = frozenset(_open(common, facts, roles)).difference(map(home, own))
        inside = (each for each in common if _is_in(each, namespaces))
        seen = (*_acting(common, own), *_serving(common, own, roles), *_homeless(common, own, roles), *inside)
        return Witnesses(frozenset(map(id, seen)), namespaces)


NO_WITNESSES = Witnesses()


def _open(common: Iterable[Resource], facts: Facts, roles: Roles) -> Iterator[str]:
    """The namespaces that policies everywhere may be about, whatever they name, and those that routes of a mesh name.

    What attaches to a Gateway has to do with all else that does, so that none is in these.
    """
    found: dict[str, list[Resource]] = {}
    for each in common:
        found.setdefault(home(each), []).append(each)
    for name, held in found.items():
        matters = name in LABELLED or any(connects(each, facts) for each in held)
        if name and (matters or _is_way_in(held, roles)) and not any(isinstance(each, ListenerHolder) for each in held):
            yield name


def _is_way_in(held: Iterable[Resource], roles: Roles) -> bool:
    """Whether a namespace is there for the gateways of a mesh alone."""
    has_gateway = any((each.group, each.kind) == ISTIO_GATEWAY for each in held)
    return has_gateway and all(roles.is_ingress_controller(each) for each in held if isinstance(each, Workload))


def _acting(common: Iterable[Resource], own: Iterable[Resource]) -> tuple[Resource, ...]:
    """What acts everywhere, with the Namespaces that it is in, but for those of which alternatives tell the labels."""
    labelled = {each.name for each in own if isinstance(each, Namespace)}
    found = tuple(each for each in common if acts_everywhere(each) and home(each) not in labelled)
    homes = frozenset(map(home, found)) - {""}
    return (*found, *(each for each in common if _is_one_of(each, homes)))


def _serving(common: Sequence[Resource], own: Sequence[Resource], roles: Roles) -> Iterator[Resource]:
    """What serves Ingresses or scrapes for everyone, with all that says to whom it may connect.

    Monitors of every namespace are among it, unless some Prometheus that goes by them is not.
    """
    monitors = tuple(filter(looks_everywhere, common))
    servers = tuple(_servers(common, own, roles, is_monitored=bool(monitors)))
    homes = {home(each) for each in servers if isinstance(each, Workload)}
    yield from (*servers, *(each for each in common if home(each) in homes and isinstance(each, SAYING)))
    if sum(map(reads_monitors, servers)) == sum(map(reads_monitors, (*common, *own))):
        yield from monitors


def _servers(
    common: Iterable[Resource], own: Iterable[Resource], roles: Roles, *, is_monitored: bool
) -> Iterator[Resource]:
    """What serves or scrapes where alternatives ask for it; no pods that these are beside, or may be."""
    is_served = any(isinstance(each, Ingress) for each in own)
    is_scraped = is_monitored or any(map(asks_to_be_scraped, own))
    beside = {"", *map(home, own)}
    for each in common:
        asked = (is_served and serves(each, roles)) or (is_scraped and scrapes(each, roles))
        if asked and not (isinstance(each, Workload) and home(each) in beside):
            yield each


def _homeless(common: Iterable[Resource], own: Iterable[Resource], roles: Roles) -> tuple[Resource, ...]:
    """What may be in any namespace, where pods or policies are among it.

    Nothing where alternatives have more of it, or where some of it connects for others: to whom the policies of any
    namespace let it, no part knows.
    """
    found = tuple(filter(is_homeless, common))
    for_others = any(serves(each, roles) or scrapes(each, roles) or carries(each) for each in found)
    return found if any(map(roams, found)) and not for_others and not any(map(is_homeless, own)) else ()


def _is_one_of(resource: Resource, namespaces: frozenset[str]) -> bool:
    return isinstance(resource, Namespace) and resource.name in namespaces


def _is_in(resource: Resource, namespaces: frozenset[str]) -> bool:
    return not isinstance(resource, Kustomization) and home(resource) in namespaces
