"""What no alternative touches is judged once, and the report is the one of every rule over every whole world."""

from __future__ import annotations

import os
import re
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.declare import Preset
from k8snet_lint.engine import lint
from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph, NotAloneError, Relation
from k8snet_lint.graph.mesh.mesh import Mesh
from k8snet_lint.graph.mesh.signs import GROUPS
from k8snet_lint.graph.parts.acting import Acting
from k8snet_lint.graph.parts.around import Around, Held
from k8snet_lint.graph.parts.beyond import HOMED, Beyond
from k8snet_lint.graph.parts.part import Part
from k8snet_lint.graph.parts.parts import Parts
from k8snet_lint.judging import Judging
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.manifest import parse
from k8snet_lint.page import examples
from k8snet_lint.reach.parties import Parties
from k8snet_lint.resource import (
    ENGINES,
    KINDS,
    BackendTLSPolicy,
    ConfigMap,
    Endpoints,
    EndpointSlice,
    EngineResource,
    Gateway,
    GatewayClass,
    GatewayRoute,
    GRPCRoute,
    HTTPRoute,
    Ingress,
    IngressClass,
    Kustomization,
    ListenerSet,
    Namespace,
    NetworkPolicy,
    ReferenceGrant,
    Resource,
    Secret,
    Service,
    TCPRoute,
    TLSRoute,
    UDPRoute,
    Workload,
)
from k8snet_lint.resource.admin_policy import AdminPolicy
from k8snet_lint.resource.istio import ServiceEntry
from k8snet_lint.resource.openshift import OpenShiftRoute
from k8snet_lint.selector import Operator, Requirement, Selector
from k8snet_lint.source import Source
from tests.alternatives import made_up, put_together
from tests.support import TODAY, write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from k8snet_lint.declare import Problem
    from k8snet_lint.loader import Loaded
    from k8snet_lint.report import Report

BEYOND = re.compile(r"kustomize|# file: ")

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
    monkeypatch.setattr(Judging, "_one_by_one", lambda *_: iter(()))
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
    wanted = (text for text in every if not BEYOND.search(text))
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

CILIUM = (
    "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: n, namespace: %s}, "
    "spec: {endpointSelector: {}, ingress: [%s]}}"
)
CALICO = (
    "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: n, namespace: %s}, "
    "spec: {selector: all(), ingress: [%s]}}"
)


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
GATEWAY = OBJECT % ("gateway.networking.k8s.io/v1", "Gateway", ", namespace: %s", "spec: {gatewayClassName: %s}")
ROUTE = OBJECT % ("gateway.networking.k8s.io/v1", "HTTPRoute", ", namespace: %s", "spec: {%s}")
GRANT = OBJECT % ("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", ", namespace: %s", "spec: {%s}")
ROUTED = OBJECT % (
    "networking.istio.io/v1",
    "VirtualService",
    ", namespace: %s",
    "spec: {http: [{route: [{destination: {host: %s}}]}]}",
)
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
    "a host of a route": (ROUTE % ("common", "hostnames: [Shop.example.com]"), INGRESS % ("home", "", HOST.lower())),
    "a published host of a route": (
        ROUTE % ("common", "hostnames: [shop.example.com]"),
        INGRESS % ("home", PUBLISHED, ""),
    ),
    "a Gateway": (ROUTE % ("common", "parentRefs: [{name: o, namespace: home}]"), GATEWAY % ("home", "x")),
    "a route's backend": (
        ROUTE % ("common", "rules: [{backendRefs: [{name: b, namespace: home, port: 80}]}]"),
        SERVICE % ("b", "home", ""),
    ),
    "a grant": (
        GRANT % ("common", "from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: home}]"),
        ROUTE % ("home", ""),
    ),
    "what carries the traffic of a Gateway": (
        GATEWAY % ("common", "x"),
        POD % ("home", ", labels: {gateway.networking.k8s.io/gateway-name: o}", "image: a"),
    ),
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
    "no namespace": (
        "{apiVersion: v1, kind: Service, metadata: {name: a}}",
        "{apiVersion: v1, kind: Secret, metadata: {name: b}}",
    ),
    "a namespace to be filled in": (
        SERVICE % ("a", "'$(SPACE)'", ""),
        POD % ("home", "", "args: ['http://a.$(SPACE).svc:80']"),
    ),
    "a namespace in capitals": (SERVICE % ("a", "Shop", ""), SERVICE % ("b", "Shop", "")),
    "a policy of Cilium": (
        CILIUM % ("common", "{fromEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: home}}]}"),
        SERVICE % ("b", "home", ""),
    ),
    "a policy of Cilium itself": (CILIUM % ("common", "{}"), SERVICE % ("b", "common", "")),
    "a policy of Calico": (
        CALICO % ("common", "{action: Allow, source: {namespaceSelector: \"projectcalico.org/name == 'home'\"}}"),
        SERVICE % ("b", "home", ""),
    ),
    "a host of a mesh": (
        OBJECT
        % (
            "networking.istio.io/v1",
            "DestinationRule",
            ", namespace: common",
            "spec: {host: b.home.svc.cluster.local}",
        ),
        SERVICE % ("b", "home", ""),
    ),
    "a source of a mesh": (
        OBJECT
        % (
            "security.istio.io/v1",
            "AuthorizationPolicy",
            ", namespace: common",
            "spec: {rules: [{from: [{source: {namespaces: [home]}}]}]}",
        ),
        SERVICE % ("b", "home", ""),
    ),
    "a host of a mesh's routes": (
        ROUTED % ("common", "www.example.com"),
        ROUTED % ("home", "www.example.com"),
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


APART = {
    "Gateways of one class and name": (GATEWAY % ("common", "x"), GATEWAY % ("home", "x")),
    "routes that miss one Gateway": (
        ROUTE % ("common", "parentRefs: [{name: o, namespace: nowhere}]"),
        ROUTE % ("home", "parentRefs: [{name: o, namespace: nowhere}]"),
    ),
    "a word of the API": (
        OBJECT % ("apps/v1", "Deployment", ", namespace: common", "spec: {}"),
        SERVICE % ("b", "apps", ""),
    ),
}


@pytest.mark.parametrize("sort", APART)
def test_what_only_looks_alike_is_untouched(sort: str, tmp_path: Path) -> None:
    assert names(parts(tmp_path, *APART[sort])) == ["apart", "common"]


NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}"


@pytest.mark.parametrize(
    ("more", "untouched"),
    [
        ({}, ["apart", "common", ""]),
        ({"spaces/more.yaml": NAMESPACE % "common"}, ["apart"]),
        ({"spaces/all.yaml": SERVICE % ("c", "other", "")}, ["apart"]),
    ],
)
def test_what_is_in_namespaces_does_not_hang_together_by_a_list_of_these(
    more: dict[str, str], untouched: list[str], tmp_path: Path
) -> None:
    """Unless another file describes one of them too, or it lists something else."""
    listed = "\n---\n".join(NAMESPACE % name for name in ("common", "home"))
    write_files(tmp_path, {"spaces/all.yaml": f"{listed}\n---\n{more.pop('spaces/all.yaml', '')}\n", **more})
    assert names(parts(tmp_path, SERVICE % ("a", "common", ""), NOBODY)) == untouched


def test_what_one_root_builds_is_touched_together(tmp_path: Path) -> None:
    write_files(tmp_path, {"built/kustomization.yaml": "resources: [a.yaml, b.yaml]"})
    write_files(tmp_path, {"built/a.yaml": SERVICE % ("a", "one", ""), "built/b.yaml": SERVICE % ("b", "two", "")})
    assert names(parts(tmp_path, SERVICE % ("a", "common", ""), SERVICE % ("b", "two", ""))).count("one") == 0


LOCAL = frozenset(
    {
        *(Namespace, Service, Endpoints, EndpointSlice, Secret, ConfigMap, Workload, Ingress, IngressClass),
        *(NetworkPolicy, Kustomization, GatewayClass, Gateway, ListenerSet, ReferenceGrant, BackendTLSPolicy),
        *(HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute, OpenShiftRoute),
    }
)
"""The views of what matters within a namespace, but for what it names."""


def test_what_each_kind_of_object_acts_on_is_known() -> None:
    """A view of another kind may matter to every namespace, which `acting.py` or `pervasive.py` then has to tell."""
    modules = (import_module(f"k8snet_lint.resource.{module}") for module in ENGINES.values())
    every = {**KINDS, **{key: view for module in modules for key, view in module.KINDS.items()}}
    others = {view for (group, _), view in every.items() if group not in GROUPS} - LOCAL
    assert [view for view in others if not issubclass(view, EngineResource | AdminPolicy)] == []


def in_mesh(part: Graph) -> Mesh:
    """What the objects of a mesh come to, where there is one or not."""
    return part.mesh or Mesh(part)


def isolation(part: Graph) -> object:
    """Whether a namespace without policies of its own is sure to be open."""
    return part.isolation.absence("none")


CALICO_GROUP = "projectcalico.org/v3"
ACTING: dict[str, tuple[str, Callable[[Graph], object]]] = {
    "a policy of all of a mesh": (
        OBJECT % ("security.istio.io/v1", "AuthorizationPolicy", ", namespace: istio-system", "spec: {}"),
        isolation,
    ),
    "a host of all of a mesh": (
        OBJECT % ("networking.istio.io/v1", "ServiceEntry", ", namespace: sets", "spec: {hosts: [shop.example.com]}"),
        lambda part: part.select(ServiceEntry),
    ),
    "a gateway of a mesh": (
        OBJECT % ("networking.istio.io/v1", "Gateway", ", namespace: sets", "spec: {}"),
        lambda part: in_mesh(part).conflicts.same_listener,
    ),
    "an administrator's policy": (
        OBJECT % ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "", "spec: {}"),
        isolation,
    ),
    "a policy of Cilium": (
        OBJECT % ("cilium.io/v2", "CiliumClusterwideNetworkPolicy", "", "spec: {endpointSelector: {}}"),
        lambda part: part.policies,
    ),
    "a policy of Calico": (
        OBJECT % (CALICO_GROUP, "GlobalNetworkPolicy", "", "spec: {selector: all()}"),
        isolation,
    ),
    "a tier": (OBJECT % (CALICO_GROUP, "Tier", "", "spec: {}"), lambda part: part.select(EngineResource)),
    "a set": (OBJECT % (CALICO_GROUP, "GlobalNetworkSet", "", "spec: {}"), lambda part: part.select(EngineResource)),
    "a set of a namespace": (
        OBJECT % (CALICO_GROUP, "NetworkSet", ", namespace: sets", "spec: {}"),
        lambda part: part.select(EngineResource),
    ),
    "a policy that is not read": (OBJECT % ("crd.antrea.io/v1", "ClusterNetworkPolicy", "", "spec: {}"), isolation),
    "policies that are made": (
        OBJECT % ("kyverno.io/v1", "ClusterPolicy", "", "spec: {rules: [{generate: {kind: NetworkPolicy}}]}"),
        isolation,
    ),
    "what is added to pods": (
        OBJECT % ("apps.kruise.io/v1alpha1", "SidecarSet", "", "spec: {selector: {}}"),
        lambda part: part.pod_ports.sidecar_sets,
    ),
    "a node": (OBJECT % ("v1", "Node", "", "spec: {}"), lambda part: Parties(part).engine),
    "a pool": (OBJECT % ("metallb.io/v1", "IPAddressPool", ", namespace: m", "spec: {}"), lambda part: part.publicity),
}
"""What acts everywhere, and a question on which that has a bearing."""


@pytest.mark.parametrize("sort", ACTING)
def test_what_acts_everywhere_is_asked_of_whole_worlds_alone(sort: str, tmp_path: Path) -> None:
    written, asked = ACTING[sort]
    found = parts(tmp_path, SERVICE % ("a", "common", ""), written)
    assert found is not None
    for part in (found.untouched, *found.rest):
        assert part.select(Service)
        with pytest.raises(NotAloneError):
            asked(part)


@pytest.mark.parametrize("sort", ACTING)
def test_what_acts_everywhere_in_all_worlds_is_seen_in_every_part(sort: str, tmp_path: Path) -> None:
    written, asked = ACTING[sort]
    write_files(tmp_path, {"acting/all.yaml": written})
    found = parts(tmp_path, SERVICE % ("a", "common", ""), SERVICE % ("b", "home", ""))
    assert found is not None
    for part in (found.untouched, *found.rest):
        asked(part)
        (seen,) = (each for each in part.resources if each.file.endswith("acting/all.yaml"))
        assert id(seen) in found.seen


@pytest.mark.parametrize("sort", ACTING)
def test_what_acts_everywhere_is_asked_of_whole_worlds_where_an_alternative_does_too(sort: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"acting/all.yaml": ACTING[sort][0]})
    found = parts(tmp_path, SERVICE % ("a", "common", ""), ACTING[sort][0].replace("name: o", "name: p"))
    assert found is not None
    with pytest.raises(NotAloneError):
        ACTING[sort][1](found.untouched)


def test_what_acts_everywhere_is_seen_where_an_alternative_does_in_another_way(tmp_path: Path) -> None:
    write_files(tmp_path, {"acting/all.yaml": ACTING["an administrator's policy"][0]})
    found = parts(tmp_path, SERVICE % ("a", "common", ""), ACTING["a tier"][0])
    assert found is not None
    isolation(found.untouched)


def test_a_mesh_is_known_where_all_worlds_have_one(tmp_path: Path) -> None:
    member = "{apiVersion: v1, kind: Namespace, metadata: {name: home, labels: {istio-injection: enabled}}}"
    every = parts(tmp_path, SERVICE % ("a", "common", ""), member)
    assert every is not None
    assert all(part.mesh for part in (every.untouched, *every.rest))
    write_files(tmp_path, {"envs/edge/all.yaml": SERVICE % ("alternative", "home", "ports: [{port: 3}]")})
    loaded = load((str(tmp_path),), LoadOptions())
    graphs = Graph.of_worlds(loaded.worlds, Facts())
    some = Parts.of(graphs, {id(unit) for unit in loaded.worlds[0].shared})
    assert some is not None
    for part in (some.untouched, *some.rest):
        with pytest.raises(NotAloneError):
            _ = part.mesh


def test_a_mesh_is_not_known_where_some_of_it_may_be_of_any_namespace(tmp_path: Path) -> None:
    homeless = OBJECT % ("security.istio.io/v1", "AuthorizationPolicy", "", "spec: {}")
    found = parts(tmp_path, SERVICE % ("a", "common", ""), homeless)
    assert found is not None
    assert found.untouched.has_mesh
    with pytest.raises(NotAloneError):
        _ = found.untouched.mesh


def test_routes_that_name_a_way_into_a_mesh_do_not_hang_together(tmp_path: Path) -> None:
    entrance = ACTING["a gateway of a mesh"][0]
    write_files(tmp_path, {"in/gateway.yaml": entrance, "in/all.yaml": SERVICE % ("b", "sets", "")})
    route = OBJECT % ("networking.istio.io/v1", "VirtualService", ", namespace: %s", "spec: {gateways: [sets/o]}")
    found = parts(tmp_path, route % "common", route % "home")
    assert names(found) == ["apart", "common", "sets", "sets"]
    for part in (found.untouched, *found.rest) if found else ():
        assert in_mesh(part).gateways.missing == ()


def test_namespaces_with_a_gateway_of_a_mesh_and_other_pods_are_not_for_everyone_to_see(tmp_path: Path) -> None:
    write_files(tmp_path, {"in/gateway.yaml": ACTING["a gateway of a mesh"][0], "in/all.yaml": POD % ("sets", "", "")})
    found = parts(tmp_path, SERVICE % ("a", "common", ""), POD % ("home", "", "args: [sets]"))
    assert names(found) == ["apart", "common", "sets"]


MISSED_IN_MESH: dict[str, tuple[str, Callable[[Graph], object]]] = {
    "pods of a policy": (
        OBJECT
        % (
            "security.istio.io/v1",
            "AuthorizationPolicy",
            ", namespace: common",
            "spec: {selector: {matchLabels: {app: web}}}",
        ),
        lambda part: in_mesh(part).policies.selecting_nothing,
    ),
    "pods of a server": (
        OBJECT
        % ("policy.linkerd.io/v1", "Server", ", namespace: common", "spec: {podSelector: {matchLabels: {app: web}}}"),
        lambda part: in_mesh(part).linkerd.missing,
    ),
    "a namespace of a source": (
        OBJECT
        % (
            "security.istio.io/v1",
            "AuthorizationPolicy",
            ", namespace: common",
            "spec: {rules: [{from: [{source: {namespaces: [hmoe]}}]}]}",
        ),
        lambda part: in_mesh(part).policies.misspelt_namespaces,
    ),
}


@pytest.mark.parametrize("sort", MISSED_IN_MESH)
def test_what_a_mesh_misses_is_looked_for_in_whole_worlds(
    sort: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, question = MISSED_IN_MESH[sort]
    found = parts(tmp_path, written, POD % ("home", ", labels: {app: web}", "image: a"))
    assert found is not None
    with pytest.raises(NotAloneError):
        question(found.untouched)
    assert_parts_are_judged_as_wholes({}, tmp_path, monkeypatch)


def test_the_labels_of_its_namespace_are_seen_with_what_acts_everywhere(tmp_path: Path) -> None:
    labelled = "{apiVersion: v1, kind: Namespace, metadata: {name: sets, labels: {team: a}}}"
    write_files(tmp_path, {"acting/all.yaml": ACTING["a set of a namespace"][0], "spaces/all.yaml": labelled})
    found = parts(tmp_path, SERVICE % ("a", "common", ""), SERVICE % ("b", "home", ""))
    assert found is not None
    assert [part.namespaces.labels("sets").get("team") for part in (found.untouched, *found.rest)] == ["a"] * 3


def test_what_acts_everywhere_is_not_seen_where_an_alternative_labels_its_namespace(tmp_path: Path) -> None:
    labelled = "{apiVersion: v1, kind: Namespace, metadata: {name: sets, labels: {team: a}}}"
    write_files(tmp_path, {"acting/all.yaml": ACTING["a set of a namespace"][0]})
    unlike = parts(tmp_path, SERVICE % ("a", "common", ""), labelled)
    assert unlike is not None
    with pytest.raises(NotAloneError):
        unlike.untouched.select(EngineResource)


@pytest.mark.parametrize("sort", ACTING)
def test_what_does_not_is_asked_of_parts(sort: str, tmp_path: Path) -> None:
    found = parts(tmp_path, SERVICE % ("a", "common", ""), SERVICE % ("b", "home", ""))
    assert found is not None
    for part in (found.untouched, *found.rest):
        ACTING[sort][1](part)


def test_the_engines_of_policies_are_known_where_all_worlds_have_the_same(tmp_path: Path) -> None:
    found = parts(tmp_path, CILIUM % ("common", "{}"), SERVICE % ("b", "home", ""))
    assert found is not None
    assert {part.engines for part in (found.untouched, *found.rest)} == {frozenset({"Cilium"})}
    write_files(tmp_path, {"envs/dev/calico.yaml": CALICO % ("home", "{action: Allow}")})
    other = parts(tmp_path, CILIUM % ("common", "{}"), SERVICE % ("b", "home", ""))
    assert other is not None
    with pytest.raises(NotAloneError):
        _ = other.untouched.engines


@pytest.mark.parametrize(("touched", "pays"), [(8, True), (9, False)])
def test_worlds_that_touch_nearly_all_that_they_share_stay_whole(touched: int, *, pays: bool, tmp_path: Path) -> None:
    common = "\n---\n".join(SERVICE % (f"s{number}", "common", "") for number in range(touched))
    assert (parts(tmp_path, common, SERVICE % ("b", "common", "")) is not None) is pays


def test_worlds_that_share_little_stay_whole(tmp_path: Path) -> None:
    own = "\n---\n".join(SERVICE % (f"s{number}", "home", "") for number in range(10))
    assert parts(tmp_path, SERVICE % ("a", "common", ""), own) is None


# ── what bears on every namespace ────────────────────────────────────────────────────────────────────


def asked(directory: Path, common: str, own: str, question: Callable[[Graph], object]) -> list[object]:
    """What the part that no alternative touches and the rest of the first world say; `refused` where one does not."""
    found = parts(directory, common, own)
    assert found is not None
    answers: list[object] = []
    for part in (found.untouched, found.rest[0]):
        try:
            answers.append(question(part))
        except NotAloneError:
            answers.append("refused")
    return answers


def is_settled(graph: Graph) -> bool:
    return graph.settled is graph


def unset(graph: Graph) -> list[str]:
    """The namespaces that may be called `home`, as far as their names are known."""
    named = Selector((Requirement("kubernetes.io/metadata.name", Operator.IN, ("home",)),))
    return sorted(graph.namespaces.matching(named)[1])


NOBODY = SERVICE % ("b", "home", "")
HOMELESS = "{apiVersion: v1, kind: Service, metadata: {name: a}}"
COPIED = (
    "{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: common, "
    "annotations: {reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'}}}"
)
BUNDLE = OBJECT % ("trust.cert-manager.io/v1alpha1", "Bundle", "", "spec: {}")
CONNECTING = {
    "pods in no namespace": "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: []}}",
    "a policy in none": "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {}}",
    "the namespace of name servers": "{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}",
    "what routers are beside": SERVICE % ("a", "openshift-ingress", ""),
    "a pod with its address": OBJECT % ("v1", "Pod", ", namespace: a", "status: {podIP: 10.0.0.1}"),
    "a name server on the nodes' network": (
        "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a, labels: {k8s-app: node-local-dns}}, "
        "spec: {hostNetwork: true, containers: [{name: c}]}}"
    ),
}


BESIDE = {
    "pods in no namespace": HOMELESS,
    "a policy in none": HOMELESS,
    "the namespace of name servers": SERVICE % ("b", "kube-system", ""),
    "what routers are beside": SERVICE % ("b", "openshift-ingress", ""),
    "a pod with its address": SERVICE % ("b", "a", ""),
    "a name server on the nodes' network": SERVICE % ("b", "a", ""),
}
"""Something beside each of these."""


@pytest.mark.parametrize("sort", CONNECTING)
def test_who_connects_to_whom_is_told_with_what_all_worlds_have_in_view(sort: str, tmp_path: Path) -> None:
    assert asked(tmp_path, CONNECTING[sort], NOBODY, is_settled) == [True, True]


@pytest.mark.parametrize("sort", BESIDE)
def test_it_is_refused_where_an_alternative_has_something_there(sort: str, tmp_path: Path) -> None:
    assert "refused" in asked(tmp_path, CONNECTING[sort], BESIDE[sort], is_settled)


def test_namespaces_that_name_the_one_of_name_servers_do_not_hang_together(tmp_path: Path) -> None:
    write_files(tmp_path, {"system/all.yaml": SERVICE % ("kube-dns", "kube-system", "ports: [{port: 53}]")})
    named = POLICY % ("%s", "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}")
    found = parts(tmp_path, named % "common", named % "home")
    assert names(found) == ["apart", "common", "kube-system"]
    assert found is not None
    assert {each.namespace for each in found.rest[0].resources} == {"home", "kube-system"}


def test_what_attaches_to_a_gateway_there_hangs_together(tmp_path: Path) -> None:
    write_files(tmp_path, {"system/all.yaml": GATEWAY % ("kube-system", "x")})
    route = ROUTE % ("%s", "parentRefs: [{name: o, namespace: kube-system}]")
    assert names(parts(tmp_path, route % "common", route % "home")) == ["apart"]


MONITOR = OBJECT % (
    "monitoring.coreos.com/v1",
    "PodMonitor",
    ", namespace: monitoring",
    "spec: {selector: {}, podMetricsEndpoints: [{port: metrics}], namespaceSelector: {any: true}}",
)
PROMETHEUS = OBJECT % ("monitoring.coreos.com/v1", "Prometheus", ", namespace: monitoring", "spec: {}")
SCRAPEABLE = POD % ("%s", ", labels: {app: web}", "ports: [{name: metrics, containerPort: 9090}]")


CONTROLLER = POD % ("controllers", "", "image: traefik")
SCRAPER = POD % ("monitoring", "", "image: prom/prometheus")
SERVED = INGRESS % ("%s", "", "")
IN_VIEW = {
    "an IngressClass": ("", CLASS, SERVED),
    "a controller": ("controllers", CONTROLLER, SERVED),
    "a scraper": ("monitoring", SCRAPER, POD % ("%s", SCRAPED, "image: web")),
    "a Prometheus": (
        "monitoring",
        PROMETHEUS,
        MONITOR.replace("namespace: monitoring", "namespace: %s").replace("any: true", ""),
    ),
}
"""What all have a question for, where it is, and who asks."""


@pytest.mark.parametrize("sort", IN_VIEW)
def test_what_all_ask_for_does_not_make_them_hang_together(sort: str, tmp_path: Path) -> None:
    home, server, asking = IN_VIEW[sort]
    write_files(tmp_path, {"serving/all.yaml": server})
    write_files(tmp_path, {"serving/policy.yaml": POLICY % (home, "")} if home else {})
    found = parts(tmp_path, asking % "common", asking % "home")
    assert {"apart", "common"} <= {*names(found)}
    for part in (found.untouched, *found.rest) if found else ():
        assert len([each for each in part.resources if "serving" in each.file]) == (2 if home else 1)


@pytest.mark.parametrize("sort", [sort for sort, (home, _, _) in IN_VIEW.items() if home])
def test_they_do_where_an_alternative_has_something_beside_it(sort: str, tmp_path: Path) -> None:
    home, server, asking = IN_VIEW[sort]
    write_files(tmp_path, {"serving/all.yaml": server})
    found = parts(tmp_path, asking % "common", f"{asking % 'home'}\n---\n{SERVICE % ('b', home, '')}")
    assert names(found) == ["apart"]


@pytest.mark.parametrize("sort", ["a controller", "a scraper", "a Prometheus"])
def test_what_serves_all_and_may_be_anywhere_leaves_who_connects_to_whom_to_whole_worlds(
    sort: str, tmp_path: Path
) -> None:
    home, server, asking = IN_VIEW[sort]
    write_files(tmp_path, {"serving/all.yaml": server.replace(f"namespace: {home}", "labels: {}")})
    answers = asked(tmp_path, f"{asking % 'common'}\n---\n{asking % 'else'}", asking % "home", is_settled)
    assert "refused" in answers


def test_which_names_of_classes_nothing_uses_is_asked_of_whole_worlds(tmp_path: Path) -> None:
    write_files(tmp_path, {"serving/all.yaml": CLASS})
    found = parts(tmp_path, INGRESS % ("common", "", ""), INGRESS % ("home", "", ""))
    assert found is not None
    with pytest.raises(NotAloneError):
        found.untouched.unclaimed(IngressClass, "")


UNTOLD: dict[str, Callable[[Graph], object]] = {
    "names that nothing uses": lambda part: part.unclaimed(Service, "openshift-ingress"),
    "what a release would hold": lambda part: part.supplies(Service, "openshift-ingress", "b"),
    "whether all of it is here": lambda part: part.covers(Service, "openshift-ingress"),
}


@pytest.mark.parametrize("sort", UNTOLD)
def test_what_hangs_on_who_else_names_a_namespace_in_view_is_refused(sort: str, tmp_path: Path) -> None:
    answers = asked(tmp_path, CONNECTING["what routers are beside"], NOBODY, UNTOLD[sort])
    assert answers == ["refused", "refused"]


@pytest.mark.parametrize("sort", CONNECTING)
def test_it_is_refused_beside_alternatives_that_have(sort: str, tmp_path: Path) -> None:
    assert asked(tmp_path, SERVICE % ("c", "common", ""), CONNECTING[sort], is_settled)[0] == "refused"


@pytest.mark.parametrize("sort", ["pods in no namespace", "a policy in none"])
def test_what_may_be_anywhere_is_seen_in_every_part(sort: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"homeless/all.yaml": CONNECTING[sort], "homeless/more.yaml": HOMELESS})
    found = parts(tmp_path, SERVICE % ("a", "common", ""), NOBODY)
    assert found is not None
    for part in (found.untouched, *found.rest):
        assert len([each for each in part.resources if not each.namespace]) == 2


def test_who_connects_to_whom_is_told_where_nothing_has_a_say_everywhere(tmp_path: Path) -> None:
    assert asked(tmp_path, HOMELESS, NOBODY, is_settled) == [True, True]


def test_a_part_knows_that_something_in_no_namespace_is_in_every_world(tmp_path: Path) -> None:
    assert asked(tmp_path, HOMELESS, NOBODY, unset) == [[""], [""]]


def test_a_part_does_not_know_where_only_an_alternative_is_in_no_namespace(tmp_path: Path) -> None:
    assert asked(tmp_path, SERVICE % ("a", "common", ""), HOMELESS, unset) == ["refused", [""]]


def test_what_names_no_namespace_is_not_in_the_default_one_where_others_name_theirs(tmp_path: Path) -> None:
    directory = tmp_path / "apart"
    common = "{apiVersion: v1, kind: Secret, metadata: {name: a}}"
    found = parts(directory, common, NOBODY)
    assert found is not None
    beyond, around = Beyond(frozenset({HOMED})), Around(Held((), (), Facts()), frozenset(), found.rest[0])
    alone = Part(found.untouched.select(Secret), found.rest[0], beyond, Acting((), ()), (), around)
    assert not alone.namespaces.unset_is_default
    assert Graph(alone.resources, Facts()).namespaces.unset_is_default


QUESTIONS: dict[str, tuple[str, Callable[[Graph], object]]] = {
    "a Secret that is copied": (COPIED, lambda graph: graph.supplies(Secret, "home", "a")),
    "a ConfigMap that is made": (BUNDLE, lambda graph: graph.supplies(ConfigMap, "home", "o")),
    "a Service that may move": (HOMELESS, lambda graph: graph.may_move(Service, "a")),
}


@pytest.mark.parametrize("sort", QUESTIONS)
def test_parts_know_of_each_other_what_all_worlds_hold(sort: str, tmp_path: Path) -> None:
    common, question = QUESTIONS[sort]
    assert asked(tmp_path, common, NOBODY, question) == [True, True]


@pytest.mark.parametrize("sort", QUESTIONS)
def test_a_part_refuses_what_hangs_on_an_alternative(sort: str, tmp_path: Path) -> None:
    own, question = QUESTIONS[sort]
    assert asked(tmp_path, SERVICE % ("c", "apart", ""), own, question) == ["refused", True]


@pytest.mark.parametrize("sort", QUESTIONS)
def test_parts_know_that_nothing_is_there(sort: str, tmp_path: Path) -> None:
    assert asked(tmp_path, SERVICE % ("c", "apart", ""), NOBODY, QUESTIONS[sort][1]) == [False, False]


RELEASE = OBJECT % ("argoproj.io/v1alpha1", "Application", ", namespace: common", "spec: {source: {path: %s}}")


@pytest.mark.parametrize(
    ("path", "answers"),
    [("built", [True, True]), ("envs/dev", ["refused", True]), ("envs/prod", ["refused", False]), ("x", [False] * 2)],
)
def test_a_part_knows_which_paths_are_scanned(path: str, answers: list[object], tmp_path: Path) -> None:
    write_files(tmp_path, {"built/kustomization.yaml": "resources: [a.yaml]", "built/a.yaml": SERVICE % ("a", "b", "")})
    write_files(tmp_path, {f"envs/{name}/kustomization.yaml": "resources: [all.yaml]" for name in ("dev", "prod")})
    assert asked(tmp_path, RELEASE % path, NOBODY, lambda graph: graph.holds_unit_at(path)) == answers


def test_a_path_of_which_only_a_kustomization_is_left_in_a_part_is_scanned(tmp_path: Path) -> None:
    write_files(tmp_path, {"raw/kustomization.yaml": "resources: ['https://example.com/a.git', a.yaml]"})
    write_files(tmp_path, {"raw/a.yaml": SERVICE % ("a", "home", "")})
    answers = asked(tmp_path, RELEASE % "raw", NOBODY, lambda graph: graph.holds_unit_at("raw"))
    assert answers == [True, True]


def test_what_was_not_built_is_apart_and_may_move(tmp_path: Path) -> None:
    write_files(tmp_path, {"raw/kustomization.yaml": "resources: ['https://example.com/a.git', a.yaml]"})
    write_files(tmp_path, {"raw/a.yaml": SERVICE % ("raw", "raw", "")})
    answers = asked(tmp_path, SERVICE % ("c", "apart", ""), NOBODY, lambda graph: graph.may_move(Service, "raw"))
    assert answers == [True, True]


def scraped(graph: Graph) -> list[tuple[str, int]]:
    """The namespaces of what is scraped, and how many do it."""
    return [(each.workload.namespace, len(graph.scrapes.servers(each))) for each in graph.scrapes.all()]


def selected(graph: Graph) -> int:
    return sum(len(graph.targets(each, Relation.SCRAPES)) for each in graph.select(Resource))


def test_a_monitor_of_all_says_in_every_part_what_it_selects_there(tmp_path: Path) -> None:
    write_files(tmp_path, {"monitors/all.yaml": MONITOR, "monitors/server.yaml": PROMETHEUS})
    write_files(tmp_path, {"monitors/policy.yaml": POLICY % ("monitoring", "")})
    answers = asked(tmp_path, SCRAPEABLE % "common", SCRAPEABLE % "home", scraped)
    assert answers == [[("common", 1)], [("home", 1)]]
    found = parts(tmp_path, SCRAPEABLE % "common", SCRAPEABLE % "home")
    assert found is not None
    assert [len(part.select(NetworkPolicy)) for part in (found.untouched, *found.rest)] == [1, 1, 1]


SCRAPING = {
    "a monitor of all": MONITOR.replace("name: o", "name: p"),
    "a server": PROMETHEUS.replace("name: o", "name: p"),
    "something beside the server": SERVICE % ("b", "monitoring", ""),
}


@pytest.mark.parametrize("sort", SCRAPING)
def test_it_refuses_where_an_alternative_has_a_say(sort: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"monitors/all.yaml": MONITOR, "monitors/server.yaml": PROMETHEUS})
    found = parts(tmp_path, SCRAPEABLE % "common", SCRAPING[sort])
    assert found is not None
    for part in (found.untouched, *found.rest):
        with pytest.raises(NotAloneError):
            scraped(part)


@pytest.mark.parametrize("is_common", [True, False])
def test_who_connects_to_whom_is_told_beside_monitors_of_all(tmp_path: Path, *, is_common: bool) -> None:
    own = (MONITOR, NOBODY) if is_common else (NOBODY.replace("home", "common"), MONITOR)
    assert asked(tmp_path, *own, is_settled) == [True, True]


def test_files_of_a_directory_are_alternatives_whatever_namespace_shows_it(tmp_path: Path) -> None:
    """Files to choose from are told by what they clash in, which another part may hold."""
    files = {f"shared/{number}.yaml": SERVICE % ("a", "home", f"ports: [{{port: {number}}}]") for number in (1, 2, 3)}
    apart = {f"shared/{name}.yaml": SERVICE % (name, "apart", "") for name in ("one", "other")}
    write_files(tmp_path, {**files, **apart})

    def are_alternatives(graph: Graph) -> bool:
        one, other = (each for each in graph.select(Service) if each.name in ("one", "other"))
        return graph.are_alternatives(one, other)

    found = parts(tmp_path, SERVICE % ("c", "common", ""), SERVICE % ("b", "home", ""))
    assert found is not None
    with pytest.raises(NotAloneError):
        are_alternatives(found.untouched)


# ── what a part says ─────────────────────────────────────────────────────────────────────────────────


def test_a_part_refuses_what_hangs_on_the_whole_world(tmp_path: Path) -> None:
    found = parts(tmp_path, SERVICE % ("a", "common", "selector: {app: a}"), SERVICE % ("b", "home", ""))
    assert found is not None
    part, (rest, *_), *_ = found
    with pytest.raises(NotAloneError):
        _ = part.whole
    with pytest.raises(NotAloneError):
        part.owner(rest.resources[0].node)
    assert part.unresolved(Relation.ADMITS, NetworkPolicy) == ()
    assert part.owner(part.resources[0].spec) is part.resources[0]


MISSED = {
    "a class": (GATEWAY % ("common", "example"), GATEWAY % ("home", "example"), Relation.REFERS_TO),
    "a Gateway of elsewhere": (
        ROUTE % ("common", "parentRefs: [{name: o, namespace: nowhere}]"),
        ROUTE % ("home", "parentRefs: [{name: o, namespace: nowhere}]"),
        Relation.ATTACHES_TO,
    ),
    "a Gateway of a namespace that is not named": (
        ROUTE % ("common", "parentRefs: [{name: o}]"),
        GATEWAY % ("home", "x"),
        Relation.ATTACHES_TO,
    ),
    "a Service of elsewhere": (
        ROUTE % ("common", "rules: [{backendRefs: [{name: b, namespace: nowhere, port: 80}]}]"),
        ROUTE % ("home", "rules: [{backendRefs: [{name: b, namespace: nowhere, port: 80}]}]"),
        Relation.ROUTES_TO,
    ),
}


@pytest.mark.parametrize("sort", MISSED)
def test_what_may_be_anywhere_is_missed_in_whole_worlds(
    sort: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    common, own, relation = MISSED[sort]
    found = parts(tmp_path, common, own)
    assert found is not None
    with pytest.raises(NotAloneError):
        found.untouched.unresolved(relation, Gateway, GatewayRoute)
    assert_parts_are_judged_as_wholes({}, tmp_path, monkeypatch)


def test_files_to_choose_from_are_known_by_all_that_their_directory_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = "{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}"
    rules = f"rules: [{{host: shop.example.com, http: {{paths: [{claim}]}}}}]"
    routes = {f"common/{name}.yaml": INGRESS % (name, "", rules) for name in ("one", "two")}
    chosen = {f"common/{port}.yaml": SERVICE % ("a", "home", f"ports: [{{port: {port}}}]") for port in (1, 2, 3)}
    write_files(tmp_path, {**routes, **chosen})
    assert parts(tmp_path, SERVICE % ("b", "three", ""), SERVICE % ("c", "home", "")) is not None
    assert_parts_are_judged_as_wholes({}, tmp_path, monkeypatch)


SIDECAR = OBJECT % ("networking.istio.io/v1", "Sidecar", ", namespace: common", "spec: {workloadSelector: %s}")


def test_pods_of_another_namespace_that_a_sidecar_may_be_meant_for_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sidecar = SIDECAR % "{labels: {app: storefront}}"
    assert parts(
        tmp_path, f"{sidecar}\n---\n{POD % ('common', '', '')}", POD % ("far", ", labels: {app: storefront}", "")
    )
    assert_parts_are_judged_as_wholes({}, tmp_path, monkeypatch)


def test_a_namespace_of_another_part_that_one_of_two_peers_nearly_means_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled = "{apiVersion: v1, kind: Namespace, metadata: {name: common, labels: {team: checkout}}}"
    peers = "{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: chekcout}}}"
    assert parts(tmp_path, labelled, POLICY % ("home", peers)) is not None
    assert_parts_are_judged_as_wholes({}, tmp_path, monkeypatch)


def test_a_part_refuses_again_what_it_has_refused(tmp_path: Path) -> None:
    of_a_team = POLICY % ("common", "{namespaceSelector: {matchLabels: {team: a}}}")
    labelled = "{apiVersion: v1, kind: Namespace, metadata: {name: home, labels: {team: a}}}"
    found = parts(tmp_path, of_a_team, labelled)
    assert found is not None
    (policy,) = found.untouched.select(NetworkPolicy)
    for _ in range(2):
        with pytest.raises(NotAloneError):
            found.untouched.targets(policy, Relation.ADMITS)
    for _ in range(2):
        with pytest.raises(NotAloneError):
            found.untouched.sources(policy, Relation.ADMITS)


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


# ── files that describe an object twice ──────────────────────────────────────────────────────────────


def test_a_unit_that_worlds_share_is_looked_at_once_for_clashes(tmp_path: Path) -> None:
    twice = {f"shared/{port}.yaml": SERVICE % ("a", "apart", f"ports: [{{port: {port}}}]") for port in (1, 2)}
    own = {f"envs/{port}/all.yaml": SERVICE % ("b", "home", f"ports: [{{port: {port}}}]") for port in (1, 2)}
    write_files(tmp_path, {**twice, **own, "envs/1/more.yaml": SERVICE % ("b", "home", "")})
    one, other = Graph.of_worlds(load((str(tmp_path),), LoadOptions()).worlds, Facts())
    assert [[each.name for each in found] for found in one.clashes] == [["a", "a"], ["b", "b"]]
    assert [[each.name for each in found] for found in other.clashes] == [["a", "a"]]
    assert one.clashes[0] is other.clashes[0]


@pytest.mark.parametrize("names", [("one", "other"), ("blue-web", "green-web")])
def test_all_objects_of_files_are_asked_for_only_where_their_names_do_not_tell(
    names: tuple[str, str], tmp_path: Path
) -> None:
    """Of a directory in several parts, a part knows what files are called, and not all that they describe."""
    for number, name in enumerate(names, 1):
        write_files(tmp_path, {f"v/{name}.yaml": SERVICE % ("a", "apart", f"ports: [{{port: {number}}}]")})
    write_files(tmp_path, {"v/else.yaml": SERVICE % ("a", "home", "")})
    found = parts(tmp_path, SERVICE % ("c", "common", ""), NOBODY)
    assert found is not None
    ((one, other),) = found.untouched.clashes
    if names == ("one", "other"):
        with pytest.raises(NotAloneError):
            found.untouched.are_variants(one, other)
    else:
        assert found.untouched.are_variants(one, other)


def test_a_part_that_refused_once_refuses_again(tmp_path: Path) -> None:
    """What it had found of who refers to whom until then is not all."""
    found = parts(tmp_path, MONITOR, MONITOR.replace("name: o", "name: p"))
    assert found is not None
    monitor = next(each for each in found.rest[0].resources if each.kind == "PodMonitor")
    for _ in range(2):
        with pytest.raises(NotAloneError):
            found.rest[0].targets(monitor, Relation.SCRAPES)
        with pytest.raises(NotAloneError):
            found.rest[0].sources(monitor, Relation.SCRAPES)


# ── what is told once for all worlds ─────────────────────────────────────────────────────────────────

SELECTING = SERVICE % ("%s", "%s", "selector: {app: %s}")
LOST = "{apiVersion: v1, kind: Service, metadata: {name: b, namespace: home}, spec: {selector: {app: nobody}}}"
LOST_BACKEND = (
    "rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: c, port: {number: 80}}}}]}}]"
)
OF_NAME = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}"
OF_TEAMS = POLICY % ("%s", "{namespaceSelector: {matchLabels: {team: %s}}, podSelector: {matchLabels: {app: x}}}")
MONITOR_OF = OBJECT % (
    "monitoring.coreos.com/v1",
    "PodMonitor",
    ", namespace: %s",
    "spec: {selector: {matchLabels: {app: %s}}, podMetricsEndpoints: [{port: metrics}]}",
)
TOLD_ONCE = {
    "service-selects-no-pods": (f"{SELECTING % ('a', 'common', 'nobody-here')}", LOST),
    "ingress-backend-missing": (SERVICE % ("c", "common", ""), INGRESS % ("home", "", LOST_BACKEND)),
    "monitor-selects-nothing": (
        MONITOR_OF % ("common", "one"),
        f"{MONITOR_OF % ('home', 'two')}\n---\n{POD % ('home', '', 'image: a')}",
    ),
    "policy-peer-selects-nothing": (
        f"{OF_TEAMS % ('common', 'one')}\n---\n{POLICY.replace('name: n', 'name: m') % ('common', OF_NAME % 'afar')}",
        OF_TEAMS % ("home", "two"),
    ),
    "namespace-without-default-deny-ingress": (POD % ("common", "", "image: a"), POD % ("home", "", "image: b")),
}
"""What leads nowhere in what worlds share, and in what each has for its own."""


@pytest.mark.parametrize("name", TOLD_ONCE)
def test_what_no_alternative_touches_is_told_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    controller = POD % ("ingress", ", labels: {app: x}", "image: registry.k8s.io/ingress-nginx/controller")
    write_files(tmp_path, {"ingress/all.yaml": controller})
    assert parts(tmp_path, *TOLD_ONCE[name]) is not None
    loaded = load((str(tmp_path),), LoadOptions())
    whole: list[str] = []
    monkeypatch.setattr(Judging, "_judge", lambda _, rule, *__: whole.append(rule.id))
    report = lint(loaded, registry.load(), Config(select=(name,)), today=TODAY)
    assert [finding.rule for finding in report.findings] != []
    assert whole == []


def test_what_all_parts_show_is_told_of_whole_worlds_where_one_part_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = "spec: {selector: {matchLabels: {app: x}}, mtls: {mode: STRICT}}"
    strict = OBJECT % ("security.istio.io/v1", "PeerAuthentication", ", namespace: istio-system", spec)
    write_files(tmp_path, {"mesh/all.yaml": strict})
    own = POD % ("home", ", labels: {app: x}", "image: b")
    assert parts(tmp_path, POD % ("common", "", "image: a"), own) is not None
    assert_parts_are_judged_as_wholes({}, tmp_path, monkeypatch)
