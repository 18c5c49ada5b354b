"""What files hold: objects, lists, things that are no manifests, and what cannot be read."""

from __future__ import annotations

import gc
import json
import os
import threading
import time
from pathlib import Path

import pytest

from k8snet_lint.errors import Skipped
from k8snet_lint.loader import UnitKind, reader
from k8snet_lint.loader.kinds import wanted
from k8snet_lint.loader.load import _merged
from k8snet_lint.manifest import ProblemCode
from tests.trees import kustomization, loaded, messages_of, names_in, plant, service, skipped_in, units_of

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_documents_become_objects_with_their_places() -> None:
    plant({"a.yaml": f"{service('web')}---\n{service('api', 'shop')}"})
    result = loaded("a.yaml")
    (unit,) = result.units
    first, second = unit.objects
    assert (unit.name, unit.kind, first.api_version, first.kind) == ("a.yaml", UnitKind.PLAIN, "v1", "Service")
    assert str(second.node.at("metadata", "name").location) == "a.yaml:8:18"
    assert (result.files, result.documents, [source.name for source in result.sources]) == (1, 2, ["a.yaml"])


def test_stdin_is_read_under_the_name_it_is_given() -> None:
    result = loaded("-", stdin=service("web").encode(), stdin_name="deploy/web.yaml")
    assert units_of(result) == {"deploy/web.yaml": ["Service/web"]}
    assert units_of(loaded("-", stdin=b"")) == {}


def test_stdin_goes_with_files() -> None:
    plant({"a.yaml": service("web")})
    result = loaded("-", "a.yaml", stdin=service("api").encode())
    assert units_of(result) == {"<stdin>": ["Service/api"], "a.yaml": ["Service/web"]}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_that_is_named_is_read() -> None:
    os.mkfifo("pipe")
    writer = threading.Thread(target=Path("pipe").write_text, args=(service("web"),))
    writer.start()
    assert units_of(loaded("pipe")) == {"pipe": ["Service/web"]}
    writer.join()


def test_a_list_is_its_items() -> None:
    items = [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}},
        {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}]},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api"}},
    ]
    plant({"all.json": json.dumps({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": items})})
    (unit,) = loaded().units
    assert names_in(unit) == ["Service/web", "Pod/p", "Service/api"]
    assert unit.objects[1].node.path == ("items", 1, "items", 0)


def test_a_list_of_one_kind_names_its_items() -> None:
    plant(
        {
            "all.yaml": """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicyList
                items:
                - metadata: {name: deny}
                - {apiVersion: v1, kind: Service, metadata: {name: web}}
            """
        }
    )
    (unit,) = loaded().units
    assert [(one.api_version, one.kind) for one in unit.objects] == [
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("v1", "Service"),
    ]


@pytest.mark.parametrize("items", ["null", "[]"])
def test_an_empty_list_is_counted_and_nothing_else(items: str) -> None:
    plant({"all.yaml": f"apiVersion: v1\nkind: ServiceList\nitems: {items}\n"})
    result = loaded()
    assert (result.units, result.problems) == ((), ())
    assert result.skipped == (Skipped("empty List", 1, ("all.yaml",)),)


def test_a_kind_whose_name_ends_in_list_may_be_an_object() -> None:
    plant({"a.yaml": "apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {}\nitems: []\n"})
    assert units_of(loaded()) == {".": ["AllowList/a"]}


def test_what_is_no_object_in_a_list_is_told_with_its_place() -> None:
    plant(
        {
            "all.yaml": """
                apiVersion: v1
                kind: List
                items:
                - 5
                - text
                - {kind: Service, metadata: {name: web}}
                - {apiVersion: v1, metadata: {name: api}}
                - {apiVersion: v1, kind: Service, metadata: {name: good}}
                ---
                apiVersion: v1
                kind: PodList
                items: {a: b}
            """
        }
    )
    result = loaded()
    assert units_of(result) == {".": ["Service/good"]}
    assert messages_of(result) == [
        "all.yaml:4:3: an item of a List is '5', expected an object",
        "all.yaml:5:3: an item of a List is 'text', expected an object",
        "all.yaml:6:10: 'Service' sets no apiVersion, so that kubectl refuses it",
        "all.yaml:7:3: an object sets no kind, so that kubectl refuses it",
        "all.yaml:12:8: 'items' of a PodList holds a mapping, expected a list",
    ]


def test_lists_in_lists_have_a_bound() -> None:
    nested: dict[str, object] = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}
    for _ in range(9):
        nested = {"apiVersion": "v1", "kind": "List", "items": [nested]}
    plant({"all.json": json.dumps(nested)})
    result = loaded()
    assert [problem.message for problem in result.problems] == ["lists stand in lists more than 8 deep"]
    assert result.units == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "kind: Service\nmetadata: {name: web}\n",
            "a.yaml:1:7: 'Service' sets no apiVersion, so that kubectl refuses it",
        ),
        (
            "apiVersion:\nkind: Service\nmetadata: {name: web}\n",
            "a.yaml:1:1: 'Service' sets no apiVersion, so that kubectl refuses it",
        ),
        (
            "apiVersion: 1\nkind: Service\nmetadata: {name: web}\n",
            "a.yaml:1:13: 'Service' has '1' as its apiVersion, so that kubectl refuses it",
        ),
        (
            "apiVersion: v1\nkind: [Service]\nmetadata: {name: web}\n",
            "a.yaml:2:7: an object has a list as its kind, so that kubectl refuses it",
        ),
        (
            "apiversion: example.com/v1\nkind: Tunnel\nmetadata: {name: west}\n",
            "a.yaml:2:7: 'Tunnel' sets no apiVersion, so that kubectl refuses it",
        ),
        (
            "xapiVersion: example.com/v1\nkind: Tunnel\nmetadata: {name: west}\n",
            "a.yaml:2:7: 'Tunnel' sets no apiVersion, so that kubectl refuses it",
        ),
    ],
)
def test_a_manifest_without_apiversion_or_kind_is_a_problem(text: str, message: str) -> None:
    plant({"a.yaml": text})
    result = loaded()
    assert messages_of(result) == [message]
    assert {problem.code for problem in result.problems} == {ProblemCode.PARSE_ERROR}
    assert result.units == ()


@pytest.mark.parametrize(
    "text",
    [
        "replicas: 2\nservice: {port: 80}\n",
        "services: {web: {image: x}}\nversion: '3'\n",
        "kind: pipeline\ntype: docker\n",
        "apiVersion: v2\nname: chart\n",
        "kind: role\nversion: v3\nmetadata: {name: editor}\n",
        "kind: role\nmetadata: {name: editor}\nallow: [a]]\n",
        "kind: Dashboard\nmetadata: {name: traffic}\nspec: {}\n",
        "- op: replace\n  path: /spec\n",
        "just a text\n",
        "5\n",
    ],
)
def test_what_is_no_manifest_is_counted_and_named(text: str) -> None:
    plant({"a.yaml": text})
    result = loaded()
    assert skipped_in(result) == {"no Kubernetes manifest": (1, ("a.yaml",))}
    assert (result.units, result.problems) == ((), ())


def test_empty_documents_are_nothing() -> None:
    plant({"a.yaml": "---\n# nothing\n---\n---\n", "b.yaml": ""})
    result = loaded()
    assert (result.units, result.problems, result.skipped, result.files, result.documents) == ((), (), (), 2, 0)


def test_the_good_documents_of_a_broken_file_count() -> None:
    plant({"a.yaml": f"{service('web')}---\napiVersion: v1\nkind: Service\n  x: [\n---\n{service('api')}"})
    result = loaded()
    assert units_of(result) == {".": ["Service/web", "Service/api"]}
    assert [(problem.code, problem.location.span.start.line) for problem in result.problems] == [
        (ProblemCode.PARSE_ERROR, 8)
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tsconfig.json", '{\n  // comment\n  "compilerOptions": {},\n}\n'),
        ("data.json", "{rating: 5}\n{rating: 4}\n"),
        ("compose.yaml", "services:\n  web: [\n"),
        ("latin.yaml", "name: caf\u00e9\n"),
    ],
)
def test_the_faults_of_other_programs_files_are_no_problem_unless_asked_for(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="latin-1")
    result = loaded()
    assert (result.problems, result.unread) == ((), ())
    assert skipped_in(result) == {"no Kubernetes manifest": (1, (name,))}
    asked = loaded(name)
    assert asked.problems or asked.unread


def test_a_faulty_file_of_empty_lines_is_told_apart_in_no_time() -> None:
    Path("a.yaml").write_text("\n" * 200_000 + "services: [\n", encoding="utf-8")
    started = time.perf_counter()
    assert loaded().problems == ()
    assert time.perf_counter() - started < 20


def test_a_key_repeated_in_what_is_no_manifest_is_no_problem() -> None:
    plant(
        {
            "values.yaml": "image: x\nimage: y\n",
            "a.yaml": "kind: pipeline\nname: a\nname: b\n",
            "b.yaml": service("web") + "kind: Service\n",
        }
    )
    assert [(str(one.location), one.code) for one in loaded().problems] == [("b.yaml:5:1", ProblemCode.DUPLICATE_KEY)]


def test_a_file_that_is_no_text_is_unread() -> None:
    Path("a.yaml").write_bytes(b"apiVersion: v1\nkind: \xff\n")
    (unread,) = loaded().unread
    assert str(unread).startswith("a.yaml:2:7: the byte 0xff")
    assert unread.help == "save the file as UTF-8"


def test_a_file_past_the_bound_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_MEBIBYTES", 1)
    plant({"a.yaml": "#" * (1024 * 1024 + 1), "b.yaml": "#" * 1024 * 1024})
    assert [str(one) for one in loaded().unread] == ["a.yaml: the file is larger than 1 MiB"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable here")
def test_a_file_without_permission_is_unread() -> None:
    plant({"a.yaml": service("web")})
    Path("a.yaml").chmod(0)
    assert [str(one) for one in loaded().unread] == ["a.yaml: permission denied"]


def test_kinds_without_a_bearing_on_networking_are_counted() -> None:
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n"
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c}\n"
    listed = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ServiceAccount, metadata: {name: s}}\n"
    plant({"a.yaml": "---\n".join([role, crd, role, service("web"), listed])})
    result = loaded()
    assert units_of(result) == {".": ["Service/web"]}
    assert skipped_in(result) == {
        "kind without a bearing on networking": (
            4,
            (
                "ServiceAccount (1)",
                "apiextensions.k8s.io/CustomResourceDefinition (1)",
                "rbac.authorization.k8s.io/Role (2)",
            ),
        )
    }
    assert result.documents == 5


def test_rules_of_a_users_own_see_all_kinds() -> None:
    plant({"a.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n"})
    assert units_of(loaded(read_all_kinds=True)) == {".": ["Role/r"]}


def test_strict_parse_reads_what_is_not_judged() -> None:
    plant({"a.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules: [\n"})
    assert loaded().problems == ()
    assert len(loaded(strict_parse=True).problems) == 1


@pytest.mark.parametrize(
    ("group", "kind", "matters"),
    [
        ("", "Service", True),
        ("", "ConfigMap", True),
        ("", "Secret", True),
        ("", "ServiceAccount", False),
        ("rbac.authorization.k8s.io", "ClusterRole", False),
        ("apiextensions.k8s.io", "CustomResourceDefinition", False),
        ("apiregistration.k8s.io", "APIService", True),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", True),
        ("monitoring.coreos.com", "ServiceMonitor", True),
        ("monitoring.coreos.com", "PrometheusRule", False),
        ("autoscaling", "HorizontalPodAutoscaler", True),
        ("serving.knative.dev", "Service", True),
        ("unheard.of", "Thing", True),
    ],
)
def test_which_kinds_matter(group: str, kind: str, matters: bool) -> None:
    assert wanted(group, kind) is matters


def test_what_only_helm_test_creates_is_left_out() -> None:
    hooked = "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, annotations: {{helm.sh/hook: {hook}}}}}\n"
    hooks = {"a": "test", "b": "'pre-install,test-success'", "c": "post-install"}
    plant({f"{name}.yaml": hooked.format(name=name, hook=hook) for name, hook in hooks.items()})
    result = loaded()
    assert units_of(result) == {".": ["Pod/c"]}
    assert skipped_in(result) == {"Helm test": (2, ("a.yaml", "b.yaml"))}


@pytest.mark.parametrize("version", ["v1", "template.openshift.io/v1"])
def test_templates_of_openshift_are_said_not_to_be_judged(version: str) -> None:
    plant(
        {"a.yaml": f"apiVersion: {version}\nkind: Template\nmetadata: {{name: shop}}\nobjects: [{{kind: Service}}]\n"}
    )
    result = loaded()
    assert skipped_in(result) == {"OpenShift template": (1, ("a.yaml",))}
    assert [skipped.is_gap for skipped in result.skipped] == [True]


def test_what_is_no_manifest_costs_the_same_each() -> None:
    def seconds(count: int) -> float:
        found = [Skipped("no Kubernetes manifest", 1, (f"{number}.yaml",)) for number in range(count)]
        start = time.process_time()
        (one,) = _merged(found)
        assert one.total == len(one.names) == count
        return time.process_time() - start

    assert seconds(8000) < 20 * max(seconds(1000), 0.001)


def test_the_namespace_of_the_command_line_goes_to_what_names_none() -> None:
    plant({"a.yaml": service("web"), "k/kustomization.yaml": kustomization("b.yaml"), "k/b.yaml": service("api")})
    for unit in loaded(namespace="shop").units:
        assert (unit.namespace_of(""), unit.namespace_of("other")) == ("shop", "other")


def test_garbage_is_collected_again_after_loading() -> None:
    plant({"a.yaml": service("web")})
    assert gc.isenabled()
    loaded()
    assert gc.isenabled()
    gc.disable()
    try:
        loaded()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Service\nmetadata: 5\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: [], namespace: {}, annotations: 3}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, annotations: {helm.sh/hook: [test]}}\n",
        "apiVersion: v1\nkind: List\nitems: {}\n",
        "apiVersion: v1\nkind: List\nitems: [[[]]]\n",
        "apiVersion: {}\nkind: {}\nmetadata: {}\n",
        "apiVersion: v1\nkind: List\nitems: [{apiVersion: [], kind: 3}]\n",
    ],
)
def test_wrong_types_anywhere_never_break_loading(text: str) -> None:
    plant(
        {"a.yaml": text, "b/a.yaml": text + "x: 1\n", "c/kustomization.yaml": kustomization("a.yaml"), "c/a.yaml": text}
    )
    assert loaded().files == 4
