"""`k8snet-lint why`, as its user meets it: the verdict first, then the lines that decide it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster import namespace, pods, policy, together
from tests.support import run, write_files
from tests.test_cli_connections import SERVICE

ROOT = Path(__file__).resolve().parents[1]

FROM_WEB = """
ingress:
  - from: [{podSelector: {matchLabels: {app: web, tier: front}}}]
    ports: [{port: 8080}]
"""


@pytest.fixture(autouse=True)
def _in_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "pods.yaml": together(
            namespace("shop"),
            pods("web", labels="{app: web, tier: front}"),
            pods("batch", labels="{app: web}"),
            pods("api", ports="[{name: http, containerPort: 8080}]"),
            pods("alone", "ops"),
            SERVICE,
        ),
        "api.yaml": policy(FROM_WEB, "api", selector="matchLabels: {app: api}"),
    }
    write_files(tmp_path, {**files, ".git/HEAD": ""})
    monkeypatch.chdir(tmp_path)


def why(*arguments: str) -> str:
    ran = run("why", *arguments)
    assert ran.code == 0, ran.err
    return ran.out


def answer(*arguments: str) -> dict[str, Any]:
    (only,) = json.loads(why(*arguments, "--format", "json"))["answers"]
    assert isinstance(only, dict)
    return only


def test_an_allowed_connection_names_the_rule_the_peer_and_the_port() -> None:
    out = why("shop/web", "shop/api", "8080")
    assert out.startswith("allowed: shop/Deployment/web -> shop/Deployment/api on TCP 8080\n")
    assert "leaving shop/Deployment/web: allowed\n  no policy selects it" in out
    assert "  NetworkPolicy/shop/api allows it:\n    rule  api.yaml:7:7\n    peer  api.yaml:7:14" in out
    assert "change" not in out


def test_a_denied_port_is_a_near_miss_with_the_item_to_add() -> None:
    out = why("shop/web", "shop/api", "9090")
    assert out.startswith("denied: ")
    assert "near miss: NetworkPolicy/shop/api asks for TCP 8080, and here is TCP 9090" in out
    assert "smallest change that allows it:\n  add to spec.ingress[0].ports, api.yaml:8:14" in out
    assert "    - port: 9090\n      protocol: TCP\n" in out


def test_a_missing_label_is_a_near_miss_with_the_label_to_add() -> None:
    out = why("shop/batch", "shop/api", "8080")
    assert "asks for tier=front, and here is no label tier" in out
    assert "label the pods, at spec.template.metadata.labels, pods.yaml:" in out
    assert out.endswith("    tier: front\n")


def test_the_smallest_change_allows_the_connection(tmp_path: Path) -> None:
    (change,) = answer("ops/alone", "shop/api", "8080")["changes"]
    assert change["path"] == "spec.ingress"
    text = (tmp_path / "api.yaml").read_text(encoding="utf-8")
    fixed = yaml.safe_load(text)
    fixed["spec"]["ingress"] += yaml.safe_load(change["yaml"])
    (tmp_path / "api.yaml").write_text(yaml.safe_dump(fixed), encoding="utf-8")
    assert answer("ops/alone", "shop/api", "8080")["verdict"] == "allowed"


def test_a_rule_is_never_added_to_a_policy_for_all_pods(tmp_path: Path) -> None:
    write_files(tmp_path, {"api.yaml": policy("policyTypes: [Ingress]", "deny-all")})
    (change,) = answer("shop/web", "shop/api", "8080")["changes"]
    made = yaml.safe_load(change["yaml"])
    assert (made["kind"], made["spec"]["podSelector"]) == ("NetworkPolicy", {"matchLabels": {"app": "api"}})
    assert made["spec"]["ingress"][0]["from"] == [{"podSelector": {"matchLabels": {"app": "web", "tier": "front"}}}]
    write_files(tmp_path, {"more.yaml": change["yaml"]})
    assert answer("shop/web", "shop/api", "8080")["verdict"] == "allowed"
    assert answer("shop/web", "shop/batch", "8080")["verdict"] == "denied"


def test_an_address_is_allowed_by_its_own_block() -> None:
    (change,) = answer("192.0.2.7", "shop/api", "8080")["changes"]
    assert change["value"][0]["from"] == [{"ipBlock": {"cidr": "192.0.2.7/32"}}]


def test_a_service_is_followed_to_the_port_of_its_pods() -> None:
    out = why("shop/web", "shop/Service/api", "80")
    assert out.startswith("allowed: shop/Deployment/web -> shop/Deployment/api on TCP 8080\n")
    assert "Service/shop/api port 80 (public) leads to TCP 8080 of the pods  pods.yaml:" in out


def test_a_services_port_asked_of_the_pods_is_pointed_out() -> None:
    out = why("shop/web", "shop/api", "80")
    assert "note: Service/shop/api port 80 (public) leads to TCP 8080 of the pods" in out
    assert "ask about shop/Service/api" in out


@pytest.mark.parametrize("port", ["http", "http/TCP"])
def test_a_name_is_looked_up_on_the_pods(port: str) -> None:
    assert why("shop/web", "shop/api", port).startswith(
        "allowed: shop/Deployment/web -> shop/Deployment/api on TCP 8080"
    )


def test_an_unknown_verdict_says_what_would_settle_it(tmp_path: Path) -> None:
    from_team = "ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}]"
    write_files(tmp_path, {"api.yaml": policy(from_team, "api", selector="matchLabels: {app: api}")})
    out = why("ops/alone", "shop/api", "8080")
    assert out.startswith("unknown: ")
    assert "the labels of a namespace are not known (ops)" in out
    assert "to settle it: add the Namespace 'ops' to the manifests" in out
    (cause,) = answer("ops/alone", "shop/api", "8080")["explained"]["causes"]
    assert cause["reason"] == "namespace-labels"


def test_a_set_is_answered_by_the_pair_that_is_not_allowed() -> None:
    out = why("shop/", "shop/api", "8080")
    assert out.startswith("denied in part: shop/Deployment/batch -> shop/Deployment/api on TCP 8080; of ")
    assert "1 allowed" in out.partition("\n")[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("shop/web", "shop/apo", "80"), "DST 'shop/apo' is nobody in these manifests; did you mean 'shop/api'?"),
        (("shop/web", "shop/api", "htp"), "declares a port named 'htp'; did you mean 'http'?"),
        (("shop/web", "shop/svc/api", "81"), "Service/shop/api has no port '81' that leads to its pods"),
        (("shop/web", "shop/api", "80-90"), "'80-90' is a range of ports"),
    ],
)
def test_what_cannot_be_asked_is_said_with_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    ran = run("why", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_an_admin_policy_that_denies_is_named_with_the_rule_to_put_in_front(tmp_path: Path) -> None:
    admin = """\
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: no-web}
spec:
  priority: 5
  subject: {namespaces: {}}
  ingress:
    - action: Deny
      from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {tier: front}}}}]
"""
    write_files(tmp_path, {"admin.yaml": admin})
    out = why("shop/web", "shop/api", "8080")
    assert "AdminNetworkPolicy/no-web denies it:\n    rule  admin.yaml:8:7" in out
    assert "put in front of spec.ingress[0], admin.yaml:8:7\n    - action: Allow" in out


def test_the_page_shows_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "connections.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ k8snet-lint ((?:why|connections) .*examples/shop)$", page, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        assert f"$ k8snet-lint {command}\n{run(*command.split()).out}```" in page


def hairpin(*policies: str) -> None:
    pod = pods("echo", "ops", kind="Pod", ports="[{containerPort: 80}]")
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: echo, namespace: ops}\n"
        "spec: {selector: {app: echo}, ports: [{port: 80}]}\n"
    )
    Path("echo.yaml").write_text(together(pod, service, *policies), encoding="utf-8")


def test_a_pod_that_comes_back_through_a_service_is_let_through_by_some_networks_only() -> None:
    hairpin(policy("policyTypes: [Ingress]", "deny", "ops"))
    assert answer("ops/echo", "ops/Pod/echo", "80")["verdict"] == "allowed"
    found = answer("ops/echo", "ops/Service/echo", "80")
    assert found["verdict"] == "unknown"
    assert [cause["reason"] for cause in found["explained"]["causes"]] == ["hairpin"]
    assert "to settle it: allow 'ops/Pod/echo' by a rule of its own policies" in why(
        "ops/echo", "ops/Service/echo", "80"
    )


def test_policies_of_the_administrator_are_asked_about_it() -> None:
    hairpin(
        "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: deny}\n"
        "spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, "
        "ingress: [{action: Deny, from: [{namespaces: {}}]}]}\n"
    )
    assert answer("ops/echo", "ops/Service/echo", "80")["verdict"] == "denied"


def test_without_policies_it_is_allowed() -> None:
    hairpin()
    assert answer("ops/echo", "ops/Service/echo", "80")["verdict"] == "allowed"


def test_no_label_that_says_what_pods_are_is_changed() -> None:
    Path("batch.yaml").write_text(
        pods("batch2", labels="{app: batch, tier: front}").replace(
            "spec: {template", "spec: {selector: {matchLabels: {app: batch}}, template"
        ),
        encoding="utf-8",
    )
    (change,) = answer("shop/batch2", "shop/api", "8080")["changes"]
    assert change["act"] == "add to"
    assert change["path"].endswith("from")
    assert change["value"] == [{"podSelector": {"matchLabels": {"app": "batch"}}}]


def test_a_peer_that_means_pods_of_its_own_namespace_keeps_them() -> None:
    Path("other.yaml").write_text(
        together(namespace("ops"), pods("web", "ops", labels="{app: web, tier: front}")), encoding="utf-8"
    )
    (change,) = answer("ops/web", "shop/api", "8080")["changes"]
    assert change["act"] == "add to"
    assert change["value"][0]["namespaceSelector"] == {"matchLabels": {"kubernetes.io/metadata.name": "ops"}}


def test_an_unknown_controller_is_left_for_the_reader_to_name() -> None:
    Path("deny.yaml").write_text(
        policy("policyTypes: [Ingress]", "deny", selector="matchLabels: {app: batch}"), encoding="utf-8"
    )
    Path("job.yaml").write_text(pods("job", labels="{app: batch}"), encoding="utf-8")
    (change,) = answer("ingress", "shop/job", "8080")["changes"]
    assert "<namespace of the ingress-controller>" in change["yaml"]


def test_ip_versions_that_differ_are_named() -> None:
    some = "ingress:\n  - from: [{ipBlock: {cidr: 0.0.0.0/0}}]"
    Path("open.yaml").write_text(policy(some, "open", selector="matchLabels: {app: api}"), encoding="utf-8")
    out = why("internet", "shop/api", "8080")
    assert out.startswith(
        "denied in part: internet -> shop/Deployment/api on TCP 8080: allowed over IPv4, denied over IPv6\n"
    )
    out = why("internet", "shop/web", "8080")
    assert out.startswith("allowed: internet -> shop/Deployment/web on TCP 8080, over IPv4 and IPv6\n")
