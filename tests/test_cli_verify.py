"""`k8snet-lint verify`: intents that hold and that do not, what they say, and what is wrong with a file of them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from k8snet_lint.connectivity.intents import read_intents
from k8snet_lint.errors import ConfigError
from tests.cluster import namespace, pods, policy, together
from tests.support import run, write_files
from tests.test_cli_connections import SERVICE

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "schemas" / "intents.schema.json").read_text(encoding="utf-8"))

MANIFESTS = together(
    namespace("shop", "{team: shop}"),
    pods("web"),
    pods("batch"),
    pods("api", ports="[{name: http, containerPort: 8080}]"),
    pods("probe", "ops"),
    policy(
        "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]",
        "api",
        selector="matchLabels: {app: api}",
    ),
    policy("policyTypes: [Egress]", "batch", selector="matchLabels: {app: batch}"),
    SERVICE,
)


@pytest.fixture(autouse=True)
def _in_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"shop.yaml": MANIFESTS, ".git/HEAD": ""})
    monkeypatch.chdir(tmp_path)


def verify(intent: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the result of one intent."""
    Path("intents.yaml").write_text(f"version: 1\nintents:\n  - {intent}\n", encoding="utf-8")
    ran = run("verify", "intents.yaml", "shop.yaml", "--format", "json", *arguments)
    assert ran.code in (0, 1), ran.err
    (only,) = json.loads(ran.out)["intents"]
    return ran.code, only


@pytest.mark.parametrize(
    "intent",
    [
        "allow: {from: shop/web, to: shop/api, ports: [8080]}",
        "allow: {from: shop/web, to: shop/api, ports: [http]}",
        "allow: {from: shop/web, to: shop/Service/api}",
        "allow: {from: shop/web, to: shop/Service/api, ports: [80, public]}",
        "allow: {from: {namespace: shop, podSelector: {matchLabels: {app: web}}}, to: shop/api, ports: [8080]}",
        "allow: {from: {namespaceSelector: {matchLabels: {team: shop}}}, to: shop/api}\n    quantifier: any",
        "allow: {from: shop/web, to: [internet, 10.0.0.0/8]}",
        "deny: {from: shop/web, to: shop/api, ports: [9090, 8080/UDP, 1-8079]}",
        "deny: {from: [internet, ops/], to: shop/api}",
        "deny: {from: shop/batch, to: internet}",
        "deny: {from: shop/, to: shop/api}\n    quantifier: any",
        "only: {from: shop/web, to: shop/api, ports: [8080]}",
        "only: {from: shop/web, to: shop/api}",
    ],
)
def test_an_intent_that_holds_passes(intent: str) -> None:
    code, result = verify(intent)
    assert (code, result["status"], result["counterexample"]) == (0, "passed", None)


@pytest.mark.parametrize(
    ("intent", "example"),
    [
        (
            "allow: {from: shop/batch, to: shop/api, ports: [8080]}",
            "shop/Deployment/batch shop/Deployment/api TCP 8080",
        ),
        ("allow: {from: shop/, to: shop/api, ports: [8080]}", "shop/Deployment/batch shop/Deployment/api TCP 8080"),
        (
            "allow: {from: shop/web, to: shop/api, ports: [8080, 9090]}",
            "shop/Deployment/web shop/Deployment/api TCP 9090",
        ),
        ("deny: {from: shop/, to: shop/api}", "shop/Deployment/web shop/Deployment/api TCP 8080"),
        ("deny: {from: 10.0.0.0/8, to: shop/web, ports: [53/UDP]}", "10.0.0.1 shop/Deployment/web UDP 53"),
        ("only: {from: shop/batch, to: shop/api}", "shop/Deployment/batch shop/Deployment/api TCP 8080"),
        ("only: {from: [shop/], to: shop/batch, ports: [80]}", "ops/Deployment/probe shop/Deployment/batch TCP 80"),
        ("only: {from: [shop/, ops/], to: shop/web}", "0.0.0.1 shop/Deployment/web TCP 1"),
    ],
)
def test_an_intent_that_does_not_hold_fails_by_one_connection(intent: str, example: str) -> None:
    code, result = verify(intent)
    found = result["counterexample"]
    assert (code, result["status"]) == (1, "failed")
    assert f"{found['source']} {found['target']} {found['protocol']} {found['port']}" == example
    assert found["places"]


def test_a_pod_from_elsewhere_counts_among_the_others_where_it_surely_gets_in() -> None:
    everybody = "ingress: [{from: [{namespaceSelector: {}}]}]"
    Path("shop.yaml").write_text(
        together(namespace("shop"), pods("web"), pods("api"), policy(everybody, selector="matchLabels: {app: api}")),
        encoding="utf-8",
    )
    _, result = verify("only: {from: shop/, to: shop/api}")
    assert result["counterexample"]["source"] == "any pod"


UNKNOWN = "allow: {from: ingress, to: shop/api, ports: [8080]}"


@pytest.mark.parametrize("path", ["missing.yaml", "."])
def test_where_intents_cannot_be_read_it_is_said_where_they_are_named(path: str) -> None:
    ran = run("verify", path, ".")
    assert ran.code == 2
    assert f"the intents '{path}' cannot be read: " in ran.err
    assert "help: name the file of intents first, then the manifests; check the path" in ran.err


def test_what_cannot_be_told_fails_unless_the_file_or_the_intent_says_otherwise() -> None:
    assert verify(UNKNOWN)[0] == 1
    assert verify(f"{UNKNOWN}\n    unknown: pass") == (0, verify(f"{UNKNOWN}\n    unknown: pass")[1])
    assert verify(f"{UNKNOWN}\nunknown: pass")[1]["status"] == "unknown"
    assert verify(f"{UNKNOWN}\nunknown: pass")[0] == 0
    assert verify(f"{UNKNOWN}\n    unknown: fail\nunknown: pass")[0] == 1


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        (
            "deny: {from: shop/wbe, to: shop/api}",
            "the end 'shop/wbe' is nobody in these manifests; did you mean 'shop/web'?",
        ),
        ("deny: {from: {podSelector: {matchLabels: {app: x}}}, to: shop/api}", "pods app=x in any namespace are none"),
        ("deny: {from: shop/web, to: shop/api, ports: [htp]}", "no pod of the target has a port htp"),
    ],
)
def test_an_intent_about_nobody_fails_instead_of_passing_for_nothing(intent: str, said: str) -> None:
    code, result = verify(intent)
    assert (code, result["status"]) == (1, "failed")
    assert said in result["message"]


def test_text_shows_the_counterexample_and_its_lines() -> None:
    write = "version: 1\nintents:\n  - name: the api is closed\n    deny: {from: shop/web, to: shop/api}\n"
    Path("intents.yaml").write_text(write, encoding="utf-8")
    ran = run("verify", "intents.yaml", "shop.yaml")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0] == "failed  the api is closed  intents.yaml:3:11"
    assert lines[1].strip() == ("shop/Deployment/web -> shop/Deployment/api on TCP 8080 is allowed, and must be denied")
    assert any(
        line.strip().startswith("shop.yaml:") and "NetworkPolicy/shop/api allows ingress" in line for line in lines
    )
    assert lines[-1] == "1 intent: 1 failed"


def test_junit_and_sarif_hold_what_failed() -> None:
    verify("deny: {from: shop/web, to: shop/api}")
    (suite,) = ET.fromstring(run("verify", "intents.yaml", "shop.yaml", "-f", "junit").out)  # noqa: S314 - our own text
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "is allowed, and must be denied" in (failure.get("message") or "")
    log = json.loads(run("verify", "intents.yaml", "shop.yaml", "-f", "sarif").out)
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("intent-failed", "error")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "shop.yaml"
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert "do not do what the intent says" in rule["help"]["text"]


def test_an_intent_holds_in_every_world_that_knows_its_ends(tmp_path: Path) -> None:
    both = together(pods("web"), pods("api")) + "---\n"
    write_files(
        tmp_path,
        {
            "dev/all.yaml": both + policy("ingress: [{}]", "deny"),
            "prod/all.yaml": both + policy("policyTypes: [Ingress]", "deny"),
            "intents.yaml": "version: 1\nintents:\n  - deny: {from: shop/web, to: shop/api}\n",
        },
    )
    found = json.loads(run("verify", "intents.yaml", "dev", "prod", "-f", "json").out)["intents"]
    assert [(each["world"], each["status"]) for each in found] == [("dev", "failed"), ("prod", "passed")]


MALFORMED = {
    "unknwon: fail": "2:1: unknown key 'unknwon' in the file; did you mean 'unknown'?",
    "intents: []": "2:10: 'intents' is an empty list; expected a list of intents",
    "intents: [{name: a}]": "an intent asserts nothing; expected one of allow, deny or only",
    "intents: [{alow: {}}]": "2:12: unknown key 'alow' in an intent; did you mean 'allow'?",
    "intents: [{deny: {from: a, to: b}, allow: {from: a, to: b}}]": "an intent asserts 'allow' and 'deny'",
    "intents: [{deny: {frm: a, to: b}}]": "unknown key 'frm' in 'deny'; did you mean 'from'?",
    "intents: [{deny: {from: a}}]": "'deny' names no 'to'; expected one",
    "intents: [{deny: {from: [], to: b}}]": "'from' is an empty list; expected names or selectors",
    "intents: [{deny: {from: 3, to: b}}]": "an end is 3; expected a name such as 'shop/web', or selectors",
    "intents: [{deny: {from: a, to: b, ports: [99999]}}]": "the port '99999' is not within 1-65535",
    "intents: [{deny: {from: a, to: b, ports: 80}}]": "'ports' is 80; expected a list such as [8080, 53/UDP, http]",
    "intents: [{deny: {from: a, to: b}, quantifier: evry}]": "'quantifier' is 'evry'; expected all or any",
    "intents: [{deny: {from: a, to: b}, unknown: 1}]": "'unknown' is 1; expected fail or pass",
    "intents: [{deny: {from: {namespace: a, namespaceSelector: {}}, to: b}}]": "expected one of them",
    "intents: [{deny: {from: {podSelector: {matchLabel: {}}}, to: b}}]": "unknown key 'matchLabel' in 'podSelector'",
    "intents: [{deny: {from: {podSelector: {matchExpressions: [{key: a, operator: Is}]}}, to: b}}]": "unknown operator",
}


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_file_is_said_with_its_place_and_exit_code_2(text: str) -> None:
    Path("intents.yaml").write_text(f"version: 1\n{text}\n", encoding="utf-8")
    ran = run("verify", "intents.yaml", "shop.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "error: intents.yaml:2:" in ran.err
    assert MALFORMED[text] in ran.err


WELL_FORMED = (
    "intents: [{deny: {from: a, to: b}}]",
    "intents: [{only: {from: [a, {namespace: b}], to: {podSelector: {}}, ports: [1, 8-9, 53/udp, http]}}]",
    "unknown: pass\nintents: [{name: a, allow: {from: a, to: b}, quantifier: any, unknown: fail}]",
)


@pytest.mark.parametrize("text", [*WELL_FORMED, *MALFORMED, "version: 2\nintents: [{deny: {from: a, to: b}}]"])
def test_the_schema_and_the_reader_give_the_same_verdict(text: str) -> None:
    whole = text if text.startswith("version") else f"version: 1\n{text}"
    Path("intents.yaml").write_text(f"{whole}\n", encoding="utf-8")
    valid = Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(whole))
    try:
        read_intents("intents.yaml")
    except ConfigError:
        assert not valid or "99999" in text  # of a number in words, the schema knows the form only
    else:
        assert valid


def test_the_schema_is_printed_and_is_a_schema() -> None:
    assert json.loads(run("schema", "intents").out) == SCHEMA
    Draft202012Validator.check_schema(SCHEMA)


def test_the_example_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = run("verify", "examples/intents.yaml", "examples/shop")
    assert (ran.code, "6 intents: 5 passed, 1 unknown" in ran.out) == (0, True)
    written = yaml.safe_load(Path("examples/intents.yaml").read_text(encoding="utf-8"))
    assert Draft202012Validator(SCHEMA).is_valid(written)


# ── what an answer knows nothing of ──────────────────────────────────────────────────────────────────

UNBUILT = "resources: [shop.yaml]\nhelmCharts: [{name: a}]\n"


@pytest.mark.parametrize(
    "question",
    [
        ("verify", "intents.yaml"),
        ("connections",),
        ("connections", "--exposure"),
        ("why", "shop/web", "shop/api", "8080"),
        ("graph",),
    ],
)
def test_what_was_not_built_is_said_beside_an_answer_and_fails_it_where_inputs_are_strict(
    question: tuple[str, ...],
) -> None:
    write_files(
        Path(),
        {
            "built/kustomization.yaml": UNBUILT,
            "built/shop.yaml": MANIFESTS,
            "intents.yaml": "version: 1\nintents: [{allow: {from: shop/web, to: shop/api, ports: [8080]}}]\n",
        },
    )
    ran = run(*question, "built")
    assert (ran.code, bool(ran.out)) == (0, True)
    assert ran.err.startswith("not built: 1 unit (built: helmCharts not applied")
    assert run(*question, "built", "--strict-inputs").code == 3
    whole = run(*question, "shop.yaml", "--strict-inputs")
    assert (whole.code, whole.err) == (0, "")
