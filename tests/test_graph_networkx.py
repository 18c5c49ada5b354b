"""The graph as networkx has it, for whatever needs an algorithm."""

from __future__ import annotations

import networkx as nx

from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph, Relation
from k8snet_lint.loader import LoadOptions, load

SHOP = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
---
apiVersion: v1
kind: Secret
metadata: {name: alone, namespace: shop}
"""


def test_resources_are_nodes_and_relations_are_edges() -> None:
    (world,) = load(("-",), LoadOptions(), stdin=SHOP.encode()).worlds
    exported = Graph.of(world, Facts()).to_networkx()
    by_kind = {resource.kind: resource for resource in exported}
    assert sorted(by_kind) == ["Deployment", "Ingress", "Secret", "Service"]
    assert nx.has_path(exported, by_kind["Ingress"], by_kind["Deployment"])
    assert list(nx.isolates(exported)) == [by_kind["Secret"]]
    relations = {data["relation"] for _, _, data in exported.edges(data=True)}
    assert relations == {Relation.ROUTES_TO, Relation.SELECTS}
