"""What the engine makes of problems: severity by coverage, one finding a place, crashes apart."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config, Override
from k8snet_lint.declare import Severity
from k8snet_lint.engine import lint
from k8snet_lint.errors import ConfigError, RuleError
from k8snet_lint.facts import Assumed, Facts
from k8snet_lint.graph import Graph
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.registry import options_of
from k8snet_lint.reporters.json_report import resource_json
from k8snet_lint.subjects import idle
from tests.support import TODAY, lines_of, lint_text, lint_tree, report_on, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from k8snet_lint.report import Report

SERVICE = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec:
      selector: {app: storefront}
      ports: [{port: 80}]
"""

DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec:
      selector: {matchLabels: {app: LABEL}}
      template:
        metadata: {labels: {app: LABEL}}
        spec: {containers: [{name: web, image: web}]}
"""


def selecting(label: str) -> str:
    return f"{textwrap.dedent(SERVICE)}---{textwrap.dedent(DEPLOYMENT.replace('LABEL', label))}"


def test_what_the_files_do_not_cover_is_a_note_that_never_fails() -> None:
    report = report_on(SERVICE, select=["service-selects-no-pods"])
    (finding,) = report.findings
    assert finding.severity is Severity.NOTE
    assert finding.absence
    assert "outside the scanned files" in finding.message


def test_what_the_files_cover_has_the_rules_severity() -> None:
    (finding,) = report_on(selecting("catalog"), select=["service-selects-no-pods"]).findings
    assert (finding.severity, finding.absence) == (Severity.WARNING, False)


def test_a_near_miss_raises_what_is_covered_by_one_level_and_is_related() -> None:
    (finding,) = report_on(selecting("storefrnt"), select=["service-selects-no-pods"]).findings
    assert finding.severity is Severity.ERROR
    assert [related.message for related in finding.related] == ["Deployment/shop/web has app=storefrnt"]


def test_assuming_that_the_files_are_complete_covers_everything() -> None:
    facts = Facts(assumed=Assumed(complete=True))
    (finding,) = report_on(SERVICE, select=["service-selects-no-pods"], facts=facts).findings
    assert (finding.severity, finding.absence) == (Severity.WARNING, False)


def test_a_configured_severity_holds_for_all_but_absence_notes() -> None:
    severity = {"service-selects-no-pods": Severity.ERROR}
    (sure,) = report_on(selecting("catalog"), select=["service-selects-no-pods"], severity=severity).findings
    (unsure,) = report_on(SERVICE, select=["service-selects-no-pods"], severity=severity).findings
    assert (sure.severity, unsure.severity) == (Severity.ERROR, Severity.NOTE)


def test_an_override_leaves_a_rule_out_for_some_files() -> None:
    ignoring = (Override(paths=("m.yaml",), ignore=("service-selects-no-pods",)),)
    assert lint_text(SERVICE, select=["service-selects-no-pods"], overrides=ignoring) == []


def test_an_override_changes_a_severity_for_some_files() -> None:
    stricter = (Override(paths=("*.yaml",), severity={"service-selects-no-pods": Severity.ERROR}),)
    (line,) = lint_text(selecting("catalog"), select=["service-selects-no-pods"], overrides=stricter)
    assert "error[service-selects-no-pods]" in line


def test_a_fingerprint_survives_lines_and_neighbours_but_not_another_value() -> None:
    before = report_on(selecting("catalog"), select=["service-selects-no-pods"]).findings[0]
    moved = report_on("# a comment\n\n" + selecting("catalog"), select=["service-selects-no-pods"]).findings[0]
    changed = selecting("catalog").replace("selector: {app: storefront}", "selector: {app: shopfront}")
    other = report_on(changed, select=["service-selects-no-pods"]).findings[0]
    assert before.location != moved.location
    assert before.fingerprint == moved.fingerprint
    assert before.fingerprint != other.fingerprint


def test_a_base_that_two_overlays_list_is_one_finding_naming_both(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "base/web.yaml": SERVICE.replace("spec:", "spec:\n      type: NodePort"),
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\n",
            "prod/kustomization.yaml": "resources: [../base]\nnamespace: prod\n",
        },
    )
    loaded = load((str(tmp_path),), LoadOptions())
    report = lint(loaded, registry.load(), Config(select=("service-node-port",)), today=TODAY)
    (finding,) = report.findings
    assert [unit.rpartition("/")[2] for unit in finding.units] == ["dev", "prod"]


def write_rule(directory: Path, name: str, body: str) -> None:
    page = '"""A test rule.\n\nIt exists.\n"""\n'
    imports = "from k8snet_lint import Problem, Severity, rule\nfrom k8snet_lint.kinds import Service\n"
    write_files(directory, {f"test/{name}.py": page + imports + textwrap.dedent(body)})


def run_rule(directory: Path, text: str, **settings: object) -> Report:
    loaded = load(("-",), LoadOptions(stdin_name="m.yaml"), stdin=textwrap.dedent(text).encode())
    config = Config(select=("test",), **settings)  # type: ignore[arg-type] # the tests' own settings
    return lint(loaded, registry.load([directory]), config, today=TODAY)


def test_a_rule_that_crashes_is_named_with_its_line_and_the_others_go_on(tmp_path: Path) -> None:
    write_rule(
        tmp_path,
        "it_crashes",
        """
        @rule(severity=Severity.WARNING, since="1")
        def check(graph):
            yield Problem(at=graph.select(Service)[0].name_node, message="before")
            raise KeyError("no such thing")
        """,
    )
    write_rule(
        tmp_path,
        "it_works",
        """
        @rule(severity=Severity.WARNING, since="1")
        def check(graph):
            for service in graph.select(Service):
                yield Problem(at=service.name_node, message=f"{service} is seen")
        """,
    )
    report = run_rule(tmp_path, SERVICE)
    (crash,) = report.crashed
    assert crash.rule == "it-crashes"
    assert crash.where.endswith("it_crashes.py:11")
    assert crash.message == "KeyError: 'no such thing'"
    assert [finding.message for finding in report.findings] == ["before", "Service/shop/web is seen"]


def test_a_rule_that_ends_the_program_is_a_crash(tmp_path: Path) -> None:
    write_rule(
        tmp_path,
        "it_exits",
        """
        @rule(severity=Severity.WARNING, since="1")
        def check(graph):
            raise SystemExit(0)
        """,
    )
    (crash,) = run_rule(tmp_path, SERVICE).crashed
    assert (crash.where.rpartition("/")[2], crash.message) == ("it_exits.py:10", "SystemExit: 0")


@pytest.mark.parametrize(
    "statement",
    [
        "yield Problem(at=None, message='nowhere')",
        "yield Problem(at=graph.select(Service)[0].node, message='!', severity=Severity.ERROR)",
        "return None",
    ],
)
def test_a_result_that_cannot_be_used_is_the_rules_own_fault(tmp_path: Path, statement: str) -> None:
    write_rule(
        tmp_path,
        "it_errs",
        f"""
        @rule(severity=Severity.NOTE, since="1")
        def check(graph):
            {statement}
        """,
    )
    (crash,) = run_rule(tmp_path, SERVICE).crashed
    assert crash.where.rpartition("/")[2] == "it_errs.py:8"


def test_a_rule_file_that_ends_the_program_does_not_load(tmp_path: Path) -> None:
    write_files(tmp_path, {"test/it_exits.py": "raise SystemExit(0)\n"})
    with pytest.raises(RuleError, match=r"it_exits\.py:1: the rule file does not load: SystemExit: 0"):
        registry.load([tmp_path])


@pytest.mark.parametrize("name", ["README.md", "flat_rule.py"])
def test_a_directory_without_rules_is_a_mistake(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {name: "x = 1\n"})
    with pytest.raises(RuleError, match=r"no rules in the directory .*; expected files <subject>/<rule_id>\.py in it"):
        registry.load([tmp_path])


def test_a_folder_of_rules_that_cannot_be_read_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"test/rule.py": "x = 1\n"})

    def refuse(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("k8snet_lint.registry.os.listdir", refuse)
    with pytest.raises(RuleError, match=r"the rules directory '.*' cannot be read: Permission denied"):
        registry.load([tmp_path])


TWICE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, name: a}\n"
USELESS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}  # k8snet-lint: ignore service-node-port -- none here\n"


@pytest.mark.parametrize(("rule", "text"), [("duplicate-key", TWICE), ("unused-suppression", USELESS)])
@pytest.mark.parametrize("severity", Severity)
def test_what_the_engine_says_has_the_configured_severity(rule: str, text: str, severity: Severity) -> None:
    select = [rule, "service-node-port"]
    (configured,) = report_on(text, select=select, severity={rule: severity}).findings
    overrides = (Override(paths=("*.yaml",), severity={rule: severity}),)
    (overridden,) = report_on(text, select=select, overrides=overrides).findings
    assert (configured.rule, configured.severity, overridden.severity) == (rule, severity, severity)


def test_a_long_name_is_cut_short_in_what_is_said_of_it() -> None:
    long = SERVICE.replace("shop", "s" * 10_000).replace("storefront", "l" * 10_000)
    (finding,) = report_on(long, select=["service-selects-no-pods"]).findings
    assert len(finding.message) < 5_000
    assert "…" in finding.message
    assert finding.resource is not None
    assert resource_json(finding.resource)["namespace"] == "s" * 252 + "…"


def test_a_rule_cannot_give_a_severity_that_it_does_not_declare(tmp_path: Path) -> None:
    write_rule(
        tmp_path,
        "it_exaggerates",
        """
        @rule(severity=Severity.NOTE, since="1")
        def check(graph):
            yield Problem(at=graph.select(Service)[0].name_node, message="!", severity=Severity.ERROR)
        """,
    )
    (crash,) = run_rule(tmp_path, SERVICE).crashed
    assert "gives severity error, which it does not declare" in crash.message


def test_a_finding_drops_those_it_supersedes_at_its_place(tmp_path: Path) -> None:
    for name, supersedes in (("general", ""), ("special", "supersedes=('general',), ")):
        write_rule(
            tmp_path,
            name,
            f"""
            @rule(severity=Severity.WARNING, {supersedes}since="1")
            def check(graph):
                for service in graph.select(Service):
                    if "{name}" == "general" or service.type_name == "NodePort":
                        yield Problem(at=service.spec["ports"], message="{name}")
            """,
        )
    nodeport = SERVICE.replace("spec:", "spec:\n      type: NodePort")
    assert [finding.message for finding in run_rule(tmp_path, nodeport).findings] == ["special"]
    assert [finding.message for finding in run_rule(tmp_path, SERVICE).findings] == ["general"]


def test_the_order_of_files_does_not_show(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.yaml": SERVICE, "b.yaml": SERVICE.replace("web", "api")})
    config = Config(select=("service-selects-no-pods",))
    both = [str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]
    reports = [lint(load(order, LoadOptions()), registry.load(), config, today=TODAY) for order in (both, both[::-1])]
    assert lines_of(reports[0]) == lines_of(reports[1])
    assert [f.fingerprint for f in reports[0].findings] == [f.fingerprint for f in reports[1].findings]


def test_an_unknown_rule_is_named_with_the_nearest_ones() -> None:
    with pytest.raises(
        RuleError, match="unknown rule or subject 'service-node-prot'; did you mean 'service-node-port'"
    ):
        report_on(SERVICE, select=["service-node-prot"])


def test_an_option_of_a_rule_without_options_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="'service-selects-no-pods' has no options"):
        report_on(SERVICE, options={"service-selects-no-pods": {"loud": True}})


def test_a_tree_without_objects_has_no_findings(tmp_path: Path) -> None:
    write_files(tmp_path, {"values.yaml": "replicas: 1\n"})
    assert lint_tree(tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "wakes"),
    [
        ("gateway.networking.k8s.io/v1, kind: HTTPRoute", {"gateway"}),
        ("networking.istio.io/v1, kind: VirtualService", {"mesh"}),
        ("networking.k8s.io/v1, kind: NetworkPolicy", {"policy"}),
        ("policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy", {"cluster_policy", "policy"}),
        ("projectcalico.org/v3, kind: GlobalNetworkSet", {"policy"}),
        ("networking.k8s.io/v1, kind: IngressClass", {"ingress"}),
        ("route.openshift.io/v1, kind: Route", {"ingress"}),
        ("v1, kind: ConfigMap", {"ingress"}),
        ("v1, spec: {containers: [{image: registry.k8s.io/ingress-nginx/controller:v1}]}, kind: Pod", {"ingress"}),
        ("v1, kind: Service", set()),
    ],
)
def test_rules_that_have_nothing_to_judge_are_not_loaded(kind: str, wakes: set[str]) -> None:
    loaded = load(("-",), LoadOptions(), stdin=f"{{apiVersion: {kind}, metadata: {{name: a}}}}\n".encode())
    asleep = idle([Graph.of(world, Facts()) for world in loaded.worlds])
    assert {"cluster_policy", "gateway", "ingress", "kustomize", "mesh", "policy"} - asleep == wakes


def test_a_rule_that_was_not_loaded_is_known_all_the_same() -> None:
    known = registry.load()
    report = lint(
        load(("-",), LoadOptions(), stdin=b"{apiVersion: v1, kind: Service, metadata: {name: a}}\n"),
        known,
        Config(severity={"policy-open-cidr": Severity.ERROR}),
        today=TODAY,
    )
    assert not any(rule.subject == "mesh" for rule in report.rules)
    assert known.resolve("mesh-routes-conflict").subject == "mesh"


@dataclass(frozen=True)
class OwnOptions:
    most_ports: int = 3
    names: tuple[str, ...] = ()


def test_options_may_be_a_dataclass_as_well_as_a_named_tuple() -> None:
    rule = registry.load().rule("service-node-port")._replace(options=OwnOptions)
    assert options_of(rule, {}, "") == OwnOptions()
    assert options_of(rule, {"most-ports": 5, "names": ["a"]}, "") == OwnOptions(5, ("a",))
    with pytest.raises(ConfigError, match="no option 'most_ports'; did you mean 'most-ports'"):
        options_of(rule, {"most_ports": 5}, "c.yaml:1:1")
