"""`k8snet-lint connections diff`: what changed, ranked, with the lines that did it, between paths and git revisions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from k8snet_lint.reporters.plain import plain
from tests.cluster import namespace, pods, policy, together
from tests.support import run, write_files

CLOSED = policy("policyTypes: [Ingress, Egress]", "all")
PODS = together(namespace("shop"), namespace("ops"), pods("web"), pods("api"), pods("probe", "ops", "{role: probe}"))
OPS = policy("policyTypes: [Ingress, Egress]", "all", "ops")

FROM_WORLD = "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]"
WEB, API = "matchLabels: {app: web}", "matchLabels: {app: api}"


@pytest.fixture(autouse=True)
def _in_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"old/all.yaml": together(PODS, CLOSED, OPS), "new/all.yaml": together(PODS, CLOSED, OPS)})
    monkeypatch.chdir(tmp_path)


def changes(*documents: str) -> list[dict[str, Any]]:
    """The changes once the new version holds these documents."""
    Path("new/all.yaml").write_text(together(PODS, *documents), encoding="utf-8")
    ran = run("connections", "diff", "old", "new", "--format", "json")
    assert ran.code == 0, ran.err
    (world,) = json.loads(ran.out)["worlds"]
    found = world["changes"]
    assert isinstance(found, list)
    return found


def test_equal_versions_do_not_differ() -> None:
    ran = run("connections", "diff", "old", "new", "--fail-on-change", "any")
    assert (ran.code, ran.out) == (0, "no connection differs between old and new\n")


def test_what_nobody_can_use_is_no_change() -> None:
    assert changes(CLOSED, OPS, policy("ingress: [{from: [{podSelector: {}}]}]", "half")) == []


def test_the_riskiest_change_comes_first() -> None:
    within = policy(
        "ingress: [{from: [{podSelector: {}}]}]\negress: [{to: [{podSelector: {}}]}]", "within", selector=API
    )
    found = changes(CLOSED, OPS, within, policy(FROM_WORLD, "open", selector=WEB))
    assert {each["kind"] for each in found} == {"added"}
    assert [each["risk"] for each in found] == ["world", *["within"] * (len(found) - 1)]
    assert len(found) > 1
    assert (found[0]["sources"], found[0]["targets"]) == (["0.0.0.0/0"], ["shop/Deployment/web"])
    assert found[0]["gained"] == {"TCP": [[443, 443]]}


def test_each_change_names_the_lines_that_caused_it() -> None:
    (found,) = changes(CLOSED, OPS, policy(FROM_WORLD, "open", selector=WEB))
    (line,) = found["lines"]
    assert (line["resource"], line["what"], line["version"]) == ("NetworkPolicy/shop/open", "added", "new")
    assert line["location"]["file"] == "new/all.yaml"


def test_widened_and_narrowed_name_the_item_of_the_list() -> None:
    wide = FROM_WORLD.replace("[{port: 443}]", "[{port: 443}, {port: 80}]")
    Path("old/all.yaml").write_text(
        together(PODS, CLOSED, OPS, policy(FROM_WORLD, "open", selector=WEB)), encoding="utf-8"
    )
    (found,) = changes(CLOSED, OPS, policy(wide, "open", selector=WEB))
    assert (found["kind"], found["gained"], found["lost"]) == ("widened", {"TCP": [[80, 80]]}, {})
    assert [(line["what"], line["path"]) for line in found["lines"]] == [("added", "spec.ingress[0].ports[1]")]
    shutil.rmtree("old")
    shutil.copytree("new", "old")
    (found,) = changes(CLOSED, OPS, policy(FROM_WORLD, "open", selector=WEB))
    assert (found["kind"], found["lost"]) == ("narrowed", {"TCP": [[80, 80]]})
    assert [(line["what"], line["version"]) for line in found["lines"]] == [("removed", "old")]


def test_an_image_is_no_cause() -> None:
    other = PODS.replace("image: example/web", "image: example/other")
    Path("new/all.yaml").write_text(
        together(other, CLOSED, OPS, policy(FROM_WORLD, "open", selector=WEB)), encoding="utf-8"
    )
    ran = run("connections", "diff", "old", "new")
    assert "NetworkPolicy/shop/open added" in ran.out
    assert "Deployment/shop/web changed" not in ran.out


def test_a_label_that_lets_in_is_the_cause() -> None:
    allow = policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", "tagged", selector="matchLabels: {net: yes}")
    Path("old/all.yaml").write_text(together(PODS, CLOSED, OPS, allow), encoding="utf-8")
    tagged = PODS.replace("{app: web}", "{app: web, net: yes}")
    Path("new/all.yaml").write_text(together(tagged, CLOSED, OPS, allow), encoding="utf-8")
    out = run("connections", "diff", "old", "new").out
    assert "added, across namespaces: 10.0.0.0/8 -> shop/Deployment/web" in out
    assert "Deployment/shop/web added spec.template.metadata.labels.net" in out


def causes_of(old: str, new: str) -> set[tuple[str, str, str]]:
    """What is named as the cause of any change, each with what became of it."""
    ran = run("connections", "diff", old, new, "--format", "json")
    found = (each for world in json.loads(ran.out)["worlds"] for each in world["changes"])
    return {(line["resource"], line["what"], line["path"]) for each in found for line in each["lines"]}


def test_of_a_new_pod_neither_the_policies_that_select_it_nor_its_namespace_are_new() -> None:
    inside = policy("ingress: [{from: [{podSelector: {}}]}]", "api", selector=API)
    old = together(namespace("shop"), pods("web"), policy("policyTypes: [Ingress]", "all"), inside)
    Path("old/all.yaml").write_text(old, encoding="utf-8")
    Path("new/all.yaml").write_text(together(old, pods("api")), encoding="utf-8")
    assert causes_of("old", "new") == {("Deployment/shop/api", "added", "")}
    assert causes_of("new", "old") == {("Deployment/shop/api", "removed", "")}


@pytest.mark.parametrize("peers", ["namespaceSelector: {}", "podSelector: {}"])
def test_of_a_label_by_which_a_policy_selects_the_label_is_the_cause(peers: str) -> None:
    opened = policy(f"ingress: [{{from: [{{{peers}}}]}}]", "tagged", selector="matchLabels: {net: yes}")
    old = together(PODS, policy("policyTypes: [Ingress]", "all"), OPS, opened)
    Path("old/all.yaml").write_text(old, encoding="utf-8")
    Path("new/all.yaml").write_text(old.replace("{app: web}", "{app: web, net: yes}"), encoding="utf-8")
    assert causes_of("old", "new") == {("Deployment/shop/web", "added", "spec.template.metadata.labels.net")}


def test_a_policy_that_selects_other_pods_than_before_is_changed() -> None:
    closed = policy("policyTypes: [Ingress]", "closed", selector=API)
    Path("old/all.yaml").write_text(together(PODS, closed), encoding="utf-8")
    Path("new/all.yaml").write_text(together(PODS, closed.replace(API, WEB)), encoding="utf-8")
    assert causes_of("old", "new") == {
        ("NetworkPolicy/shop/closed", "changed", "spec.podSelector.matchLabels.app"),
    }


def test_what_a_mesh_turns_away_is_due_to_its_policy() -> None:
    mesh = namespace("shop", "{istio-injection: enabled}"), pods("web"), pods("api")
    metadata = "metadata: {name: none, namespace: shop}"
    nothing = f"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n{metadata}\nspec: {{}}\n"
    Path("old/all.yaml").write_text(together(*mesh), encoding="utf-8")
    Path("new/all.yaml").write_text(together(*mesh, nothing), encoding="utf-8")
    assert causes_of("old", "new") == {("AuthorizationPolicy/shop/none", "added", "")}


def test_what_leads_outside_traffic_to_pods_is_an_exposure() -> None:
    spec = "{type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}"
    service = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: shop}}\nspec: {spec}\n"
    old = Path("old/all.yaml")
    old.write_text(PODS, encoding="utf-8")
    (found,) = changes(service)
    assert (found["kind"], found["risk"], found["via"]) == ("added", "world", "Service/shop/web (LoadBalancer)")
    assert run("connections", "diff", "old", "new", "--fail-on-change", "world").code == 1
    old.write_text(together(PODS, CLOSED, OPS), encoding="utf-8")
    (found,) = changes(CLOSED, OPS, service)
    assert (found["risk"], found["opens"]) == ("within", False)
    ran = run("connections", "diff", "old", "new", "--fail-on-change", "world")
    assert ran.code == 0
    assert "leads there, where policies deny it" in ran.out


def test_what_opens_to_any_pod_is_told_though_no_pod_of_the_files_gains() -> None:
    narrow = policy("ingress: [{from: [{podSelector: {matchLabels: {role: front}}}]}]", "api", selector=API)
    wide = policy("ingress: [{from: [{namespaceSelector: {}}]}]", "api", selector=API)
    Path("old/all.yaml").write_text(together(PODS, CLOSED, OPS, narrow), encoding="utf-8")
    (found,) = changes(CLOSED, OPS, wide)
    assert (found["kind"], found["risk"]) == ("added", "across")
    assert (found["sources"], found["targets"]) == (["any pod of the cluster"], ["shop/Deployment/api"])
    assert found["lines"][0]["resource"] == "NetworkPolicy/shop/api"


@pytest.mark.parametrize(
    ("document", "fails"),
    [
        (policy(FROM_WORLD, "open", selector=WEB), {"world", "added", "any"}),
        (policy("ingress: [{}]\negress: [{to: [{podSelector: {}}]}]", "x", selector=API), {"world", "added", "any"}),
        (
            policy("ingress: [{from: [{podSelector: {}}]}]\negress: [{to: [{podSelector: {}}]}]", "x", selector=API),
            {"added", "any"},
        ),
    ],
)
def test_the_exit_code_is_for_the_user_to_say(document: str, fails: set[str]) -> None:
    Path("new/all.yaml").write_text(together(PODS, CLOSED, OPS, document), encoding="utf-8")
    assert run("connections", "diff", "old", "new").code == 0
    for on in ("world", "added", "any"):
        assert run("connections", "diff", "old", "new", "--fail-on-change", on).code == int(on in fails), on
        assert run("connections", "diff", "new", "old", "--fail-on-change", on).code == int(on == "any"), on


def test_markdown_is_a_table_and_sarif_stands_on_the_changed_lines() -> None:
    changes(CLOSED, OPS, policy(FROM_WORLD, "open", selector=WEB))
    markdown = run("connections", "diff", "old", "new", "-f", "markdown").out
    assert (
        "| added | open to the world | 0.0.0.0/0 | shop/Deployment/web | nothing | TCP 443 | new/all.yaml:" in markdown
    )
    (result,) = json.loads(run("connections", "diff", "old", "new", "-f", "sarif").out)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("connection-added", "error")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "new/all.yaml"


def test_what_could_not_be_read_is_said_in_every_format() -> None:
    write_files(Path(), {"old/shop.yaml": pods("web"), "new/shop.yaml": f"{pods('web')}---\nspec: [\n"})
    said = "new/shop.yaml:"
    markdown = run("connections", "diff", "old", "new", "--format", "markdown")
    assert markdown.code == 3
    assert "* not fully read: new/shop.yaml:" in markdown.out.replace("\\", "")
    (unread,) = json.loads(run("connections", "diff", "old", "new", "--format", "json").out)["unread"]
    assert unread.startswith(said)
    (invocation,) = json.loads(run("connections", "diff", "old", "new", "--format", "sarif").out)["runs"][0][
        "invocations"
    ]
    assert invocation["executionSuccessful"] is False
    assert said in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_what_was_not_built_is_said_of_each_version() -> None:
    unbuilt = "resources: [shop.yaml]\nhelmCharts: [{name: a}]\n"
    write_files(Path(), {"old/shop.yaml": pods("web"), "new/shop.yaml": pods("web"), "new/kustomization.yaml": unbuilt})
    ran = run("connections", "diff", "old", "new", "--format", "markdown")
    assert (ran.code, ran.err.count("not built: 1 unit (new:")) == (0, 1)
    assert "* new: not built: 1 unit" in ran.out
    assert run("connections", "diff", "old", "new", "--strict-inputs").code == 3


@pytest.mark.parametrize(("old", "new", "said"), [("old", "nope", "'nope' is neither"), ("--", "old", "Missing")])
def test_what_is_no_version_is_said_with_exit_code_2(old: str, new: str, said: str) -> None:
    ran = run("connections", "diff", old, new)
    assert (ran.code, said in plain(ran.err)) == (2, True)


def git(*arguments: str) -> None:
    who = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b.c",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b.c",
    }
    subprocess.run(["git", *arguments], check=True, capture_output=True, env={**os.environ, **who})


@pytest.fixture
def _repository() -> None:
    shutil.rmtree("old")
    shutil.move("new", "deploy")
    git("init", "-q", ".")
    git("add", ".")
    git("commit", "-q", "-m", "closed")
    Path("deploy/all.yaml").write_text(
        together(PODS, CLOSED, OPS, policy(FROM_WORLD, "open", selector=WEB)), encoding="utf-8"
    )


@pytest.mark.usefixtures("_repository")
@pytest.mark.parametrize(
    ("old", "new"), [("HEAD", "."), ("HEAD", "deploy"), ("HEAD:deploy", "deploy"), ("HEAD", "deploy/all.yaml")]
)
def test_a_revision_is_read_where_the_other_end_is(old: str, new: str) -> None:
    ran = run("connections", "diff", old, new)
    assert ran.out.startswith("added, open to the world: 0.0.0.0/0 -> shop/Deployment/web\n"), ran.err
    assert "  deploy/all.yaml:" in ran.out
    assert ran.out.endswith(f"1 change between {old} and {new}: 1 added\n")


@pytest.mark.usefixtures("_repository")
def test_two_revisions_from_below_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    git("commit", "-q", "-a", "-m", "open")
    monkeypatch.chdir("deploy")
    out = run("connections", "diff", "HEAD~1", "HEAD").out
    assert out.startswith("added, open to the world: 0.0.0.0/0 -> shop/Deployment/web\n")
    assert "  all.yaml:" in out
    back = run("connections", "diff", "HEAD", "HEAD~1").out
    assert back.startswith("removed, open to the world: ")
    assert "  HEAD: all.yaml:" in back


@pytest.mark.usefixtures("_repository")
def test_a_revision_cannot_write_outside_of_its_directory(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    Path("deploy/link.yaml").symlink_to(outside)
    git("add", ".")
    git("commit", "-q", "-m", "link")
    assert run("connections", "diff", "HEAD", "HEAD~1").code == 0
    assert not outside.exists()


@pytest.mark.usefixtures("_repository")
def test_a_path_that_a_revision_does_not_have_is_said() -> None:
    ran = run("connections", "diff", "HEAD:nowhere", "deploy")
    assert (ran.code, "revision 'HEAD' holds nothing at 'nowhere'" in ran.err) == (2, True)


def test_an_edit_of_the_other_direction_is_not_named() -> None:
    closed = policy("policyTypes: [Ingress, Egress]\ningress: []\negress: []", "api", selector=API)
    Path("old/all.yaml").write_text(together(PODS, closed), encoding="utf-8")
    peers = f"[{{podSelector: {{{WEB}}}}}]"
    opened = policy(
        f"policyTypes: [Ingress, Egress]\ningress: [{{from: {peers}}}]\negress: [{{to: {peers}}}]", "api", selector=API
    )
    into, out_of = sorted(changes(opened), key=lambda each: each["sources"], reverse=True)
    assert (into["sources"], [line["path"] for line in into["lines"]]) == (["shop/Deployment/web"], ["spec.ingress[0]"])
    assert (out_of["sources"], [line["path"] for line in out_of["lines"]]) == (
        ["shop/Deployment/api"],
        ["spec.egress[0]"],
    )
