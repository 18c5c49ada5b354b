"""Ports that the containers of one pod give twice between them, of which the API server warns or which it rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource.port_flaws import Repeat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.container import Container, ContainerPort


def clashes(containers: Iterable[Container], *, on_host: bool) -> Iterator[Repeat]:
    """Ports with the number and protocol of an earlier one, and ports with the name of another container's.

    `on_host` tells that the pod is on its node's network, where a container's port is the node's.
    """
    ports = [(container, port) for container in containers if container.serves for port in container.ports]
    rejected = [*_host_ports(ports, on_host=on_host)]
    told = {each.node.path[:-1] for each in rejected}
    yield from rejected
    yield from (each for each in _numbers(ports) if each.node.path[:-1] not in told)
    yield from _names(ports)


def _host_ports(ports: Iterable[tuple[Container, ContainerPort]], *, on_host: bool) -> Iterator[Repeat]:
    """Ports of the node that are asked for twice (`AccumulateUniqueHostPorts`); init containers run one by one."""
    seen: dict[object, tuple[Container, Node]] = {}
    for container, port in ports:
        number = port.host_port or (port.number if on_host else None)
        if number is None or container.is_sidecar:
            continue
        at = port.node["hostPort"] if port.host_port else port.node["containerPort"]
        earlier, first = seen.setdefault((number, port.protocol, port.node["hostIP"].text), (container, at))
        if first is not at:
            yield Repeat(
                at, first, f"port {number}/{port.protocol} of the node to {_both(earlier, container)}", is_rejected=True
            )


def _numbers(ports: Iterable[tuple[Container, ContainerPort]]) -> Iterator[Repeat]:
    """One number is two ports where it is bound to two ports or addresses of the host."""
    seen: dict[object, tuple[Container, ContainerPort]] = {}
    for container, port in ports:
        if port.number is None:
            continue
        number = (port.number, port.protocol)
        bound = (*number, port.host_port, port.node["hostIP"].text) if port.host_port else (*number, "unbound")
        earlier = seen.get(bound) or seen.get((*number, "unbound") if port.host_port else number)
        if earlier is not None:
            what = f"port {port.number}/{port.protocol} to {_both(earlier[0], container)}"
            yield Repeat(port.node["containerPort"], earlier[1].node["containerPort"], what)
        for key in (number, bound):
            seen.setdefault(key, (container, port))


def _names(ports: Iterable[tuple[Container, ContainerPort]]) -> Iterator[Repeat]:
    seen: dict[str, tuple[Container, Node]] = {}
    for container, port in ports:
        earlier, node = seen.setdefault(port.name, (container, port.node["name"]))
        if port.name and earlier is not container:
            yield Repeat(port.node["name"], node, f"the port name '{port.name}' to {_both(earlier, container)}")


def _both(one: Container, other: Container) -> str:
    if one is other:
        return f"container '{one.name}' twice"
    return f"containers '{one.name}' and '{other.name}'"
