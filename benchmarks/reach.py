"""How long exact connectivity takes on synthetic clusters, beside what it must and aims to take.

    python benchmarks/reach.py [--peer PYTHON] [CASE…]

`--peer` is a Python that has PyPI's `network-config-analyzer`; it then runs on worlds of 41 to 641 workloads too.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph
from k8snet_lint.loader import Object, Unit, UnitKind, World
from k8snet_lint.manifest import Node
from k8snet_lint.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

Manifest = dict[str, Any]
MIB = 1 << 20


@dataclass(frozen=True)
class Case:
    """A synthetic cluster and what its analysis must cost: seconds to build, seconds for all pairs, bytes."""

    name: str
    namespaces: int
    hard: bool = False
    admin: int = 0
    as_pods: bool = False
    must: str = ""
    aim: str = ""


CASES = (
    Case("200 workloads", 10, must="all pairs 0.5 s", aim="0.2 s"),
    Case("2,000 workloads", 100, must="all pairs 5 s", aim="2 s"),
    Case("100,000 pods", 1000, must="6 / 10 s / 1 GB", aim="2 / 3 s / 400 MB"),
    Case("100,000 pods, hard", 1000, hard=True, must="6 / 10 s / 1 GB", aim="2 / 3 s / 400 MB"),
    Case("100,000 pods, 100 admin policies", 1000, admin=100, must="6 / 10 s / 1 GB", aim="2 / 3 s / 400 MB"),
    Case("100,000 Pod objects", 1000, as_pods=True),
)

APPS, REPLICAS = 20, 5
PEER_SIZES = (2, 8, 32)
"""Namespaces of the worlds that the peer is given too."""


def manifests(case: Case) -> Iterator[Manifest]:
    """Namespaces of 20 apps and 10 policies each, and admin policies of 40 rules."""
    for space in range(case.namespaces):
        name = f"ns-{space}"
        labels = {"team": f"t{space % 50}", "env": ("prod", "dev")[space % 2]}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for app in range(APPS):
            yield from workload(case, name, app)
        yield from (hard_policies if case.hard else policies)(name, space, case.namespaces)
    for number in range(case.admin):
        yield admin_policy(number)


def workload(case: Case, namespace: str, app: int) -> Iterator[Manifest]:
    """A Deployment, or the Pods that one would make."""
    labels = {"app": f"a{app}", "tier": ("front", "back")[app % 2], "env": f"e{app % 5}", "ns": namespace}
    port = 8000 + app if case.hard else 8080
    spec = {"containers": [{"name": "c", "image": "server", "ports": [{"name": "http", "containerPort": port}]}]}
    template = {"metadata": {"labels": labels}, "spec": spec}
    if case.as_pods:
        for replica in range(REPLICAS):
            metadata = {
                "name": f"a{app}-{replica}",
                "namespace": namespace,
                "labels": {**labels, "pod-template-hash": "x1"},
            }
            yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
        return
    yield {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"a{app}", "namespace": namespace},
        "spec": {"replicas": REPLICAS, "selector": {"matchLabels": labels}, "template": template},
    }


def policy(namespace: str, name: str, selector: Manifest, **directions: list[Manifest]) -> Manifest:
    """A NetworkPolicy for the directions that are given, with their rules."""
    types = [direction.capitalize() for direction in directions]
    spec = {"podSelector": selector, "policyTypes": types, **directions}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def app(number: int) -> Manifest:
    """The selector of an app."""
    return {"matchLabels": {"app": f"a{number}"}}


def policies(name: str, space: int, spaces: int) -> Iterator[Manifest]:
    """A default deny, DNS, the world but for a block, neighbours, another namespace."""
    dns = {"to": [{"namespaceSelector": {}}], "ports": [{"protocol": "UDP", "port": 53}, {"port": 53}]}
    yield policy(name, "default-deny", {}, ingress=[], egress=[])
    yield policy(name, "dns", {}, egress=[dns])
    block = {"cidr": "0.0.0.0/0", "except": [f"10.{space % 256}.0.0/16"]}
    yield policy(name, "world", app(0), ingress=[{"from": [{"ipBlock": block}], "ports": [{"port": "http"}]}])
    for number in range(1, 7):
        peer = {"podSelector": app(number - 1)}
        yield policy(name, f"to-{number}", app(number), ingress=[{"from": [peer], "ports": [{"port": 8080}]}])
    other = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": f"ns-{(space + 1) % spaces}"}}}
    out = {"to": [other, {"podSelector": {}}], "ports": [{"port": 8080}]}
    yield policy(name, "cross", {}, ingress=[{"from": [other]}], egress=[out])


def hard_policies(name: str, space: int, _spaces: int) -> Iterator[Manifest]:
    """Distinct ports, expression selectors, blocks of their own."""
    yield policy(name, "default-deny", {}, ingress=[], egress=[])
    block = {
        "cidr": f"{20 + space % 200}.{space // 200}.0.0/16",
        "except": [f"{20 + space % 200}.{space // 200}.7.0/24"],
    }
    yield policy(name, "world", app(0), ingress=[{"from": [{"ipBlock": block}], "ports": [{"port": "http"}]}])
    for number in range(1, 5):
        port = 9000 + (space * 7 + number) % 2000
        peer = {
            "podSelector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": [f"a{number}", "a19"]}]}
        }
        yield policy(name, f"not-{number}", app(number), ingress=[{"from": [peer], "ports": [{"port": port}]}])
    for number in range(3):
        env = {"matchExpressions": [{"key": "env", "operator": "In", "values": [f"e{number}", f"e{number + 1}"]}]}
        team = {"namespaceSelector": {"matchLabels": {"team": f"t{(space + number) % 50}"}}, "podSelector": env}
        ports = [{"port": 9000 + (space * 13 + number) % 2000, "endPort": 11000 + number}]
        yield policy(name, f"team-{number}", env, ingress=[{"from": [team], "ports": ports}])
    every = {"to": [{"namespaceSelector": {"matchLabels": {"env": ("prod", "dev")[space % 2]}}}]}
    away = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": [f"10.{space % 256}.{space // 256}.0/24"]}}]}
    yield policy(name, "out", {}, egress=[every, {**away, "ports": [{"port": 443}]}])


def admin_policy(number: int) -> Manifest:
    """An AdminNetworkPolicy of 40 rules, for one team or for all."""
    rules = [
        {
            "action": ("Allow", "Deny", "Pass")[rule % 3],
            "from": [{"namespaces": {"matchLabels": {"team": f"t{(number + rule) % 50}"}}}],
            "ports": [{"portNumber": {"port": 8000 + rule * 3}}],
        }
        for rule in range(40)
    ]
    subject = {"namespaces": {"matchLabels": {"team": f"t{number % 50}"}} if number % 4 else {}}
    spec = {"priority": number, "subject": subject, "ingress": rules}
    metadata = {"name": f"admin-{number}"}
    return {
        "apiVersion": "policy.networking.k8s.io/v1alpha1",
        "kind": "AdminNetworkPolicy",
        "metadata": metadata,
        "spec": spec,
    }


class Nowhere:
    """A document that is not written anywhere."""

    source = locate = locate_key = None


def graph_of(found: Iterator[Manifest]) -> Graph:
    """The graph of manifests that were never text."""
    nowhere: Any = Nowhere()
    objects = tuple(Object(Node(nowhere, each), each["apiVersion"], each["kind"]) for each in found)
    return Graph.of(World("", (Unit("synthetic", UnitKind.PLAIN, objects),)), Facts())


def measure(case: Case) -> str:
    """One line of figures."""
    graph = graph_of(manifests(case))
    gc.disable()  # as the command line does
    before = peak()
    start = time.perf_counter()
    reach = Reach.of(graph)
    engine = reach.engine
    sides = engine.ingress, engine.egress
    for side in sides:
        for number in range(len(side.groups)):
            side.cells(number)
    built = time.perf_counter() - start
    start = time.perf_counter()
    rectangles = sum(1 for _ in reach.rectangles())
    listed = time.perf_counter() - start
    query = point_query(reach)
    workloads = engine.universe.workloads.bit_count()
    figures = (
        f"build {built:6.2f} s",
        f"all pairs {listed:6.2f} s",
        f"peak +{(peak() - before) / MIB:4.0f} MiB of {peak() / MIB:5.0f}",
        f"query {query * 1e6:5.1f} µs",
        f"{workloads:6} classes",
        f"{rectangles:7} rectangles",
        f"must {case.must or '-'}, aim {case.aim or '-'}",
    )
    return f"{case.name:34}{'  '.join(figures)}"


def point_query(reach: Reach) -> float:
    """Seconds for one verdict, once everything is built."""
    ends = [reach.peers(each) for each in reach.workloads.endpoints[:: max(1, len(reach.workloads) // 30)]]
    start = time.perf_counter()
    for source in ends:
        for target in ends:
            reach.verdict(source, target, "TCP", 8080)
    return (time.perf_counter() - start) / len(ends) ** 2


def peak() -> int:
    """The most memory that this process has had, in bytes (on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def in_process(case: Case) -> str:
    """A measurement in a process of its own, so that peaks do not mix."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (case,))


def against_peer(python: str) -> Iterator[str]:
    """Both tools on the same worlds, whole runs."""
    for namespaces in PEER_SIZES:
        found = [*manifests(Case("", namespaces))]
        start = time.perf_counter()
        sum(1 for _ in Reach.of(graph_of(iter(found))).rectangles())
        ours = time.perf_counter() - start
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "world.yaml").write_text("\n---\n".join(json.dumps(each) for each in found), encoding="utf-8")
            command = [python, "-m", "nca", "--connectivity", "--resource_list", folder, "--return_0"]
            start = time.perf_counter()
            done = subprocess.run(command, capture_output=True, check=False, timeout=1800, text=True)
            theirs = time.perf_counter() - start
        if done.returncode:
            yield f"{namespaces * APPS + 1:6} workloads: network-config-analyzer failed: {done.stderr[-200:]}"
            continue
        yield f"{namespaces * APPS + 1:6} workloads  ours {ours:7.2f} s  network-config-analyzer {theirs:7.1f} s"


def main() -> None:
    """Print a line of figures for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="a Python that has network-config-analyzer")
    parser.add_argument("case", nargs="*", help="parts of the names of the cases to run")
    arguments = parser.parse_args()
    for case in CASES:
        if not arguments.case or any(part in case.name for part in arguments.case):
            print(in_process(case), flush=True)
    if arguments.peer:
        for line in against_peer(arguments.peer):
            print(line, flush=True)


if __name__ == "__main__":
    main()
