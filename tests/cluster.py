"""Manifests in a line each, and the graph of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.facts import Assumed, Facts
from k8snet_lint.graph import Graph
from k8snet_lint.loader import LoadOptions, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.resource import Workload


def _metadata(name: str, namespace: str, more: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"metadata: {{name: {name}{where}{more}}}"


def namespace(name: str, labels: str = "{}") -> str:
    """A Namespace with labels in flow style."""
    return f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  labels: {labels}\n"


def pods(
    name: str,
    namespace: str = "shop",
    labels: str = "",
    kind: str = "Deployment",
    ports: str = "",
    spec: str = "",
    metadata: str = "",
) -> str:
    """A workload; labels are `{app: <name>}` unless given, ports, more of the pods' spec and metadata in flow style."""
    labels = labels or f"{{app: {name}}}"
    container = f"{{name: {name}, image: example/{name}{f', ports: {ports}' if ports else ''}}}"
    pod_spec = f"{{containers: [{container}]{f', {spec}' if spec else ''}}}"
    if kind == "Pod":
        head = f"apiVersion: v1\nkind: Pod\n{_metadata(name, namespace, f', labels: {labels}{metadata}')}\n"
        return f"{head}spec: {pod_spec}\n"
    template = f"{{template: {{metadata: {{labels: {labels}}}, spec: {pod_spec}}}}}"
    if kind == "CronJob":
        template = f"{{jobTemplate: {{spec: {template}}}}}"
    group = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    return f"apiVersion: {group}\nkind: {kind}\n{_metadata(name, namespace, metadata)}\nspec: {template}\n"


def policy(spec: str = "", name: str = "policy", namespace: str = "shop", selector: str = "") -> str:
    """A NetworkPolicy with a spec in block style below `podSelector`, which is line 5."""
    body = "".join(f"  {line}\n" for line in spec.strip("\n").split("\n")) if spec else ""
    head = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{_metadata(name, namespace)}\nspec:\n"
    return f"{head}  podSelector: {{{selector}}}\n{body}"


def cilium(*spec: str, namespace: str = "shop") -> str:
    """A CiliumNetworkPolicy; without a namespace one for the cluster, as `*` says."""
    kind = "CiliumClusterwideNetworkPolicy" if namespace == "*" else "CiliumNetworkPolicy"
    where = f", namespace: {namespace}" if namespace not in ("*", "") else ""
    head = f"apiVersion: cilium.io/v2\nkind: {kind}\nmetadata: {{name: p{where}}}\n"
    return f"{head}spec: {{{', '.join(spec)}}}\n"


def together(*documents: str) -> str:
    """Documents of one text."""
    return "---\n".join(documents)


def graph_of(*documents: str, assumed: Assumed | None = None, **facts: Any) -> Graph:  # noqa: ANN401 - fields of Facts
    """The graph of some documents, which are one world."""
    loaded = load(("-",), LoadOptions(stdin_name="m.yaml"), stdin=together(*documents).encode())
    assert not loaded.problems, loaded.problems
    (world,) = loaded.worlds
    return Graph.of(world, Facts(assumed=assumed or Assumed(), **facts))


def names(workloads: Iterable[Workload]) -> list[str]:
    """The names of workloads, in their order."""
    return [workload.name for workload in workloads]
