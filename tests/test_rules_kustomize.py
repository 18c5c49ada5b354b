"""What is said of kustomizations that do not build, or that do not do what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.engine import lint
from k8snet_lint.loader import LoadOptions, load
from tests.support import TODAY, lint_tree, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from k8snet_lint.report import Finding

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"


def said_of(directory: Path, kustomization: str, **files: str) -> list[str]:
    """The findings about kustomizations on a Service and a kustomization in a directory."""
    named = {name.replace("__", ".").replace("_0_", "/"): text for name, text in files.items()}
    write_files(directory, {"app/service.yaml": SERVICE, "app/kustomization.yaml": kustomization, **named})
    return [line.partition(": ")[2] for line in lint_tree(directory, select=["kustomize"])]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("resources: [servce.yaml]", "'servce.yaml' does not exist"),
        ("resources: [../base]", "'../base' does not exist"),
        ("bases: [../base]", "'../base' does not exist"),
        ("components: [gone]", "'gone' does not exist"),
        ("patches: [{path: gone.yaml}]", "'gone.yaml' does not exist"),
        ("patchesStrategicMerge: [gone.yaml]", "'gone.yaml' does not exist"),
        (
            "patchesJson6902: [{path: gone.yaml, target: {version: v1, kind: Service, name: web}}]",
            "'gone.yaml' does not exist",
        ),
        ("configMapGenerator: [{name: a, files: [k=gone.txt]}]", "'gone.txt' does not exist"),
        ("configMapGenerator: [{name: a, envs: [gone.env]}]", "'gone.env' does not exist"),
    ],
)
def test_whatever_names_a_missing_file_is_told(tmp_path: Path, entry: str, said: str) -> None:
    assert said_of(tmp_path, f"{entry}\n") == [
        f"error[kustomize-resource-missing] {said}, so that the kustomization does not build"
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "resources: ['https://example.com/a.yaml']",
        "resources: ['github.com/a/b//c?ref=v1']",
        "secretGenerator: [{name: a, files: [gone.key]}]",
        "secretGenerator: [{name: a, envs: [gone.env]}]",
        "configMapGenerator: [{name: a, envs: [.env]}]",
        "configMapGenerator: [{name: a, files: [settings=config/.env.local]}]",
        "resources: [service.yaml]\npatches: []\nimages:",
    ],
)
def test_what_may_live_elsewhere_is_not_missing(tmp_path: Path, entry: str) -> None:
    assert said_of(tmp_path, f"{entry}\n") == []


@pytest.mark.parametrize(
    ("ignored", "findings"),
    [
        ("", 1),
        ("# app/made.yaml\n[\n!app/made.yaml\n", 1),
        ("other.yaml\n", 1),
        ("made.yaml\n", 0),
        ("/app/*.yaml\n", 0),
        ("app/\n", 0),
    ],
)
def test_what_is_not_to_be_committed_is_not_missing(tmp_path: Path, ignored: str, findings: int) -> None:
    assert len(said_of(tmp_path, "resources: [made.yaml]\n", __gitignore=ignored)) == findings


@pytest.mark.parametrize(
    ("beside", "findings"),
    [
        ("made.yaml.template", 0),
        ("made.example.yaml", 0),
        ("made.yaml.j2", 0),
        ("other.yaml.j2", 1),
        ("made.yaml.md", 1),
    ],
)
def test_what_is_made_of_a_template_is_not_missing(tmp_path: Path, beside: str, findings: int) -> None:
    write_files(tmp_path, {f"app/{beside}": SERVICE})
    assert len(said_of(tmp_path, "resources: [made.yaml]\n")) == findings


def test_a_missing_file_is_told_once_at_its_line_however_many_overlays_build_on_it(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "base/kustomization.yaml": "resources:\n- gone.yaml\n",
            "dev/kustomization.yaml": "resources: [../base]\n",
            "prod/kustomization.yaml": "resources: [../base]\nnamespace: prod\n",
        },
    )
    (line,) = lint_tree(tmp_path, select=["kustomize"])
    assert "base/kustomization.yaml:2: error[kustomize-resource-missing]" in line


def test_all_that_is_missing_is_told(tmp_path: Path) -> None:
    assert len(said_of(tmp_path, "resources: [a.yaml, service.yaml, b.yaml]\ncomponents: [c]\n")) == 3


def findings_on(directory: Path, rule: str = "kustomize-resource-missing") -> tuple[Finding, ...]:
    loaded = load((str(directory),), LoadOptions())
    return lint(loaded, registry.load(), Config(select=(rule,)), today=TODAY).open


@pytest.mark.parametrize(
    ("missing", "beside", "hint"),
    [
        ("web-servce.yaml", "web-service.yaml", "did you mean 'web-service.yaml'?"),
        ("service.yml", "service.yaml", "did you mean 'service.yaml'?"),
        ("role.yaml", "clusterrole.yaml", "create the file, or take the entry away"),
        ("shop-service.yaml", "shop-rbac.yaml", "create the file, or take the entry away"),
        ("pod.yaml", "pvc.yaml", "create the file, or take the entry away"),
    ],
)
def test_only_a_name_that_is_spelt_nearly_like_it_is_offered(
    tmp_path: Path, missing: str, beside: str, hint: str
) -> None:
    write_files(tmp_path, {"kustomization.yaml": f"resources: [{missing}]\n", beside: PATCH})
    (finding,) = findings_on(tmp_path)
    assert finding.help == hint


def test_a_name_that_is_listed_already_is_not_offered(tmp_path: Path) -> None:
    write_files(tmp_path, {"kustomization.yaml": "resources: [web-one.yaml, web-two.yaml]\n", "web-one.yaml": PATCH})
    (finding,) = findings_on(tmp_path)
    assert finding.help == "create the file, or take the entry away"
    write_files(tmp_path, {"kustomization.yaml": "resources: [shop-a.yaml, shop-b.yaml]\n", "shop-a.yaml": PATCH})
    (finding,) = findings_on(tmp_path)
    assert finding.help == "create the file, or take the entry away"


PATCH = "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {type: NodePort}\n"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "patches: [{path: patch.yaml}]",
            (
                "error[kustomize-patch-without-target] the patch of Service/api meets no object, "
                "so that the kustomization does not build"
            ),
        ),
        (
            "patchesStrategicMerge: [patch.yaml]",
            (
                "error[kustomize-patch-without-target] the patch of Service/api meets no object, "
                "so that the kustomization does not build"
            ),
        ),
        (
            "patches: [{path: patch.yaml, target: {kind: Service, name: wbe}}]",
            (
                "warning[kustomize-patch-without-target] no object has kind Service, name wbe, "
                "so that the patch changes nothing; did you mean 'web'?"
            ),
        ),
        (
            "patches: [{path: patch.yaml, target: {kind: CronJob}}]",
            "note[kustomize-patch-without-target] no object has kind CronJob, so that the patch changes nothing",
        ),
        (
            "patches: [{path: patch.yaml, target: {kind: Service, labelSelector: a=b}}]",
            (
                "warning[kustomize-patch-without-target] no object has kind Service, labelSelector a=b, "
                "so that the patch changes nothing"
            ),
        ),
        (
            "replicas: [{name: api, count: 2}]",
            (
                "error[kustomize-patch-without-target] no workload is called 'api' to set its count of replicas, "
                "so that the kustomization does not build"
            ),
        ),
        (
            "configMapGenerator: [{name: api, behavior: merge, literals: [a=b]}]",
            (
                "error[kustomize-patch-without-target] there is no ConfigMap/api to merge, "
                "so that the kustomization does not build"
            ),
        ),
    ],
)
def test_what_meets_no_object_is_told(tmp_path: Path, entry: str, said: str) -> None:
    found = said_of(tmp_path, f"resources: [service.yaml]\n{entry}\n", app_0_patch__yaml=PATCH)
    assert found == [said]


@pytest.mark.parametrize(
    ("patch", "why"),
    [
        (PATCH.replace("api}", "web, namespace: shop}"), "names no namespace, and the patch names namespace shop"),
        (PATCH.replace("api}", "web}").replace("v1", "example.com/v1"), "is of v1"),
        (PATCH.replace("api}", "wbe}"), ""),
    ],
)
def test_a_patch_that_meets_one_of_its_name_says_what_differs(tmp_path: Path, patch: str, why: str) -> None:
    (said,) = said_of(tmp_path, "resources: [service.yaml]\npatches: [{path: patch.yaml}]\n", app_0_patch__yaml=patch)
    assert (f"meets no object: the one of that name {why}, so that" in said) == bool(why)
    (finding,) = findings_on(tmp_path / "app", "kustomize-patch-without-target")
    assert (finding.help == "did you mean 'web'?") == (not why)
    assert finding.message.endswith(", so that the kustomization does not build")
    assert "?" not in finding.message


def test_a_patch_of_what_is_not_read_is_not_judged(tmp_path: Path) -> None:
    budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n"
    found = said_of(
        tmp_path,
        "resources: [budget.yaml]\npatches: [{path: patch.yaml}, {path: patch.yaml, target: {name: web}}]\n",
        app_0_budget__yaml=budget,
        app_0_patch__yaml=budget,
    )
    assert found == []


def test_a_patch_of_a_component_that_finds_its_object_in_one_root_is_right(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "part/kustomization.yaml": """
                apiVersion: kustomize.config.k8s.io/v1alpha1
                kind: Component
                patches:
                - target: {kind: Service, name: web}
                  patch: '- {op: add, path: /spec/type, value: NodePort}'
                """,
            "a/kustomization.yaml": "resources: [web.yaml]\ncomponents: [../part]\n",
            "a/web.yaml": SERVICE,
            "b/kustomization.yaml": "resources: [api.yaml]\ncomponents: [../part]\n",
            "b/api.yaml": SERVICE.replace("name: web", "name: api"),
        },
    )
    assert lint_tree(tmp_path, select=["kustomize"]) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("resources: [../outside.yaml]", "kustomize-outside-root"),
        ("resources: [service.yaml]\npatches: [{path: ../outside.yaml}]", "kustomize-outside-root"),
        ("resources: [.]", "kustomize-cycle"),
        ("resources: [service.yaml, service.yaml]", "kustomize-duplicate-resource"),
        ("resources: service.yaml", "kustomize-refused"),
        ("resources: [service.yaml]\npatches: [{target: {kind: Service}}]", "kustomize-refused"),
        ("resources: [service.yaml]\nimages: [nginx]", "kustomize-refused"),
        ("resources: [service.yaml]\ncommonLabels: {a: 1}", "kustomize-refused"),
        ("resources: [service.yaml]\ncomponents: [service.yaml]", "kustomize-refused"),
    ],
)
def test_each_flaw_has_a_rule(tmp_path: Path, entry: str, said: str) -> None:
    found = said_of(tmp_path, f"{entry}\n", outside__yaml=SERVICE.replace("web", "outside"))
    assert [line.partition("[")[2].partition("]")[0] for line in found] == [said]


def test_a_patch_that_is_a_path_is_told_how_it_is_written_now(tmp_path: Path) -> None:
    text = "resources: [service.yaml]\npatches: [replicas.yaml]\n"
    write_files(tmp_path, {"kustomization.yaml": text, "service.yaml": SERVICE})
    (finding,) = findings_on(tmp_path, "kustomize-refused")
    assert finding.help == "write 'path: replicas.yaml', as kustomize wants it since 5.0"


@pytest.mark.parametrize(
    ("entry", "word", "near"),
    [
        ("namspace: shop", "namspace", "'namespace'"),
        ("images: [{name: nginx, tag: '2'}]", "tag", "'newTag' or 'tagSuffix'"),
        (
            "replacements: [{source: {kind: Service, path: a}, targets: [{select: {kind: Service}}]}]",
            "path",
            "'fieldPath'",
        ),
    ],
)
def test_a_field_that_there_is_not_is_told_at_its_key(tmp_path: Path, entry: str, word: str, near: str) -> None:
    write_files(tmp_path, {"kustomization.yaml": f"resources: [service.yaml]\n{entry}\n", "service.yaml": SERVICE})
    (finding,) = findings_on(tmp_path, "kustomize-refused")
    assert finding.message.endswith(", so that the kustomization does not build")
    assert "?" not in finding.message
    assert (finding.location.text, finding.help) == (word, f"did you mean {near}?")


@pytest.mark.parametrize(
    ("patch", "place", "word"),
    [
        ("path: patch.yaml", "kustomization.yaml:4:9", "patch.yaml:2:9"),
        (
            "patch: |-\n    - op: replace\n      path: /spec/ports/3/port",
            "kustomization.yaml:4:3",
            "kustomization.yaml:6:13",
        ),
    ],
)
def test_a_json_patch_that_meets_nothing_is_told_where_it_is_written(
    tmp_path: Path, patch: str, place: str, word: str
) -> None:
    text = f"resources: [service.yaml]\npatches:\n- target: {{kind: Service}}\n  {patch}\n"
    operation = "- op: replace\n  path: /spec/ports/3/port\n  value: 80\n"
    write_files(tmp_path, {"kustomization.yaml": text, "patch.yaml": operation, "service.yaml": SERVICE})
    (finding,) = findings_on(tmp_path, "kustomize-refused")
    assert str(finding.location).endswith(place)
    assert [str(each.location).endswith(word) for each in finding.related] == [True]


def test_what_kustomize_does_and_we_do_not_is_no_finding(tmp_path: Path) -> None:
    found = said_of(
        tmp_path,
        "resources: [service.yaml]\npatches: [{target: {name: '(a+)+b'}, patch: '- {op: remove, path: /spec}'}]\n",
    )
    assert found == []
