"""`k8snet-lint check`, as its user meets it: exit codes, formats, inputs, what is said on which stream."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import run, write_files

NODE_PORT = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  ports: [{port: 80}]
"""

CLUSTER_IP = NODE_PORT.replace("NodePort", "ClusterIP")


@pytest.fixture(autouse=True)
def _in_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"bad.yaml": NODE_PORT, "good.yaml": CLUSTER_IP.replace("web", "api"), ".git/HEAD": ""})
    monkeypatch.chdir(tmp_path)


def test_findings_exit_with_1_and_are_named_with_their_place() -> None:
    ran = run("bad.yaml")
    assert ran.code == 1
    assert "warning[service-node-port]: Service/shop/web opens a port on every node" in ran.out
    assert "--> bad.yaml:5:9" in ran.out


def test_a_clean_run_exits_with_0_and_says_so() -> None:
    ran = run("check", "good.yaml")
    assert (ran.code, ran.out) == (0, "no findings in 1 file with 1 object\n")


def test_check_is_what_is_meant_without_a_command() -> None:
    assert run("bad.yaml") == run("check", "bad.yaml")


def test_without_a_path_the_working_directory_is_meant() -> None:
    assert "bad.yaml:5:9" in run("-f", "concise").out


def test_the_scope_is_said_on_the_other_stream() -> None:
    ran = run("good.yaml")
    assert ran.err.startswith("scope: 1 object in 1 namespace (shop)")
    assert run("--quiet", "good.yaml").err == ""


def test_what_was_not_analysed_is_said_to_whoever_wants_quiet_too(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".k8snet-lint.yaml": "charts: [{path: gone}]\n",
            "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
            "chart/templates/service.yaml": CLUSTER_IP,
            "notes.yaml": "a: 1\n",
        },
    )
    assert run("--quiet", "--render", "never").err == "skipped: unrendered Helm chart (1): chart\n"
    assert "configuration: .k8snet-lint.yaml:1:11: no chart lies at 'gone'\n" in run("--quiet").err


def test_fail_on_decides_which_findings_count() -> None:
    assert run("--fail-on", "error", "bad.yaml").code == 0
    assert run("--severity", "service-node-port=error", "--fail-on", "error", "bad.yaml").code == 1


def test_exit_zero_keeps_findings_from_failing_an_upload_job() -> None:
    ran = run("--exit-zero", "bad.yaml")
    assert ran.code == 0
    assert "service-node-port" in ran.out


def test_an_input_that_cannot_be_read_exits_with_3_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("kind: Service\nmetadata: [\n")
    ran = run(".")
    assert ran.code == 3
    assert "error[parse-error]" in ran.out
    assert "service-node-port" in ran.out


def test_a_path_that_does_not_exist_exits_with_3() -> None:
    ran = run("bed.yaml")
    assert ran.code == 3
    assert "bed.yaml" in ran.out


def test_a_tree_without_manifests_exits_with_3_unless_allowed(tmp_path: Path) -> None:
    write_files(tmp_path, {"empty/values.yaml": "replicas: 1\n"})
    ran = run("empty")
    assert ran.code == 3
    assert "error: there is no Kubernetes manifest in 'empty'" in ran.err
    assert "--allow-empty" in ran.err
    assert run("--allow-empty", "empty").code == 0


def test_what_was_not_built_exits_with_3_only_when_inputs_are_strict(tmp_path: Path) -> None:
    write_files(tmp_path, {"chart/Chart.yaml": "name: web\n", "chart/templates/web.yaml": "a: {{ .Values.a }}\n"})
    assert run("--render", "never", "chart", "good.yaml").code == 0
    assert run("--strict-inputs", "--render", "never", "chart", "good.yaml").code == 3


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (["--select", "service-ports-invalid,service-node-port"], {"service-node-port"}),
        (["--select", "service-ports-invalid, service-node-port", "--ignore", "ingress,service"], set()),
        (["--select", "policy", "--select", "service-node-port,ingress"], {"service-node-port"}),
    ],
)
def test_rules_are_named_by_commas_or_by_repeating_the_flag(arguments: list[str], rules: set[str]) -> None:
    report = json.loads(run("-f", "json", *arguments, "bad.yaml").out)
    assert {each["rule"] for each in report["findings"]} == rules


def test_severities_are_given_by_commas_too() -> None:
    report = json.loads(
        run("-f", "json", "--severity", "policy-types-mismatch=note,service-node-port=error", "bad.yaml").out
    )
    assert {each["severity"] for each in report["findings"] if each["rule"] == "service-node-port"} == {"error"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "service-node-port,service-node-prot"], "unknown rule or subject 'service-node-prot'"),
        (["--select", "service-node-prot"], "subject 'service-node-prot'; did you mean 'service-node-port'"),
        (["--select", "polcy"], "unknown rule or subject 'polcy'; did you mean the subject 'policy'?"),
        (["--ignore", "isolatoin"], "did you mean the subject 'isolation'?"),
        (["--severity", "polcy=note"], "unknown rule 'polcy'"),
        (["--severity", "policy=note"], "'policy' is a subject, which is many rules, and no rule"),
        (["--format", "yaml"], "unknown format 'yaml'"),
        (["--severity", "service-node-port"], "is not RULE=LEVEL"),
        (["--severity", "service-node-port=bad"], "is not RULE=LEVEL"),
        (["--config", "missing.yaml"], "missing.yaml"),
        (["--rules", "missing"], "no rules directory"),
        (["--kubernetes-version", "new"], "new"),
        (["--output", "no/such/place.txt"], "cannot write"),
        (["--no-such-flag"], "--no-such-flag"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_to_do(arguments: list[str], message: str) -> None:
    ran = run(*arguments, "good.yaml")
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""


def test_text_on_the_terminal_and_sarif_in_a_file_in_one_run(tmp_path: Path) -> None:
    ran = run("-f", "text", "-f", "sarif", "-o", "lint.sarif", "bad.yaml")
    assert "warning[service-node-port]" in ran.out
    log = json.loads((tmp_path / "lint.sarif").read_text())
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["service-node-port"]


def test_absolute_and_relative_paths_give_the_same_sarif(tmp_path: Path) -> None:
    relative = run("-f", "sarif", "bad.yaml")
    absolute = run("-f", "sarif", str(tmp_path / "bad.yaml"))
    assert relative.out == absolute.out
    assert '"uri":"bad.yaml"' in relative.out


def test_sarif_from_a_subdirectory_is_relative_to_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {"deploy/web.yaml": NODE_PORT})
    monkeypatch.chdir(tmp_path / "deploy")
    assert '"uri":"deploy/web.yaml"' in run("-f", "sarif", "web.yaml").out


def test_standard_input_has_the_name_it_is_given() -> None:
    ran = run("-f", "concise", "--stdin-filename", "web.yaml", "-", stdin=NODE_PORT.lstrip())
    assert ran.out.startswith("web.yaml:5:9: warning[service-node-port]")


def test_standard_input_without_a_name_keeps_its_own() -> None:
    ran = run("-f", "concise", "--stdin-filename", "", "-", stdin=NODE_PORT.lstrip())
    assert ran.out.startswith("<stdin>:5:9: ")


def test_where_no_manifest_was_found_is_said_in_words() -> None:
    assert "error: there is no Kubernetes manifest in standard input" in run("-", stdin="1\n").err


@pytest.mark.parametrize("kind", ["List", "ServiceList"])
def test_of_a_list_without_items_it_is_said_that_it_is_empty(kind: str) -> None:
    answer = f'{{"apiVersion": "v1", "items": [], "kind": "{kind}", "metadata": {{"resourceVersion": ""}}}}'
    ran = run("-", stdin=answer)
    assert ran.code == 3
    assert "error: there is no Kubernetes manifest but an empty List in standard input" in ran.err
    assert "help: allow it with --allow-empty" in ran.err
    assert run("-", "--allow-empty", stdin=answer).code == 0


def test_what_could_not_be_read_is_not_called_empty_too() -> None:
    ran = run("-", stdin="a: [")
    assert ran.code == 3
    assert "no Kubernetes manifest" not in ran.err


def test_configuration_is_found_upward_and_named_in_the_scope(tmp_path: Path) -> None:
    write_files(tmp_path, {".k8snet-lint.yaml": "ignore: [service-node-port]\n"})
    ran = run("bad.yaml")
    assert ran.code == 0
    assert ".k8snet-lint.yaml" in ran.err
    assert run("--no-config", "bad.yaml").code == 1


def test_a_mistake_in_the_configuration_has_its_place(tmp_path: Path) -> None:
    write_files(tmp_path, {".k8snet-lint.yaml": "preset: strict\n\nfail_on: error\n"})
    ran = run("bad.yaml")
    assert ran.code == 2
    assert ".k8snet-lint.yaml:3:1: unknown key 'fail_on'; did you mean 'fail-on'?" in ran.err


def test_an_inline_comment_accepts_a_finding_and_is_shown_on_request(tmp_path: Path) -> None:
    accepted = NODE_PORT.replace("NodePort", "NodePort # k8snet-lint: ignore[service-node-port] until March")
    write_files(tmp_path, {"accepted.yaml": accepted})
    assert run("accepted.yaml").code == 0
    shown = run("--show-suppressed", "accepted.yaml")
    assert shown.code == 0
    assert "until March" in shown.out
    assert run("--no-inline", "accepted.yaml").code == 1


def test_a_suppression_without_effect_is_a_finding(tmp_path: Path) -> None:
    write_files(tmp_path, {"moot.yaml": CLUSTER_IP + "# k8snet-lint: ignore-file[service-node-port] not needed\n"})
    ran = run("-f", "concise", "moot.yaml")
    assert "warning[unused-suppression]" in ran.out


def test_reasons_can_be_required(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"silent.yaml": NODE_PORT.replace("NodePort", "NodePort # k8snet-lint: ignore[service-node-port]")}
    )
    assert "suppression-without-reason" in run("--require-reason", "-f", "concise", "silent.yaml").out


def test_a_rule_of_ones_own_runs_beside_the_shipped_ones(tmp_path: Path) -> None:
    rule = '''
        """Service is called web.

        Call it something else.
        """
        from k8snet_lint import Problem, Severity, rule
        from k8snet_lint.kinds import Service

        @rule(severity=Severity.ERROR, since="1")
        def check(graph):
            for service in graph.select(Service):
                if service.name == "web":
                    yield Problem(at=service.name_node, message=f"{service} is called web")
    '''
    write_files(tmp_path, {"house/naming/service_called_web.py": rule})
    ran = run("--rules", "house", "-f", "concise", "bad.yaml")
    assert "error[service-called-web] Service/shop/web is called web" in ran.out
    assert "service-node-port" in ran.out


def test_a_rule_file_that_does_not_load_exits_with_2_and_its_line(tmp_path: Path) -> None:
    write_files(tmp_path, {"house/naming/broken.py": '"""Page."""\n\nimport nonsense\n'})
    ran = run("--rules", "house", "bad.yaml")
    assert ran.code == 2
    assert "broken.py:3: the rule file does not load" in ran.err


def test_a_configuration_that_was_merely_found_cannot_bring_code(tmp_path: Path) -> None:
    write_files(tmp_path, {".k8snet-lint.yaml": "rules: [house]\n", "house/x/y.py": "raise SystemExit('ran')\n"})
    ran = run("bad.yaml")
    assert ran.code == 2
    assert "'rules' is not allowed" in ran.err


def test_the_same_input_gives_the_same_bytes_whatever_the_order() -> None:
    assert run("-f", "json", "bad.yaml", "good.yaml").out == run("-f", "json", "good.yaml", "bad.yaml").out


def test_it_runs_as_a_module_and_as_a_program() -> None:
    for command in ([sys.executable, "-m", "k8snet_lint"], [str(Path(sys.executable).with_name("k8snet-lint"))]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert done.stdout.startswith("k8snet-lint ")


def test_the_slowest_rules_are_named_on_request_and_nothing_else_changes() -> None:
    plain, profiled = run("bad.yaml"), run("bad.yaml", "--profile")
    assert (plain.code, plain.out) == (profiled.code, profiled.out)
    assert "the slowest:" not in plain.err
    times = [float(line.split()[0]) for line in profiled.err.partition("the slowest:\n")[2].splitlines()]
    assert len(times) == 10
    assert times == sorted(times, reverse=True)
