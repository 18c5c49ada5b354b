"""`k8snet-lint connections`, as its user meets it: sets, pairs, ends, ports, exposure, formats, exit codes."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.answers.drawing import Drawing, mermaid
from tests.cluster import namespace, pods, policy, together
from tests.support import run, write_files

if TYPE_CHECKING:
    from pathlib import Path

WEB_TO_API = """
ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: http}]
"""

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{name: public, port: 80, targetPort: http}]
"""

INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  defaultBackend: {service: {name: api, port: {number: 80}}}
"""

SHOP = together(
    namespace("shop"),
    namespace("ops"),
    pods("web"),
    pods("api", ports="[{name: http, containerPort: 8080}]"),
    pods("probe", "ops"),
    policy(WEB_TO_API, "api", selector="matchLabels: {app: api}"),
    policy("egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]\npolicyTypes: [Egress]", "probe", "ops"),
    SERVICE,
    INGRESS,
)


@pytest.fixture(autouse=True)
def _in_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"shop.yaml": SHOP, ".git/HEAD": ""})
    monkeypatch.chdir(tmp_path)


def connections(*arguments: str) -> list[tuple[list[str], list[str], str, str]]:
    """Rows of the JSON answer: sources, targets, ports in short, verdict."""
    ran = run("connections", "shop.yaml", "--format", "json", *arguments)
    assert ran.code == 0, ran.err
    (world,) = json.loads(ran.out)["worlds"]
    return [
        (row["sources"], row["targets"], _short(row["connections"]), row["verdict"]) for row in world["connections"]
    ]


def _short(ports: dict[str, list[list[int]]]) -> str:
    everything = {protocol: [[1, 65535]] for protocol in ("TCP", "UDP", "SCTP")}
    return "all" if ports == everything else json.dumps(ports)


HTTP = '{"TCP": [[8080, 8080]]}'


def test_connections_are_sets_in_the_words_that_questions_take() -> None:
    found = connections()
    assert (["shop/Deployment/web"], ["shop/Deployment/api"], HTTP, "allowed") in found
    assert (["any address"], ["ops/Deployment/probe", "shop/Deployment/web"], "all", "allowed") in found
    out = ["ops/Deployment/probe", "shop/Deployment/web", "any address"]
    assert (["shop/"], out, "all", "allowed") in found
    assert (["ops/Deployment/probe"], ["10.0.0.0/8"], "all", "allowed") in found


def test_pairs_hold_what_sets_hold() -> None:
    ends = ("--from", "shop/", "--to", "shop/")
    expanded = {(tuple(sources), tuple(targets), ports) for sources, targets, ports, _ in connections(*ends, "--pairs")}
    assert expanded == {
        (("shop/Deployment/web",), ("shop/Deployment/web",), "all"),
        (("shop/Deployment/web",), ("shop/Deployment/api",), HTTP),
        (("shop/Deployment/api",), ("shop/Deployment/web",), "all"),
    }


@pytest.mark.parametrize(
    ("end", "sources"),
    [
        ("shop/web", ["shop/Deployment/web"]),
        ("shop/Deployment/web", ["shop/Deployment/web"]),
        ("shop/deploy/web", ["shop/Deployment/web"]),
        ("shop/", ["shop/"]),
    ],
)
def test_an_end_is_a_workload_or_a_namespace(end: str, sources: list[str]) -> None:
    assert connections("--from", end, "--to", "shop/web")[0][0] == sources


def test_addresses_are_shown_as_far_as_they_were_asked_about() -> None:
    assert connections("--from", "192.0.2.7", "--to", "shop/web") == [
        (["192.0.2.7"], ["shop/Deployment/web"], "all", "allowed")
    ]
    assert connections("--from", "ops/probe", "--to", "10.1.0.0/16")[0][1] == ["10.1.0.0/16"]
    assert connections("--from", "ops/probe", "--to", "internet") == []
    assert connections("--from", "internet", "--to", "shop/web")[0][0] == ["internet"]


def test_an_end_that_is_a_service_stands_for_its_pods_and_their_ports() -> None:
    assert connections("--from", "shop/web", "--to", "shop/Service/api") == [
        (["shop/Deployment/web"], ["shop/Deployment/api"], HTTP, "allowed")
    ]
    assert connections("--from", "shop/web", "--to", "shop/svc/api", "--port", "80")[0][2] == HTTP
    assert connections("--from", "shop/web", "--to", "shop/svc/api", "--port", "8080") == []


@pytest.mark.parametrize("port", ["8080", "8080/TCP", "http", "8000-8100/tcp"])
def test_a_port_is_a_number_a_range_or_a_name(port: str) -> None:
    assert [row[2] for row in connections("--to", "shop/api", "--port", port, "--from", "shop/web")] == [HTTP]


def test_another_protocol_is_another_port() -> None:
    assert connections("--to", "shop/api", "--port", "8080/UDP", "--from", "shop/web") == []


def test_a_namespace_leaves_what_has_to_do_with_it() -> None:
    found = connections("--namespace", "ops", "--pairs")
    assert found
    assert all("ops/Deployment/probe" in (*sources, *targets) for sources, targets, *_ in found)


def test_text_is_a_table_with_the_paths_of_outside_traffic_below() -> None:
    out = run("connections", "shop.yaml", "--to", "shop/api").out
    assert "shop/Deployment/web  shop/Deployment/api  TCP 8080  allowed\n" in out
    assert "ingress-controller  Ingress/shop/shop  api      shop/Deployment/api  TCP 8080  unknown" in out


def test_an_unknown_verdict_says_why() -> None:
    (row,) = json.loads(run("connections", "shop.yaml", "-f", "json", "--from", "ingress", "--to", "shop/api").out)[
        "worlds"
    ][0]["connections"]
    assert (row["verdict"], row["reasons"]) == ("unknown", ["peer-unknown"])


def test_csv_is_one_line_a_row() -> None:
    ran = run("connections", "shop.yaml", "-f", "csv", "--from", "shop/web", "--to", "shop/api")
    rows = [*csv.DictReader(ran.out.splitlines())]
    assert rows[0] == {
        "world": "",
        "from": "shop/Deployment/web",
        "to": "shop/Deployment/api",
        "ports": "TCP 8080",
        "verdict": "allowed",
    }


def test_drawings_hold_an_arrow_for_each_connection() -> None:
    ends = ("--from", "shop/web", "--to", "shop/api")
    assert '[label="TCP 8080"];' in run("connections", "shop.yaml", "-f", "dot", *ends).out
    assert '-->|"TCP 8080"|' in run("connections", "shop.yaml", "-f", "mermaid", *ends).out


HOSTILE = """\
apiVersion: v1
kind: Pod
metadata: {name: "=web|`@all`[x](http://evil.example)\\u001b[2J", namespace: shop}
spec: {containers: [{name: web, image: web}]}
"""


def test_names_that_are_markup_stay_names(tmp_path: Path) -> None:
    write_files(tmp_path, {"hostile.yaml": together(HOSTILE, pods("other", "ops"))})
    ends = ("--pairs", "--from", "ops/other", "--to", "shop/")
    outs = {form: run("connections", "hostile.yaml", "-f", form, *ends).out for form in ("text", "markdown", "csv")}
    assert all("\x1b" not in out and "evil.example" in out for out in outs.values())
    assert "=web\\|\\`@&#8203;all\\`\\[x\\]\\(http:&#8203;//evil.example\\)" in outs["markdown"]


def test_csv_holds_no_formulas(tmp_path: Path) -> None:
    write_files(tmp_path, {"hostile.yaml": together(pods("web", '"=cmd()"'), pods("other", "ops"))})
    out = run("connections", "hostile.yaml", "-f", "csv", "--pairs", "--to", "ops/other", "--port", "80").out
    assert ",'=cmd()/Deployment/web," in out


def test_exposure_says_what_is_open_to_whom() -> None:
    ran = run("connections", "shop.yaml", "--exposure", "--format", "json")
    (world,) = json.loads(ran.out)["worlds"]
    found = {
        (tuple(row["workloads"]), row["direction"], row["scope"]): (_short(row["every"]), _short(row["perhaps"]))
        for row in world["exposure"]
    }
    assert found[("ops/Deployment/probe", "shop/Deployment/web"), "Ingress", "internet"] == ("all", "{}")
    assert found[("shop/Deployment/api",), "Ingress", "cluster"] == ("{}", HTTP)
    assert not [key for key in found if key[0] == ("ops/Deployment/probe",) and key[1:] == ("Egress", "internet")]
    assert [each["workload"] for each in world["published"]] == ["shop/Deployment/api"]
    assert world["published"][0]["by"][0]["name"] == "Ingress/shop/shop"


def test_exposure_in_every_format() -> None:
    for form in ("text", "csv", "markdown", "dot", "mermaid"):
        ran = run("connections", "shop.yaml", "--exposure", "--to", "shop/web", "--format", form)
        assert (ran.code, "the internet" in ran.out) == (0, True), form


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "shop/wbe"), "--from 'shop/wbe' is nobody in these manifests; did you mean 'shop/web'?"),
        (("--to", "web"), "--to 'web' is nobody in these manifests; did you mean 'shop/web'?"),
        (("--to", "10.0.0.0/99"), "'10.0.0.0/99' is no CIDR or address: the prefix length"),
        (("--port", "99999"), "the port '99999' is not within 1-65535"),
        (("--port", "80/TPC"), "the protocol of '80/TPC' is none of TCP, UDP or SCTP"),
        (("--namespace", "ospp"), "--namespace 'ospp' is none of these manifests"),
        (("-n", "shopp"), "--namespace 'shopp' is none of these manifests; did you mean 'shop'?"),
        (("--exposure", "-n", "shopp"), "--namespace 'shopp' is none of these manifests; did you mean 'shop'?"),
        (("--port", "htttp"), "no container of these manifests declares a port named 'htttp'; did you mean 'http'?"),
        (("--exposure", "--port", "public"), "no container of these manifests declares a port named 'public'"),
        (
            ("--to", "shop/web", "--port", "public/TCP"),
            "no container of these manifests declares a port named 'public'",
        ),
        (("--exposure", "--from", "shop/web"), "--exposure asks who may connect, --from says who"),
    ],
)
def test_what_cannot_be_asked_is_said_with_exit_code_2(arguments: tuple[str, ...], said: str) -> None:
    ran = run("connections", "shop.yaml", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_what_is_known_beside_the_manifests_can_be_asked_for(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".k8snet-lint.yaml": """
                cluster: {ingress-controller: {namespace: edge}}
                assume: {namespaces: [later]}
                """
        },
    )
    assert run("connections", "shop.yaml", "--from", "ingress", "-n", "edge").code == 0
    assert run("connections", "shop.yaml", "-n", "later").code == 0
    assert connections("--to", "shop/svc/api", "--port", "public", "--from", "shop/web")[0][2] == HTTP


def test_alternatives_are_worlds_with_a_name(tmp_path: Path) -> None:
    same = pods("web") + "---\n"
    closed = policy("policyTypes: [Ingress]", "deny")
    opened = policy("ingress: [{}]", "deny")
    write_files(tmp_path, {"dev/all.yaml": same + opened, "prod/all.yaml": same + closed})
    worlds = json.loads(run("connections", "dev", "prod", "-f", "json", "--to", "shop/web").out)["worlds"]
    assert [(world["world"], bool(world["connections"])) for world in worlds] == [("dev", True), ("prod", False)]


def test_nothing_to_answer_from_is_exit_code_3(tmp_path: Path) -> None:
    write_files(tmp_path, {"empty/none.txt": "x"})
    ran = run("connections", "empty")
    assert (ran.code, ran.out) == (3, "")
    assert run("connections", "empty", "--allow-empty").code == 0


def test_what_could_not_be_read_is_exit_code_3_beside_the_answer(tmp_path: Path) -> None:
    write_files(tmp_path, {"broken.yaml": "kind: [\n"})
    ran = run("connections", "shop.yaml", "broken.yaml")
    assert ran.code == 3
    assert "shop/Deployment/web" in ran.out
    assert "broken.yaml" in ran.err


def test_a_policy_that_the_api_rejects_is_noted_and_stops_nothing(tmp_path: Path) -> None:
    bad = policy("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/99}}]}]", "bad")
    write_files(tmp_path, {"bad.yaml": together(pods("web"), pods("api"), bad)})
    ran = run("connections", "bad.yaml")
    assert ran.code == 0
    assert "note: bad.yaml:" in ran.out
    assert "NetworkPolicy/shop/bad" in ran.out


def test_an_arrow_without_words_has_no_label_at_all_as_mermaid_rejects_an_empty_one() -> None:
    drawing = Drawing()
    for name in ("one", "other"):
        drawing.box(name, name, "")
    drawing.arrow("one", "other", "")
    assert "  n0 --> n1\n" in mermaid(drawing)
