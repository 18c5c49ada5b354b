"""Which ports pods are known to serve, as far as manifests can tell: declaring one is optional (core/v1 `ports`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource import ConfigMap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.resource import Workload


def declares(graph: Graph, workload: Workload, port: int | str, protocol: str) -> bool | None:
    """Whether the pods declare a port of that number or name and protocol; None where that cannot be told.

    A name cannot be told where containers are added to the template. A number cannot be told either where nothing
    is declared, or where a probe, an argument, a variable, an annotation or a ConfigMap of the pods mentions it.
    """
    if isinstance(port, str):
        if workload.named_port(port, protocol) is not None:
            return True
        return False if workload.is_whole else None
    if any(each.number == port and each.protocol == protocol for each in workload.ports):
        return True
    known = workload.is_whole and workload.declares_ports
    return False if known and not _is_probed(workload, port) and not mentions(graph, workload, port) else None


def _is_probed(workload: Workload, number: int) -> bool:
    return any(handler.port.integer == number for each in workload.containers for handler in each.handlers)


def mentions(graph: Graph, workload: Workload, number: int) -> bool:
    """Whether the template, or a ConfigMap that it reads, holds the number as a word of its own."""
    return workload.mentions(number) or any(
        config_map.mentions(number)
        for name in config_maps(workload)
        for config_map in graph.named(ConfigMap, workload.namespace, name)
    )


def config_maps(workload: Workload) -> Iterator[str]:
    """The names of the ConfigMaps that the pods mount or read their environment from."""
    for volume in workload.pod_spec["volumes"]:
        yield volume.at("configMap", "name").text
        for source in volume.at("projected", "sources"):
            yield source.at("configMap", "name").text
    for container in workload.containers:
        for source in container.node["envFrom"]:
            yield source.at("configMapRef", "name").text
        for variable in container.node["env"]:
            yield variable.at("valueFrom", "configMapKeyRef", "name").text
