"""Conformance cases, read into questions about connections: the one place that knows how the cases are written."""

from __future__ import annotations

import json
from functools import cache
from ipaddress import IPv4Address
from itertools import product
from typing import TYPE_CHECKING, Any

from k8snet_lint.facts import Assumed, Facts
from k8snet_lint.graph import Graph
from k8snet_lint.loader import LoadOptions, World, load
from k8snet_lint.reach.connections import Connections
from k8snet_lint.reach.endpoints import Endpoint, EndpointKind
from k8snet_lint.reach.paths import RoutePath, route_paths
from k8snet_lint.reach.profile import Profile
from k8snet_lint.reach.reach import Reach
from k8snet_lint.resource import Workload
from k8snet_lint.selector import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from k8snet_lint.loader import Loaded

ANALYZER = Profile(blocks_match_pods=False, host_network_is_ordinary=True)
"""What the analyzer that wrote the golden files takes networks to do."""

CONTROLLER = Endpoint(EndpointKind.CONTROLLER, "analyzer-controller", "ingress-controller-ns")
"""What it takes for the ingress controller: a pod without labels."""

API_VERSIONS = {
    "Namespace": "v1",
    "Pod": "v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "AdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1",
    "BaselineAdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1",
}
"""Cases on admin policies leave the versions out."""


def cases(path: Path) -> Iterator[dict[str, Any]]:
    """The cases of a file, a line each."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def graph_of(manifests: Sequence[Mapping[str, Any]], facts: Facts | None = None) -> Graph:
    """The graph of manifests that a case holds."""
    text = "\n---\n".join(json.dumps(each) for each in manifests)
    loaded = load(("-",), LoadOptions(stdin_name="case.yaml", namespace="default"), stdin=text.encode())
    return Graph.of(loaded.worlds[0], facts or Facts())


def pods_by_name(graph: Graph) -> dict[str, Workload]:
    """The pods of a case, as its probes name them."""
    return {f"{each.namespace}/{each.name}": each for each in graph.select(Workload)}


def failed_probes(path: Path) -> tuple[int, list[str]]:
    """How many probes a file holds, and those whose verdict differs."""
    total, failed = 0, []
    for case in cases(path):
        graph = graph_of(case["manifests"])
        reach, pods = Reach.of(graph), pods_by_name(graph)
        for probe in case["probes"]:
            total += 1
            found = reach.verdict(pods[probe["from"]], pods[probe["to"]], probe["protocol"], probe["port"])
            if found.verdict != ("allowed" if probe["allowed"] else "denied"):
                failed.append(f"{case['id']}: {probe} is {found}")
    return total, failed


# ── golden files of the analyzer ──────────────────────────────────────────────────────────────────────

Connected = dict[tuple[str, str], Connections]
"""What is allowed from one name to another; a pair that is missing has nothing."""


def expected_of(rows: Sequence[Mapping[str, Any]], field: str = "connections") -> list[tuple[str, str, Connections]]:
    """The rows of a golden file."""
    return [(row["from"], row["to"], connections_of(row[field])) for row in rows]


def connections_of(written: Mapping[str, Sequence[Sequence[int]]]) -> Connections:
    """Connections as a case writes them."""
    return Connections.from_ranges((protocol, (a, b)) for protocol, ranges in written.items() for a, b in ranges)


def name_of(endpoint: Endpoint) -> str:
    """An endpoint as the golden files call it."""
    namespace, kind, name = endpoint.key.split("/", 2)
    return f"{namespace}/{name}[{kind}]"


def analyzer_rows(reach: Reach) -> list[tuple[str, str, Connections]]:
    """What the golden files list: allowed connections between different workloads, and with IPv4 addresses."""
    found = [
        (source, target, pair.connections)
        for pair in reach.pairs()
        for source in _names(pair.source)
        for target in _names(pair.target)
        if source != target
    ]
    return [*found, *_controller_rows(reach)]


def _names(endpoint: Endpoint) -> tuple[str, ...]:
    if endpoint.kind is EndpointKind.WORKLOAD:
        return (name_of(endpoint),)
    if endpoint.version == 4:
        return tuple(f"{IPv4Address(first)}-{IPv4Address(last)}" for first, last in endpoint.ranges)
    return ()


def _controller_rows(reach: Reach) -> Iterator[tuple[str, str, Connections]]:
    controller = reach.peers(CONTROLLER)
    for path in route_paths(reach):
        if isinstance(path, RoutePath) and path.path.number is not None:
            workload, number = path.path.workload, path.path.number
            declared = any(port.number == number and port.protocol == "TCP" for port in workload.ports)
            if declared and reach.verdict(controller, workload, "TCP", number).verdict == "allowed":
                for endpoint in reach.peers(workload):
                    yield "{ingress-controller}", name_of(endpoint), Connections.port("TCP", number)


def analyzer_reach(graph: Graph) -> Reach:
    """The analysis as the analyzer reads manifests; a namespace that is not written has no labels but its name."""
    return Reach(graph, ANALYZER, (CONTROLLER,))


def analyzer_graph(loaded: Loaded) -> Graph:
    """The graph of what was loaded, with the labels of every namespace taken for known."""
    world = World("", loaded.units)
    first = Graph.of(world, Facts())
    names = {*first.namespaces.names, CONTROLLER.namespace or ""}
    spaces = {name: {NAME_LABEL: name} for name in names - {*first.namespaces.written}}
    return Graph.of(world, Facts(assumed=Assumed(namespaces=spaces)))


def pointwise(rows: Sequence[tuple[str, str, Connections]], cuts: Sequence[int]) -> Connected:
    """Rows with address ranges cut at all the given addresses, so that two cuttings compare."""
    found: Connected = {}
    pieces = {name: _pieces(name, cuts) for row in rows for name in row[:2]}
    for source, target, connections in rows:
        for pair in product(pieces[source], pieces[target]):
            found[pair] = found[pair] | connections if pair in found else connections
    return {pair: connections for pair, connections in found.items() if connections}


def cuts_of(rows: Sequence[tuple[str, str, Connections]]) -> set[int]:
    """The addresses at which ranges of the rows start, and those behind their ends."""
    ranges = [_range(name) for source, target, _ in rows for name in (source, target)]
    return {cut for found in ranges if found for cut in (found[0], found[1] + 1)}


@cache
def _range(name: str) -> tuple[int, int] | None:
    first, _, last = name.partition("-")
    if not first.replace(".", "").isdecimal():
        return None
    return int(IPv4Address(first)), int(IPv4Address(last or first))


def _pieces(name: str, cuts: Sequence[int]) -> tuple[str, ...]:
    found = _range(name)
    if found is None:
        return (name,)
    return tuple(f"from {start}" for start in (found[0], *(cut for cut in cuts if found[0] < cut <= found[1])))


def difference(expected: list[tuple[str, str, Connections]], found: list[tuple[str, str, Connections]]) -> list[str]:
    """Where two lists of rows differ, a line each."""
    cuts = sorted(cuts_of(expected) | cuts_of(found))
    one, other = pointwise(expected, cuts), pointwise(found, cuts)
    return [
        f"{pair[0]} -> {pair[1]}: expected {one.get(pair, Connections())}, found {other.get(pair, Connections())}"
        for pair in sorted({*one, *other})
        if one.get(pair) != other.get(pair)
    ]


def admin_difference(case: Mapping[str, Any]) -> list[str]:
    """Where an answer on admin policies differs from a case."""
    manifests = [{"apiVersion": API_VERSIONS[each["kind"]], **each} for each in case["manifests"]]
    text = "\n---\n".join(map(json.dumps, manifests))
    loaded = load(("-",), LoadOptions(stdin_name="case.yaml", namespace="default"), stdin=text.encode())
    return difference(expected_of(case["expected"]), analyzer_rows(analyzer_reach(analyzer_graph(loaded))))


def folder_reach(folder: Path) -> Reach:
    """The analysis of a folder of manifests."""
    return analyzer_reach(analyzer_graph(load((str(folder),), LoadOptions(namespace="default"))))


def analyzer_difference(case: Mapping[str, Any], inputs: Path) -> list[str]:
    """Where an answer differs from a golden file."""
    found = analyzer_rows(folder_reach(inputs / case["input"]))
    if case["kind"] == "connections":
        return difference(expected_of(case["expected"]), found)
    new = analyzer_rows(folder_reach(inputs / case["input2"]))
    return changes_difference(case["expected"], found, new)


def changes_difference(
    rows: Sequence[Mapping[str, Any]],
    old: list[tuple[str, str, Connections]],
    new: list[tuple[str, str, Connections]],
) -> list[str]:
    """Where the changes between two answers differ from those of a golden file."""
    expected_old, expected_new = expected_of(rows, "old"), expected_of(rows, "new")
    cuts = sorted(cuts_of(expected_old) | cuts_of(old) | cuts_of(new))
    before, after = pointwise(old, cuts), pointwise(new, cuts)
    wanted_before, wanted_after = pointwise(expected_old, cuts), pointwise(expected_new, cuts)
    changed = {pair for pair in {*before, *after} if before.get(pair) != after.get(pair)}
    return [
        f"{pair[0]} -> {pair[1]}: expected {wanted_before.get(pair)} to {wanted_after.get(pair)}, "
        f"found {before.get(pair)} to {after.get(pair)}"
        for pair in sorted(changed | {*wanted_before, *wanted_after})
        if (pair in changed, before.get(pair), after.get(pair))
        != (True, wanted_before.get(pair), wanted_after.get(pair))
    ]


def plain_graph(manifests: Sequence[Mapping[str, Any]], facts: Facts | None = None) -> Graph:
    """The graph of manifests whose namespaces stay as they are written, set or not."""
    text = "\n---\n".join(json.dumps(each) for each in manifests)
    loaded = load(("-",), LoadOptions(stdin_name="world.yaml"), stdin=text.encode())
    return Graph.of(loaded.worlds[0], facts or Facts())
