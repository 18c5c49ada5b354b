"""Services (core/v1 `Service`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.nearest import few
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource import load_balancer, source_ranges
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.port_flaws import Repeat, repeats
from k8snet_lint.resource.service_port import ServicePort
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.alias import Alias
    from k8snet_lint.resource.source_ranges import SourceRange


TYPES = frozenset({"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"})


class Service(Resource):
    """A core/v1 Service."""

    @cached_property
    def type(self) -> Node:
        return self.spec["type"]

    @cached_property
    def type_name(self) -> str:
        """`ClusterIP` where no type is written."""
        return self.type.text or "ClusterIP"

    @property
    def is_of_known_type(self) -> bool:
        """Whether its type is one that there is; a variable may come to be any."""
        return self.type_name in TYPES

    @cached_property
    def is_external_name(self) -> bool:
        return self.type_name == "ExternalName"

    @property
    def alias(self) -> Alias | None:
        """The host that it is a name for; None where it leads to pods or addresses."""
        if not self.is_external_name:
            return None
        from k8snet_lint.resource.alias import Alias  # noqa: PLC0415 - few Services are one

        return Alias.of(self.spec["externalName"])

    @cached_property
    def is_headless(self) -> bool:
        return self.spec["clusterIP"].text == "None"

    @cached_property
    def ports(self) -> tuple[ServicePort, ...]:
        return tuple(ServicePort.of(node) for node in self.spec["ports"])

    @cached_property
    def ports_told(self) -> tuple[str, ...]:
        """The first of its ports and how many more there are, for messages."""
        return few(self.ports)

    @cached_property
    def numbers_told(self) -> tuple[str, ...]:
        """The numbers of the first of its ports, one for two protocols once, and how many more there are."""
        return few(tuple(dict.fromkeys(port.number for port in self.ports)))

    def ports_called(self, wanted: int | str | None) -> tuple[ServicePort, ...]:
        """Those of that number or name; None means those without one."""
        return tuple(self._ports_called.get(wanted, ()))

    def port_before(self, target: int | str | None) -> ServicePort | None:
        """The first of its ports that leads to that port of the pods, which people write where its own is wanted."""
        return next((port for port in self.ports if target and port.target == target), None)

    def may_offer(self, wanted: int | str) -> bool:
        """Whether a port has that number or name, or may have it once a variable is filled in."""
        key = "port" if isinstance(wanted, int) else "name"
        return bool(self.ports_called(wanted)) or any(is_open(port.node[key].value) for port in self.ports)

    @cached_property
    def _ports_called(self) -> Mapping[int | str | None, Sequence[ServicePort]]:
        found: dict[int | str | None, list[ServicePort]] = {}
        for port in self.ports:
            for called in {port.name or None, port.number}:
                found.setdefault(called, []).append(port)
        return found

    @property
    def repeats(self) -> Iterator[Repeat]:
        """Names, ports and node ports that it gives twice; one number for two protocols is two ports."""
        yield from repeats((each.node["name"], each.name and f"the port name '{each.name}'") for each in self.ports)
        for key in ("port", "nodePort"):
            given = ((each.node[key], each.protocol) for each in self.ports if each.node[key].integer)
            yield from repeats((node, f"{key} {node.value}/{protocol}") for node, protocol in given)

    @property
    def unnamed_ports(self) -> tuple[ServicePort, ...]:
        """Its ports that lack a name, which each of several has to have."""
        if len(self.ports) < 2:
            return ()
        return tuple(each for each in self.ports if each.node["port"] and not each.node["name"])

    @cached_property
    def selector(self) -> Selector:
        return Selector.of_labels(self.spec["selector"])

    @cached_property
    def load_balancer_class(self) -> str:
        return self.spec["loadBalancerClass"].text

    @cached_property
    def is_internal(self) -> bool:
        """Whether something keeps its load balancer off the internet: an annotation, its class or its address."""
        return load_balancer.is_internal(self)

    @cached_property
    def is_limited(self) -> bool:
        """Whether something says which addresses may connect to its load balancer, and those are not all."""
        return load_balancer.is_limited(self)

    @property
    def is_published(self) -> bool:
        """Whether it has a load balancer or node ports; a headless one, which the API server rejects, has neither."""
        return self.type_name in ("LoadBalancer", "NodePort") and not self.is_headless

    @property
    def is_reachable_from_outside(self) -> bool:
        """Whether connections come to it from outside the cluster (API server, `ExternallyAccessible`)."""
        return self.type_name in ("LoadBalancer", "NodePort") or (
            self.type_name == "ClusterIP" and bool(self.spec["externalIPs"])
        )

    @property
    def keeps_client_address(self) -> bool:
        """Whether what comes from outside is only let in by nodes that have its pods, as it comes."""
        return self.spec["externalTrafficPolicy"].text == "Local"

    @property
    def hides_client_address(self) -> bool:
        """Whether nodes put their own address in place of the client's; not where a load balancer goes past them."""
        return (
            self.type_name in ("LoadBalancer", "NodePort")
            and not self.keeps_client_address
            and not load_balancer.leads_to_pods(self)
        )

    @cached_property
    def ends_tls(self) -> bool:
        """Whether an annotation gives its load balancer a certificate."""
        return load_balancer.ends_tls(self)

    @cached_property
    def source_ranges(self) -> tuple[SourceRange, ...]:
        """Which addresses may connect to its load balancer, as the API server reads it."""
        annotation = self.annotation(source_ranges.ANNOTATION)
        return tuple(source_ranges.source_ranges(self.spec["loadBalancerSourceRanges"], annotation))

    @property
    def open_versions(self) -> Iterator[tuple[int, Node]]:
        """The IP versions, 4 or 6, of which its source ranges hold every address, and where they do."""
        return source_ranges.open_versions(self.source_ranges)

    def external_ips_beyond(self, allowed: Iterable[str]) -> tuple[Node, ...]:
        """Its `externalIPs` that are none of the allowed addresses and in none of the allowed networks."""
        networks = tuple(allowed)
        return tuple(item for item in self.spec["externalIPs"] if not source_ranges.among(item.text, networks))

    @property
    def selects_pods(self) -> bool:
        """Whether the endpoints controller fills it: with a selector, and no alias for another host."""
        return not self.selector.is_empty and not self.is_external_name
