"""What worlds share is judged once where one object decides, and nothing in the report tells."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.declare import Preset, Severity, rule
from k8snet_lint.engine import lint
from k8snet_lint.graph.parts.parts import Parts
from k8snet_lint.judging import Judging
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.resource import Service
from tests.support import TODAY, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from k8snet_lint.declare import Problem
    from k8snet_lint.graph import Graph
    from k8snet_lint.report import Report

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{type: {type}, selector: {{app: {app}}}, ports: [{{port: {port}, targetPort: {target}}}]}}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {app}}}}}
  template:
    metadata: {{labels: {{app: {other}}}}}
    spec: {{hostNetwork: {host}, containers: [{{name: c, ports: [{{name: http, containerPort: {port}}}]}}]}}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  podSelector: {{matchLabels: {{app: {app}}}}}
  ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {other}}}}}}}]}}]
"""


def manifests(random: Random, names: range) -> str:
    """Objects of few names, ports and labels, so that many of them are wrong and many clash."""
    return "---\n".join(
        random.choice((SERVICE, DEPLOYMENT, POLICY)).format(
            name=f"n{number}",
            namespace=random.choice(("a", "b", "kube-system", '""')),
            type=random.choice(("ClusterIP", "NodePort", "LoadBalancer", "nodeport")),
            app=random.choice(("web", "db", "wbe", "queue")),
            other=random.choice(("web", "db", "a", "queue")),
            port=random.choice((80, 5432, 70000)),
            target=random.choice((80, "http", "htpp")),
            host=random.choice(("true", "false")),
        )
        for number in names
    )


def planted(random: Random, directory: Path) -> str:
    """A tree of what all worlds share, and of alternatives."""
    files = {"shared/all.yaml": manifests(random, range(12)), "common/all.yaml": manifests(random, range(20, 25))}
    for name in "xyz"[: random.randint(2, 3)]:
        files[f"env/{name}/all.yaml"] = manifests(random, range(40, 48))
        files[f"env/{name}/port.yaml"] = SERVICE.format(
            name="port", namespace="a", type="ClusterIP", app="web", port=ord(name), target=80
        )
    write_files(directory, files)
    return str(directory)


def report_on(tree: str, **settings: Any) -> Report:  # noqa: ANN401 - Config's fields
    return lint(load((tree,), LoadOptions()), registry.load(), Config(**settings), today=TODAY)


@pytest.mark.parametrize("seed", range(12))
def test_the_report_is_that_of_every_rule_over_every_world(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = planted(Random(seed), tmp_path)  # noqa: S311 - no secret
    report = report_on(tree, preset=Preset.STRICT)
    assert len(report.scanned.worlds) > 1
    assert report.crashed == ()
    monkeypatch.setattr(Parts, "of", lambda *_: None)
    monkeypatch.setattr(Judging, "_one_by_one", lambda *_: iter(()))
    naive = report_on(tree, preset=Preset.STRICT)
    assert (report.findings, report.scanned) == (naive.findings, naive.scanned)


def judged(tmp_path: Path, check: Any) -> list[str]:  # noqa: ANN401 - any sort of rule
    """The names of the Services that a rule looks at, again for every time that it does."""
    looked: list[str] = []

    def looking(graph: Graph) -> Iterator[Problem]:
        yield from check(graph)
        looked.extend(service.name for service in graph.select(Service))

    ours = rule(severity=Severity.ERROR, since="0.1")(looking)
    files = {"shared/all.yaml": SERVICE, "env/x/web.yaml": SERVICE, "env/y/web.yaml": SERVICE}
    fields = {"namespace": "a", "type": "ClusterIP", "app": "web", "target": 80}
    for port, (path, text) in enumerate(files.items(), 1):
        name = "shared" if path.startswith("shared") else "web"
        write_files(tmp_path, {path: text.format(name=name, port=port, **fields)})
    report = lint(
        load((str(tmp_path),), LoadOptions()), registry.Registry([ours]), Config(select=(ours.id,)), today=TODAY
    )
    assert report.crashed == ()
    return sorted(looked)


def test_a_rule_of_one_object_looks_once_at_what_is_shared(tmp_path: Path) -> None:
    assert judged(tmp_path, lambda _: ()) == ["shared", "web", "web"]


def test_a_rule_that_asks_how_objects_relate_looks_at_every_world(tmp_path: Path) -> None:
    assert judged(tmp_path, lambda graph: iter(graph.namespaces.names[:0])) == ["shared", "shared", "web", "web"]


def test_a_rule_of_fields_looks_once_at_what_is_shared(tmp_path: Path) -> None:
    assert judged(tmp_path, lambda graph: tuple(graph.fields.invalid)[:0]) == ["shared", "web", "web"]


def test_a_world_is_let_go_before_the_next_is_judged(tmp_path: Path) -> None:
    judged_before: list[Graph] = []
    known: list[int] = []

    def check(graph: Graph) -> Iterator[Problem]:
        _ = graph.namespaces
        known.append(sum("namespaces" in vars(each) for each in judged_before))
        judged_before.append(graph)
        return iter(())

    assert judged(tmp_path, check) == ["shared", "shared", "web", "web"]
    assert known == [0, 0]


DNS = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: a}}
spec: {{podSelector: {{}}, egress: [{{to: [{{podSelector: {{}}}}], ports: [{{port: 53, protocol: {protocol}}}]}}]}}
"""
CLASS = """\
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
"""
SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: a}
data: {allow-snippet-annotations: "true"}
"""
CONTROLLER = """\
apiVersion: v1
kind: Pod
metadata: {name: controller, namespace: a}
spec: {containers: [{name: c, image: registry.k8s.io/ingress-nginx/controller, args: [--configmap=a/settings]}]}
"""


@pytest.mark.parametrize(
    ("rule_id", "shared", "own", "found"),
    [
        ("policy-dns-egress-imprecise", DNS.format(name="x", protocol="UDP"), DNS.format(name="y", protocol="TCP"), 0),
        ("ingress-nginx-retired", CLASS, CONTROLLER, 2),
        ("nginx-controller-unsafe-config", SETTINGS, CONTROLLER, 1),
    ],
)
def test_an_object_that_worlds_share_is_judged_with_what_each_has(
    rule_id: str, shared: str, own: str, found: int, tmp_path: Path
) -> None:
    files = {"shared/all.yaml": shared}
    for port, name in enumerate("xy", 1):
        clash = SERVICE.format(name="s", namespace="a", type="ClusterIP", app="web", port=port, target=80)
        files[f"env/{name}/all.yaml"] = f"{own}---\n{clash}"
    write_files(tmp_path, files)
    report = report_on(str(tmp_path), select=(rule_id,))
    assert len([each for each in report.findings if each.rule == rule_id]) == found
