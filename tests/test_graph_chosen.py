"""Workloads chosen by selectors that leave some out, and ports looked up among many of them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.graph.chosen import Chosen
from k8snet_lint.graph.mesh.gateways import Served
from k8snet_lint.selector import Operator, Requirement, Selector
from tests.cluster import graph_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.graph import Graph
    from k8snet_lint.resource import Workload

PODS = "\n---\n".join(
    f"""
apiVersion: v1
kind: Pod
metadata: {{name: p{number}, namespace: shop, labels: {{app: a{number % 4}, {"odd: x" if number % 2 else "even: x"}}}}}
spec:
  restartPolicy: {"Never" if number == 3 else "Always"}
  containers:
  - name: web
    image: example/web
    args: ["--port={9000 + number}"]
    ports: [{ports}]
"""
    for number, ports in enumerate(
        ["{name: http, containerPort: 8080}", "{name: web, containerPort: 80, protocol: UDP}", ""] * 4
    )
)
REQUIREMENTS = (
    Requirement("app", Operator.NOT_IN, ("a1", "a9")),
    Requirement("odd", Operator.EXISTS, ()),
    Requirement("odd", Operator.DOES_NOT_EXIST, ()),
    Requirement("gone", Operator.DOES_NOT_EXIST, ()),
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_of(*PODS.split("\n---\n"))


@pytest.mark.parametrize(("one", "other"), [*product(REQUIREMENTS, REQUIREMENTS)])
def test_selectors_that_leave_out_choose_what_they_match(graph: Graph, one: Requirement, other: Requirement) -> None:
    selector = Selector(tuple(sorted({one, other})))
    index = graph.pods("shop")
    chosen = index.matching(selector)
    expected = tuple(each for each in index.workloads if selector.matches(each.pod_labels))
    assert tuple(chosen) == expected
    assert len(chosen) == len(expected)
    assert (chosen[:2], chosen[1:], bool(chosen)) == (expected[:2], expected[1:], bool(expected))
    assert [chosen[at] for at in range(len(expected))] == list(expected)


@pytest.mark.parametrize("port", ["http", "web", "gone", "$(PORT)", 80, 8080, 9000, 9003, 1])
@pytest.mark.parametrize("protocol", ["TCP", "UDP", "ICMP"])
def test_among_many_a_port_is_told_of_as_of_each(graph: Graph, port: int | str, protocol: str) -> None:
    workloads = graph.pods("shop").workloads
    told = [graph.declares(each, port, protocol) for each in workloads]
    judged = [(each, known) for each, known in zip(workloads, told, strict=True) if not each.runs_to_completion]
    lacking = [each for each, known in judged if known is False]
    found = graph.pod_ports.declaring(workloads, port, protocol)
    assert list(found.lacking) == lacking
    assert found.some_declare == (True in told)
    assert found.some_unknown == (None in told)
    assert found.all_lack == (len(lacking) == len(judged))


def test_what_is_chosen_among_others_stays_what_it_is(graph: Graph) -> None:
    workloads: Sequence[Workload] = graph.pods("shop").workloads
    some = Chosen(workloads, 0b101)
    assert Chosen.of(some) is some
    assert tuple(Chosen.of(workloads)) == workloads


@pytest.mark.parametrize(
    ("hosts", "host", "meets"),
    [
        (("a.example.org",), "a.example.org", True),
        (("a.example.org",), "b.example.org", False),
        (("*.example.org",), "b.example.org", True),
        (("*.example.org",), "example.org", False),
        (("a.example.org",), "*.example.org", True),
        (("a.example.org",), "*.example.com", False),
        (("*.a.example.org",), "*.example.org", True),
        (("*.example.org",), "*.a.example.org", True),
        (("*",), "a", True),
        ((), "*", False),
    ],
)
def test_hosts_of_a_mesh_meet_where_one_is_meant_by_both(hosts: tuple[str, ...], host: str, *, meets: bool) -> None:
    assert Served(hosts).meets(host) is meets
