"""What no alternative touches is judged once, and the report is the one of every rule over every whole world."""

from __future__ import annotations

import os
import re
from random import Random
from typing import TYPE_CHECKING

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.declare import Preset
from k8snet_lint.engine import lint
from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph, NotAloneError, Parts, Relation
from k8snet_lint.judging import Judging
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.manifest import parse
from k8snet_lint.page import examples
from k8snet_lint.resource import NetworkPolicy, Service
from k8snet_lint.source import Source
from tests.alternatives import made_up, put_together
from tests.support import TODAY, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from k8snet_lint.declare import Problem
    from k8snet_lint.loader import Loaded
    from k8snet_lint.report import Report

BEYOND = re.compile(r"istio|linkerd|gateway\.networking|policy\.networking|cilium|calico|openshift|kustomize|# file: ")

EXPLORE = bool(os.environ.get("K8SNET_LINT_EXPLORE"))


def reported(loaded: Loaded) -> Report:
    return lint(loaded, registry.load(), Config(preset=Preset.STRICT), today=TODAY)


def assert_parts_are_judged_as_wholes(
    written: dict[str, str], directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(directory, written)
    loaded = load((str(directory),), LoadOptions())
    report = reported(loaded)
    monkeypatch.setattr(Parts, "of", lambda *_: None)
    monkeypatch.setattr(Judging, "_shares", lambda *_: iter(()))
    whole = reported(loaded)
    assert len(report.scanned.worlds) > 1
    assert (report.findings, report.crashed) == (whole.findings, whole.crashed)
    assert report.scanned == whole.scanned


def chance(number: int) -> Random:
    """The same worlds in every run, unless asked to explore."""
    return Random(None if EXPLORE else number)  # noqa: S311 - no secret hangs on it


@pytest.mark.parametrize("number", range(1_000 if EXPLORE else 25))
def test_random_worlds_in_parts_are_judged_as_whole_ones(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_parts_are_judged_as_wholes(made_up(chance(number)), tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """The examples of the pages of our rules, but for those that are no YAML or would leave every world whole."""
    every = (example.text for rule in registry.load().rules.values() for example in examples(rule.docs))
    wanted = (text for text in every if not BEYOND.search(text) and "namespace:" in text)
    return [text for text in wanted if not parse(Source("example", text)).problems]


@pytest.mark.parametrize("number", range(1_000 if EXPLORE else 25))
def test_random_worlds_of_examples_are_too(
    number: int, texts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_parts_are_judged_as_wholes(put_together(chance(number), texts), tmp_path, monkeypatch)


# ── what hangs together ──────────────────────────────────────────────────────────────────────────────

SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: %s}, spec: {%s}}"
POLICY = (
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: %s}, "
    "spec: {podSelector: {}, ingress: [{from: [%s]}]}}"
)
INGRESS = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: %s, %s}, spec: {%s}}"
POD = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: %s%s}, spec: {containers: [{name: c, %s}]}}"
OBJECT = "{apiVersion: %s, kind: %s, metadata: {name: o%s}, %s}"


def parts(directory: Path, common: str, own: str) -> Parts | None:
    """The parts of two worlds that have namespace `apart`, and share one object and have another one each."""
    alternatives = {
        f"envs/{name}/all.yaml": f"{SERVICE % ('alternative', 'home', f'ports: [{{port: {port}}}]')}\n---\n{own}\n"
        for port, name in enumerate(("dev", "prod"), 1)
    }
    shared = {"common/all.yaml": f"{common}\n", "apart/all.yaml": SERVICE % ("apart", "apart", "ports: [{port: 80}]")}
    write_files(directory, {**shared, **alternatives})
    loaded = load((str(directory),), LoadOptions())
    graphs = Graph.of_worlds(loaded.worlds, Facts(), loaded.definitions)
    assert len(graphs) == 2
    return Parts.of(graphs, {id(unit) for unit in loaded.worlds[0].shared})


def names(found: Parts | None) -> list[str]:
    return [each.namespace for each in found.untouched.resources] if found else []


NODE_PORT = "type: NodePort, ports: [{port: 80, nodePort: 30080}]"
SCRAPED = ', annotations: {prometheus.io/scrape: "true"}'
HOST = "rules: [{host: Shop.example.com}]"
GROUP = "annotations: {alb.ingress.kubernetes.io/group.name: main}"
PUBLISHED = "annotations: {external-dns.alpha.kubernetes.io/hostname: 'a.example.com,shop.example.com.'}"
CLASS = "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: x}}"
TIES = {
    "a namespace": (SERVICE % ("a", "common", ""), SERVICE % ("b", "common", "")),
    "a name in a text": (SERVICE % ("a", "common", ""), POD % ("home", "", 'args: ["http://a.common.svc:80"]')),
    "a selector by name": (
        POLICY % ("common", "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: home}}}"),
        SERVICE % ("b", "home", ""),
    ),
    "a Namespace": ("{apiVersion: v1, kind: Namespace, metadata: {name: home}}", SERVICE % ("b", "home", "")),
    "a node port": (SERVICE % ("a", "common", NODE_PORT), SERVICE % ("b", "home", NODE_PORT)),
    "an address": (
        POLICY % ("common", "{ipBlock: {cidr: 10.96.0.10/32}}"),
        SERVICE % ("b", "home", "clusterIP: 10.96.0.10"),
    ),
    "a port of a host": (
        POD % ("common", "", "ports: [{containerPort: 1, hostPort: 80}]"),
        POD % ("home", "", "ports: [{containerPort: 2, hostPort: 80}]"),
    ),
    "a host": (INGRESS % ("common", "", HOST), INGRESS % ("home", "", HOST.lower())),
    "a published host": (INGRESS % ("common", "", HOST), INGRESS % ("home", PUBLISHED, "")),
    "a load balancer": (INGRESS % ("common", GROUP, ""), INGRESS % ("home", GROUP, "")),
    "a class": (INGRESS % ("common", "", ""), CLASS),
    "a controller": (INGRESS % ("common", "", ""), POD % ("home", "", "image: traefik")),
    "a release": (
        OBJECT % ("helm.toolkit.fluxcd.io/v2", "HelmRelease", ", namespace: common", "spec: {targetNamespace: home}"),
        SERVICE % ("b", "home", ""),
    ),
    "a monitor": (
        OBJECT
        % (
            "monitoring.coreos.com/v1",
            "PodMonitor",
            ", namespace: common",
            "spec: {namespaceSelector: {matchNames: [home]}}",
        ),
        SERVICE % ("b", "home", ""),
    ),
    "what reads monitors": (
        OBJECT % ("monitoring.coreos.com/v1", "PodMonitor", ", namespace: common", "spec: {}"),
        OBJECT % ("monitoring.coreos.com/v1", "Prometheus", ", namespace: home", "spec: {}"),
    ),
    "a scraper": (POD % ("common", SCRAPED, "image: a"), POD % ("home", "", "image: prom/prometheus")),
}


@pytest.mark.parametrize("tie", TIES)
def test_what_has_a_tie_to_an_alternative_is_touched(tie: str, tmp_path: Path) -> None:
    common, own = TIES[tie]
    assert names(parts(tmp_path, common, own)) == ["apart"]


@pytest.mark.parametrize("tie", TIES)
def test_what_has_none_is_untouched(tie: str, tmp_path: Path) -> None:
    common = TIES[tie][0].replace("home", "elsewhere")
    assert len(names(parts(tmp_path, common, SERVICE % ("b", "other", "")))) == 2


def test_what_one_root_builds_is_touched_together(tmp_path: Path) -> None:
    write_files(tmp_path, {"built/kustomization.yaml": "resources: [a.yaml, b.yaml]"})
    write_files(tmp_path, {"built/a.yaml": SERVICE % ("a", "one", ""), "built/b.yaml": SERVICE % ("b", "two", "")})
    assert names(parts(tmp_path, SERVICE % ("a", "common", ""), SERVICE % ("b", "two", ""))).count("one") == 0


PERVASIVE = {
    "no namespace": "{apiVersion: v1, kind: Service, metadata: {name: a}}",
    "a namespace to be filled in": SERVICE % ("a", "'$(SPACE)'", ""),
    "a Namespace to be filled in": "{apiVersion: v1, kind: Namespace, metadata: {name: $(SPACE)}}",
    "the namespace of name servers": "{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}",
    "a mesh": "{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {istio-injection: enabled}}}",
    "a route": OBJECT % ("gateway.networking.k8s.io/v1", "HTTPRoute", ", namespace: a", "spec: {}"),
    "a policy of all": OBJECT
    % ("kyverno.io/v1", "ClusterPolicy", "", "spec: {rules: [{generate: {kind: NetworkPolicy}}]}"),
    "a release": OBJECT % ("argoproj.io/v1alpha1", "Application", ", namespace: a", "spec: {source: {path: charts/a}}"),
    "a monitor": OBJECT
    % ("monitoring.coreos.com/v1", "PodMonitor", ", namespace: a", "spec: {namespaceSelector: {any: true}}"),
    "a pod with its address": OBJECT % ("v1", "Pod", ", namespace: a", "status: {podIP: 10.0.0.1}"),
    "a Secret for all": (
        "{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: a, "
        "annotations: {reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'}}}"
    ),
}


@pytest.mark.parametrize("sort", PERVASIVE)
def test_what_matters_everywhere_leaves_worlds_whole(sort: str, tmp_path: Path) -> None:
    assert parts(tmp_path, PERVASIVE[sort], SERVICE % ("b", "home", "")) is None
    assert parts(tmp_path, SERVICE % ("a", "common", ""), PERVASIVE[sort]) is None


def test_worlds_that_share_little_stay_whole(tmp_path: Path) -> None:
    own = "\n---\n".join(SERVICE % (f"s{number}", "home", "") for number in range(10))
    assert parts(tmp_path, SERVICE % ("a", "common", ""), own) is None


# ── what a part says ─────────────────────────────────────────────────────────────────────────────────


def test_a_part_refuses_what_hangs_on_the_whole_world(tmp_path: Path) -> None:
    found = parts(tmp_path, SERVICE % ("a", "common", "selector: {app: a}"), SERVICE % ("b", "home", ""))
    assert found is not None
    part, (rest, *_) = found
    with pytest.raises(NotAloneError):
        _ = part.whole
    with pytest.raises(NotAloneError):
        part.unresolved(Relation.SELECTS, Service)
    with pytest.raises(NotAloneError):
        part.owner(rest.resources[0].node)
    assert part.unresolved(Relation.ADMITS, NetworkPolicy) == ()
    assert part.owner(part.resources[0].spec) is part.resources[0]


def looked_at(tmp_path: Path, *, ours: bool) -> list[str]:
    """The namespaces that a rule sees, again for every time that it does."""
    looked: list[str] = []

    def check(graph: Graph) -> Iterator[Problem]:
        looked.extend(each.namespace for each in graph.select(Service) if graph.namespaces.names)
        return iter(())

    known = registry.load().rule("service-type-conflict")
    watching = known._replace(check=check, file=known.file if ours else str(tmp_path / "own" / "rule.py"))
    parts(tmp_path, SERVICE % ("a", "common", ""), SERVICE % ("b", "home", ""))
    loaded = load((str(tmp_path),), LoadOptions())
    report = lint(loaded, registry.Registry([watching]), Config(select=(watching.id,)), today=TODAY)
    assert report.crashed == ()
    return sorted(looked)


def test_a_rule_of_ours_looks_once_at_what_no_alternative_touches(tmp_path: Path) -> None:
    assert looked_at(tmp_path, ours=True) == ["apart", "common", *["home"] * 4]


def test_a_rule_of_a_user_looks_at_every_world(tmp_path: Path) -> None:
    assert looked_at(tmp_path, ours=False) == ["apart"] * 2 + ["common"] * 2 + ["home"] * 4
