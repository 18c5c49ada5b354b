"""Ends of connections as people write them: a workload, a Service, a namespace, addresses, `internet`, `ingress`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.cidr import BITS, Cidr
from k8snet_lint.errors import UsageError
from k8snet_lint.nearest import did_you_mean
from k8snet_lint.quoting import quoted
from k8snet_lint.reach.addresses import INTERNET
from k8snet_lint.resource import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from k8snet_lint.connectivity.analyses import Analysis
    from k8snet_lint.reach import Endpoint, Peers, Reach
    from k8snet_lint.reach.addresses import Ranges

FORMS = "namespace/name, namespace/kind/name, namespace/ for all in it, a CIDR or address, internet, ingress"
"""What an end can be, for help texts and errors."""

SHORT = {
    "cj": "cronjob",
    "deploy": "deployment",
    "ds": "daemonset",
    "po": "pod",
    "rc": "replicationcontroller",
    "rs": "replicaset",
    "sts": "statefulset",
    "svc": "service",
}
"""What kubectl calls kinds in short."""


@dataclass(frozen=True, slots=True)
class End:
    """Endpoints that a text means.

    Shapes: `service` is there where they are meant as those behind a Service, so that ports are the Service's;
    `within` are the ranges asked about, by IP version, where the endpoints' own may reach further.
    """

    text: str
    members: tuple[Endpoint, ...]
    service: Service | None = None
    within: Mapping[int, Ranges] | None = None


class Ends:
    """Finds the ends of one world."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def find(self, text: str) -> End | None:
        """Who is meant; None where nobody of that name is in this world. Raises UsageError for a broken address."""
        if text in _SYMBOLS:
            within = INTERNET if text == "internet" else None
            return End(text, _SYMBOLS[text](self._reach).endpoints, within=within)
        if _is_address(text):
            return self._addresses(text)
        members = self._workloads.get(_folded(text))
        if members:
            return End(text, tuple(members))
        service = self._services.get(_folded(text))
        return End(text, self.behind(service), service) if service is not None else None

    def _addresses(self, text: str) -> End:
        version = 6 if ":" in text else 4
        try:
            cidr = Cidr.of(text if "/" in text else f"{text}/{BITS[version]}")
        except ValueError as error:
            raise UsageError(f"{quoted(text)} is no CIDR or address: {error}", help=f"write {FORMS}") from error
        members = self._reach.addresses(str(cidr)).endpoints
        return End(text, members, within={cidr.version: (cidr.range,)})

    def behind(self, service: Service) -> tuple[Endpoint, ...]:
        """The endpoints whose pods a Service selects."""
        selected = {id(workload) for workload in self._reach.graph.endpoints(service)}
        return tuple(each for each in self._reach.workloads if id(each.workload) in selected)

    def services_before(self, endpoint: Endpoint) -> tuple[Service, ...]:
        """The Services that select an endpoint's pods."""
        graph = self._reach.graph
        beside = (each for each in graph.select(Service) if each.namespace == endpoint.namespace)
        return tuple(each for each in beside if any(it is endpoint.workload for it in graph.endpoints(each)))

    @property
    def known(self) -> Iterable[str]:
        """Every name that means somebody, as shortly as it can be written."""
        for each in self._reach.workloads:
            yield _short(each)
            yield each.key
            if each.namespace:
                yield f"{each.namespace}/"
        yield from (f"{each.namespace}/Service/{each.name}" for each in self._reach.graph.select(Service))
        yield from _SYMBOLS

    @cached_property
    def _workloads(self) -> dict[str, list[Endpoint]]:
        found: dict[str, list[Endpoint]] = {}
        spaces = self._reach.graph.namespaces
        for each in self._reach.workloads:
            space = each.namespace or ("default" if spaces.unset_is_default else "")
            _, _, name = each.key.rpartition("/")
            kind = each.key.rpartition("/")[0].rpartition("/")[2]
            names = {each.key, f"{space}/{kind}/{name}", f"{space}/{name}", f"{space}/"}
            for known in names if each.namespace else (*names, f"{kind}/{name}"):
                found.setdefault(_folded(known), []).append(each)
        return found

    @cached_property
    def _services(self) -> dict[str, Service]:
        found: dict[str, Service] = {}
        spaces = self._reach.graph.namespaces
        for service in self._reach.graph.select(Service):
            space = service.namespace or ("default" if spaces.unset_is_default else "")
            found[_folded(f"{space}/Service/{service.name}")] = service
            found.setdefault(_folded(f"{space}/{service.name}"), service)
            if not service.namespace:
                found[_folded(f"Service/{service.name}")] = service
        return found


def find_everywhere(analyses: Iterable[Analysis], text: str, option: str) -> dict[str, End]:
    """Who is meant in each world, by its name; worlds that know nobody of that name are left out.

    Raises UsageError where no world does.
    """
    known: list[str] = []
    found: dict[str, End] = {}
    for world, reach in analyses:
        ends = Ends(reach)
        end = ends.find(text)
        if end is not None:
            found[world] = end
        else:
            known += ends.known
    if not found:
        raise UsageError(nobody(text, option, known), help=f"write {FORMS}")
    return found


def nobody(text: str, option: str, known: Iterable[str]) -> str:
    """What to say of a name that means nobody, with the names that may have been meant."""
    names = [*dict.fromkeys(known)]
    same = [name for name in names if "/" not in text and text and name.rpartition("/")[2] == text]
    meant = f"; did you mean '{same[0]}'?" if same else did_you_mean(text, names)
    return f"{option} {quoted(text)} is nobody in these manifests{meant}"


def _short(endpoint: Endpoint) -> str:
    _, _, name = endpoint.key.rpartition("/")
    return f"{endpoint.namespace}/{name}" if endpoint.namespace else endpoint.key


def _is_address(text: str) -> bool:
    head = text.partition("/")[0]
    return ":" in head or (head.count(".") == 3 and head.replace(".", "").isdecimal())


def _folded(text: str) -> str:
    """Kinds are written in any case, and in short as kubectl has them."""
    parts = text.split("/")
    if len(parts) == 3:
        parts[1] = SHORT.get(parts[1].lower(), parts[1].lower())
    return "/".join(parts)


_SYMBOLS: Mapping[str, Callable[[Reach], Peers]] = {
    "internet": lambda reach: reach.internet,
    "ingress": lambda reach: reach.ingress_controller,
    "gateway": lambda reach: reach.gateway_pods(()),
    "router": lambda reach: reach.router,
    "nodes": lambda reach: reach.nodes,
    "any-pod": lambda reach: reach.any_pod,
}
