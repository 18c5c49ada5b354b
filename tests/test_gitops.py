"""Flux and Argo CD: paths of the same tree are units in their namespaces; what lies elsewhere is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.helm.rendered import VALUE
from k8snet_lint.loader import UnitKind
from tests.charts import helm, planted
from tests.trees import kustomization, loaded, names_in, plant, service, skipped_in, units_of, worlds_of

if TYPE_CHECKING:
    from k8snet_lint.loader import Loaded


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()


def flux(name: str, path: str, **fields: str) -> str:
    """A Flux Kustomization."""
    lines = [f"  {field}: {value}" for field, value in fields.items()]
    return "\n".join(
        [
            "---",
            "apiVersion: kustomize.toolkit.fluxcd.io/v1",
            "kind: Kustomization",
            f"metadata: {{name: {name}, namespace: flux-system}}",
            "spec:",
            f"  path: {path}",
            "  sourceRef: {kind: GitRepository, name: flux-system}",
            *lines,
            "",
        ]
    )


def argo(name: str, source: str, namespace: str = "shop") -> str:
    """An Argo CD Application."""
    return (
        "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argocd}}\n"
        f"spec: {{destination: {{namespace: {namespace}}}, source: {source}}}\n"
    )


def namespaces_of(result: Loaded) -> dict[str, tuple[str, bool]]:
    """Each unit's namespace, and whether it takes the place of others."""
    return {unit.name: (unit.namespace, unit.namespace_overrides) for unit in result.units}


def test_flux_gives_a_directory_its_namespace() -> None:
    plant(
        {
            "clusters/apps.yaml": flux("web", "./apps/web", targetNamespace="shop"),
            "apps/web/service.yaml": service("web", "other"),
            "apps/web/deep/api.yaml": service("api"),
            "apps/queue/service.yaml": service("queue"),
        }
    )
    result = loaded()
    assert units_of(result) == {
        ".": ["Service/queue"],
        "apps/web": ["Service/api", "Service/web"],
    }
    assert namespaces_of(result) == {".": ("", False), "apps/web": ("shop", True)}


def test_flux_gives_a_kustomization_its_namespace() -> None:
    plant(
        {
            "apps.yaml": flux("web", "apps/web", targetNamespace="shop"),
            "apps/web/kustomization.yaml": kustomization("service.yaml"),
            "apps/web/service.yaml": service("web"),
        }
    )
    assert namespaces_of(loaded())["apps/web"] == ("shop", True)


def test_a_path_that_two_apply_is_two_units() -> None:
    plant(
        {
            "apps.yaml": flux("dev", "apps", targetNamespace="dev") + flux("prod", "apps", targetNamespace="prod"),
            "apps/service.yaml": service("web"),
        }
    )
    assert namespaces_of(loaded()) == {
        ".": ("", False),
        "apps (Kustomization flux-system/dev)": ("dev", True),
        "apps (Kustomization flux-system/prod)": ("prod", True),
    }


@pytest.mark.parametrize(("value", "kind"), [("web", UnitKind.PLAIN), ("${name}", UnitKind.RAW)])
def test_variables_that_flux_fills_in_make_a_unit_raw(value: str, kind: UnitKind) -> None:
    plant(
        {
            "apps.yaml": flux("web", "apps", postBuild="{substitute: {name: web}}"),
            "apps/service.yaml": service("web").replace("app: web", f"app: '{value}'"),
        }
    )
    assert loaded().units[1].kind is kind


def test_what_flux_patches_is_raw() -> None:
    plant({"apps.yaml": flux("web", "apps", patches="[{patch: x}]"), "apps/service.yaml": service("web")})
    unit = loaded().units[1]
    assert (unit.kind, unit.reason) == (UnitKind.RAW, "the Kustomization flux-system/web applies its patches")


def test_paths_start_at_the_repository_wherever_the_run_starts() -> None:
    plant({"apps/flux.yaml": flux("web", "./apps/web", targetNamespace="shop"), "apps/web/a.yaml": service("web")})
    assert namespaces_of(loaded("apps"))["apps/web"] == ("shop", True)


def test_without_a_repository_they_start_where_they_lead_somewhere() -> None:
    Path(".git").rmdir()
    plant({"x/all/flux.yaml": flux("web", "all/web", targetNamespace="shop"), "x/all/web/a.yaml": service("web")})
    assert namespaces_of(loaded())["x/all/web"] == ("shop", True)


@pytest.mark.parametrize("path", ["apps/none", "../secret", "/etc"])
def test_a_path_that_is_not_in_the_tree_is_named(path: str) -> None:
    plant({"apps.yaml": flux("web", path)})
    assert skipped_in(loaded())["Flux source outside the tree"] == (
        1,
        (f"Kustomization flux-system/web: GitRepository flux-system, path {path}",),
    )


def test_the_whole_repository_is_no_unit_of_its_own() -> None:
    plant({"apps.yaml": flux("all", "./"), "a.yaml": service("web")})
    result = loaded()
    assert (set(units_of(result)), skipped_in(result)) == ({"."}, {})


def test_argo_gives_a_directory_its_namespace_where_objects_name_none() -> None:
    plant(
        {
            "argo.yaml": argo("web", "{repoURL: https://example.com/shop.git, path: apps}"),
            "apps/service.yaml": service("web"),
            "apps/deep/api.yaml": service("api"),
        }
    )
    result = loaded()
    assert units_of(result) == {".": ["Service/api", "Application/web"], "apps": ["Service/web"]}
    assert namespaces_of(result)["apps"] == ("shop", False)


def test_argo_s_patterns_choose_files() -> None:
    source = "{path: apps, directory: {recurse: true, include: '{a*,deep/*}', exclude: api.yaml}}"
    plant(
        {
            "argo.yaml": argo("web", source),
            **{f"apps/{name}.yaml": service(name.replace("/", "-")) for name in ("a", "api", "b", "deep/c")},
        }
    )
    assert units_of(loaded())["apps"] == ["Service/a", "Service/deep-c"]


def test_what_argo_takes_from_elsewhere_is_named() -> None:
    plant(
        {
            "argo.yaml": argo("cache", "{repoURL: 'https://charts.example.com', chart: cache, targetRevision: 1.0.0}")
            + argo("web", "{repoURL: 'https://example.com/other.git', path: deploy}")
        }
    )
    assert skipped_in(loaded())["Argo CD source outside the tree"] == (
        2,
        (
            "Application argocd/cache: https://charts.example.com chart cache",
            "Application argocd/web: https://example.com/other.git path deploy",
        ),
    )


APPLICATION_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all, namespace: argocd}
spec:
  generators:
    - list:
        elements:
          - {stage: dev, team: {name: a}}
          - {stage: prod, team: {name: b}}
    - git: {repoURL: https://example.com/shop.git}
  template:
    metadata: {name: 'web-{{stage}}'}
    spec:
      destination: {namespace: 'shop-{{ .stage }}-{{ .team.name }}'}
      source: {path: 'apps/{{stage}}'}
"""


def test_a_plain_list_of_an_application_set_is_followed() -> None:
    plant({"set.yaml": APPLICATION_SET, "apps/dev/a.yaml": service("web"), "apps/prod/a.yaml": service("web", port=81)})
    result = loaded()
    namespaces = namespaces_of(result)
    assert (namespaces["apps/dev"], namespaces["apps/prod"]) == (("shop-dev-a", False), ("shop-prod-b", False))
    assert skipped_in(result)["Argo CD source outside the tree"] == (
        1,
        ("ApplicationSet argocd/all: what its git generator makes",),
    )


def test_a_list_with_a_template_of_its_own_is_named() -> None:
    own = "        template: {spec: {destination: {namespace: other}}}\n    - git:"
    plant({"set.yaml": APPLICATION_SET.replace("    - git:", own), "apps/dev/a.yaml": service("web")})
    assert (
        "ApplicationSet argocd/all: what its list generator makes"
        in skipped_in(loaded())["Argo CD source outside the tree"][1]
    )


def test_an_application_may_apply_applications() -> None:
    plant(
        {
            "root.yaml": argo("root", "{path: argo}", namespace="argocd"),
            "argo/web.yaml": argo("web", "{path: apps/web}"),
            "apps/web/a.yaml": service("web"),
        }
    )
    assert namespaces_of(loaded()) == {".": ("", False), "argo": ("argocd", False), "apps/web": ("shop", False)}


RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web}
spec:
  chart:
    spec:
      chart: ./charts/shop
      sourceRef: {kind: GitRepository, name: flux-system}
      valuesFiles: [charts/shop/values.yaml, prod.yaml]
  values: {replicas: 7}
"""


def test_a_helm_release_applies_a_chart_of_the_tree() -> None:
    helm().close()
    planted("shop")
    plant(
        {
            "apps.yaml": flux("web", "apps", targetNamespace="shop"),
            "apps/release.yaml": RELEASE,
            "prod.yaml": "service: {type: NodePort}\n",
        }
    )
    result = loaded()
    unit = next(each for each in result.units if each.name == "charts/shop")
    assert (unit.kind, unit.namespace) == (UnitKind.BUILT, "shop")
    assert "Service/web-shop" in names_in(unit)
    values = {each.kind: each.node["spec"] for each in unit.objects if "web-shop" in str(each.node["metadata"].value)}
    assert values["Deployment"]["replicas"].value == 7
    assert values["Service"]["type"].value == "NodePort"
    assert {each.name for each in result.units} == {".", "apps", "charts/shop"}


def test_no_values_file_gives_what_a_release_gives() -> None:
    helm().close()
    planted("shop")
    plant({"release.yaml": RELEASE.replace("prod.yaml", "more.yaml"), "more.yaml": "x: 1\n"})
    unit = next(each for each in loaded().units if each.name == "charts/shop")
    specs = {each.kind: each.node["spec"] for each in unit.objects if "web" in str(each.node["metadata"].value)}
    replicas, sort = specs["Deployment"]["replicas"], specs["Service"]["type"]
    given = [[str(at) for at, word in each.document.related(each.path) if word == VALUE] for each in (replicas, sort)]
    assert given == [[], ["charts/shop/values.yaml:3:9"]]


CHART = {
    "charts/c/Chart.yaml": "{apiVersion: v2, name: c, version: 1.0.0}",
    "charts/c/values.yaml": "port: 80\n",
    "charts/c/templates/a.yaml": """\
        apiVersion: v1
        kind: Service
        metadata: {name: c}
        spec: {selector: {app: c}, ports: [{port: {{ .Values.port }}}]}
        """,
}


def ports_of(result: Loaded) -> dict[str, int]:
    """The port of the one Service that each unit of the chart has."""
    found = {}
    for unit in result.units:
        if unit.name.startswith("charts/c"):
            (written,) = unit.objects
            found[unit.name] = written.node.at("spec", "ports", 0, "port").value
    return found


def released(port: int) -> str:
    return (
        RELEASE.replace("charts/shop\n", "charts/c\n")
        .replace("replicas: 7", f"port: {port}")
        .replace("      valuesFiles: [charts/shop/values.yaml, prod.yaml]\n", "")
    )


def test_releases_of_one_name_in_several_clusters_each_have_their_values() -> None:
    helm().close()
    plant({**CHART, "apps/prod/web.yaml": released(81), "apps/staging/web.yaml": released(82)})
    plant({f"clusters/{each}/apps.yaml": flux("apps", f"apps/{each}") for each in ("prod", "staging")})
    result = loaded()
    prod, staging = (f"charts/c (HelmRelease web of apps/{each})" for each in ("prod", "staging"))
    assert ports_of(result) == {prod: 81, staging: 82}
    worlds = worlds_of(result)
    assert worlds.keys() == {"prod", "staging"}
    assert prod in worlds["prod"] - worlds["staging"]
    assert staging in worlds["staging"] - worlds["prod"]


def test_releases_of_one_name_and_content_are_one() -> None:
    helm().close()
    plant({**CHART, "apps/prod/web.yaml": released(81), "apps/staging/web.yaml": released(81)})
    plant({f"clusters/{each}/apps.yaml": flux("apps", f"apps/{each}") for each in ("prod", "staging")})
    assert ports_of(loaded()) == {"charts/c": 81}


def test_one_path_that_several_clusters_apply_each_in_their_own_way_is_a_unit_of_each() -> None:
    plant({"apps/a.yaml": service("web")})
    plant({f"clusters/{each}/apps.yaml": flux("apps", "apps", targetNamespace=each) for each in ("prod", "staging")})
    plant({"clusters/other/apps.yaml": flux("apps", "apps", targetNamespace="prod")})
    namespaces = namespaces_of(loaded("clusters/prod", "clusters/staging", "apps"))
    assert namespaces["apps (Kustomization flux-system/apps of clusters/prod)"] == ("prod", True)
    assert namespaces["apps (Kustomization flux-system/apps of clusters/staging)"] == ("staging", True)
    assert len(namespaces) == 4


@pytest.mark.parametrize("until", [0, 1])
def test_what_applies_charts_may_be_a_chart_whose_values_are_told(until: int) -> None:
    helm().close()
    release = "[{name: port, value: {{ .Values.port | quote }}}]"
    web = argo("web", f"{{path: charts/c, helm: {{parameters: {release}}}}}", "shop-{{ .Values.port }}")
    old = argo("old", "{path: charts/c, helm: {parameters: [{name: port, value: x: y}]}}").replace("x: y", "'[1'")
    plant(
        {
            **CHART,
            "root.yaml": argo("root", "{path: apps, helm: {valuesObject: {port: 81}}}", namespace="argocd"),
            "apps/Chart.yaml": "{apiVersion: v2, name: apps, version: 1.0.0}",
            "apps/values.yaml": "port: 1\n",
            "apps/templates/web.yaml": web,
            "apps/templates/old.yaml": f"{{{{ if le (int .Values.port) {until} }}}}\n{old}\n{{{{ end }}}}",
        }
    )
    result = loaded()
    assert ports_of(result) == {"charts/c": 81}
    assert namespaces_of(result)["charts/c"] == ("shop-81", False)
    assert result.problems == ()


OF_DIRECTORIES = "git: {{repoURL: x, revision: HEAD, directories: [{0}]}}"
ALL = "{path: apps/*}"


def made_of(generator: str, path: str, namespace: str, *, nested: bool = False) -> dict[str, str]:
    """The namespaces of the directories that an ApplicationSet applies."""
    plant({f"apps/{each}/deploy/a.yaml": service("web") for each in ("One_A", "two", "old")})
    plant(
        {
            "set.yaml": f"""\
                apiVersion: argoproj.io/v1alpha1
                kind: ApplicationSet
                metadata: {{name: all, namespace: argocd}}
                spec:
                  goTemplate: {str(nested).lower()}
                  generators: [{{{generator}}}]
                  template:
                    metadata: {{name: web}}
                    spec: {{destination: {{namespace: '{namespace}'}}, source: {{path: '{path}/deploy'}}}}
                """
        }
    )
    return {name: namespace for name, (namespace, _) in namespaces_of(loaded()).items() if namespace}


@pytest.mark.parametrize(
    ("generator", "path", "namespace", "nested", "made"),
    [
        (
            OF_DIRECTORIES.format(f"{ALL}, {{path: apps/old, exclude: true}}"),
            "{{path}}",
            "{{ path.basename }}",
            False,
            {"apps/One_A/deploy": "One_A", "apps/two/deploy": "two"},
        ),
        (
            OF_DIRECTORIES.format("{path: apps/t*}, {path: apps/One_A}, {path: none/*}, {path: ''}, {path: 'apps/['}"),
            "apps/{{path[1]}}",
            "{{path.basenameNormalized}}-{{path[0]}}",
            False,
            {"apps/One_A/deploy": "one-a-apps", "apps/two/deploy": "two-apps"},
        ),
        (
            OF_DIRECTORIES.format("{path: apps/two}"),
            "{{.path.path}}",
            "{{ .path.basename }}",
            True,
            {"apps/two/deploy": "two"},
        ),
        (
            f"matrix: {{generators: [{{list: {{elements: [{{of: two, live: true}}]}}}}, "
            f"{{{OF_DIRECTORIES.format('{path: apps/{{of}}}')}}}]}}".replace("apps/{{of}}", "'apps/{{of}}'"),
            "{{path}}",
            "{{of}}-{{live}}",
            False,
            {"apps/two/deploy": "two-true"},
        ),
        (OF_DIRECTORIES.format("{path: none/*}"), "{{path}}", "x", False, {}),
        (OF_DIRECTORIES.format(ALL) + ", selector: {}", "{{path}}", "x", False, {}),
        ("git: {repoURL: x, files: [{path: apps/*/a.yaml}]}", "{{path}}", "x", False, {}),
        ("clusters: {}", "apps/two", "{{name}}", False, {}),
        ("matrix: {generators: [{clusters: {}}, {list: {elements: [{a: b}]}}]}", "apps/two", "{{name}}", False, {}),
        ("matrix: {generators: [{list: {elements: [{a: b}]}}]}", "apps/two", "{{name}}", False, {}),
        ("matrix: {generators: [{list: {elements: [{a: b}]}}, {clusters: {}}]}", "apps/two", "{{name}}", False, {}),
        ("git: 1", "apps/two", "x", False, {}),
    ],
)
def test_an_application_set_applies_directories_of_the_tree(
    generator: str, path: str, namespace: str, nested: bool, made: dict[str, str]
) -> None:
    assert made_of(generator, path, namespace, nested=nested) == made
    assert ("Argo CD source outside the tree" in skipped_in(loaded())) is (not made)


GIT = "https://git.example.test"


def test_what_applications_take_from_other_repositories_is_not_looked_for_in_the_tree() -> None:
    root = argo("root", f"{{repoURL: {GIT}/platform.git, path: apps}}", namespace="argocd")
    plant(
        {
            "root.yaml": root,
            "apps/a.yaml": argo("a", "{repoURL: git@git.example.test:fork/platform, path: deploy}", namespace="a"),
            "apps/b.yaml": argo("b", f"{{repoURL: {GIT}/b.git, path: deploy}}", namespace="b"),
            "deploy/a.yaml": service("web"),
        }
    )
    result = loaded()
    assert namespaces_of(result)["deploy"] == ("a", False)
    assert skipped_in(result)["Argo CD source outside the tree"] == (
        1,
        (f"Application argocd/b: {GIT}/b.git path deploy",),
    )


def test_any_repository_may_be_the_tree_s_where_nothing_tells_which() -> None:
    applications = (argo(each, f"{{repoURL: {GIT}/{each}.git, path: deploy}}", each) for each in ("a", "b"))
    plant({"apps.yaml": "".join(applications), "deploy/a.yaml": service("web")})
    assert namespaces_of(loaded())["deploy (Application argocd/b)"] == ("b", False)


def test_what_flux_takes_from_other_repositories_is_not_looked_for_in_the_tree() -> None:
    def source(name: str, url: str) -> str:
        head = f"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: {name}}}\n"
        return f"---\n{head}spec: {{url: {url}}}\n"

    def taking(name: str, source: str) -> str:
        return flux(name, "deploy", targetNamespace=name).replace(
            "{kind: GitRepository, name: flux-system}\n", f"{{kind: GitRepository, name: {source}}}\n"
        )

    plant(
        {
            "cluster/flux.yaml": source("flux-system", f"ssh://git@{GIT}/fleet") + flux("flux-system", "./cluster"),
            "cluster/sources.yaml": source("same", f"{GIT}/fleet.git") + source("other", f"{GIT}/other"),
            "cluster/apps.yaml": taking("one", "same") + taking("two", "other") + taking("three", "elsewhere"),
            "deploy/a.yaml": service("web"),
        }
    )
    result = loaded()
    assert namespaces_of(result)["deploy"] == ("one", True)
    assert skipped_in(result)["Flux source outside the tree"][0] == 2


def test_a_template_of_an_application_set_that_calls_functions_is_named() -> None:
    helm().close()
    made = APPLICATION_SET.replace("spec:", "spec:\n  goTemplate: true", 1).replace(
        "path: 'apps/{{stage}}'", "path: charts/c, helm: {releaseName: '{{ .stage | lower }}'}"
    )
    plant({**CHART, "set.yaml": made})
    result = loaded()
    assert ports_of(result) == {"charts/c": 80}
    assert (
        "ApplicationSet argocd/all: what its template makes by functions"
        in skipped_in(result)["Argo CD source outside the tree"][1]
    )


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("{kind: HelmRelease}", UnitKind.RAW),
        ("{name: web}", UnitKind.RAW),
        ("{kind: Service}", UnitKind.BUILT),
    ],
)
def test_a_release_that_is_patched_is_raw(target: str, kind: UnitKind) -> None:
    helm().close()
    patches = f"[{{patch: x, target: {target}}}]"
    plant({**CHART, "apps/web.yaml": released(81), "flux.yaml": flux("apps", "apps", patches=patches)})
    unit = next(each for each in loaded().units if each.name == "charts/c")
    reason = "the HelmRelease web may be patched" if kind is UnitKind.RAW else ""
    assert (unit.kind, unit.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("patches", "kinds"),
    [
        ("patches: [{target: {kind: Service}, patch: x}]", {"Service"}),
        ("patchesStrategicMerge: [{kind: Service}]", {"*"}),
        ("images: []", set()),
    ],
)
def test_what_a_release_patches_may_change(patches: str, kinds: set[str]) -> None:
    helm().close()
    plant({**CHART, "web.yaml": released(81) + f"  postRenderers: [{{kustomize: {{{patches}}}}}]\n"})
    unit = next(each for each in loaded().units if each.name == "charts/c")
    assert (unit.kind, unit.reason) == (UnitKind.RAW, "the HelmRelease web has post-renderers")
    assert unit.patched == kinds


def test_values_from_the_cluster_make_a_release_raw() -> None:
    helm().close()
    planted("depends")
    plant({"release.yaml": RELEASE.replace("shop", "depends") + "  valuesFrom: [{kind: Secret, name: keys}]\n"})
    unit = next(each for each in loaded().units if each.name == "charts/depends")
    assert (unit.kind, unit.reason.partition(";")[0]) == (UnitKind.RAW, "values from Secret keys are not read")


@pytest.mark.parametrize(("value", "kind"), [("x.example", UnitKind.BUILT), ("${host}", UnitKind.RAW)])
def test_variables_in_the_values_of_a_release_make_it_raw(value: str, kind: UnitKind) -> None:
    helm().close()
    planted("depends")
    values = f"  values: {{host: '{value}'}}"
    plant(
        {
            "apps.yaml": flux("web", "apps", targetNamespace="shop", postBuild="{substitute: {host: x}}"),
            "apps/release.yaml": RELEASE.replace("shop", "depends").replace("  values: {replicas: 7}", values),
            "apps/other.yaml": service("web").replace("app: web", "app: '${app}'"),
            "prod.yaml": "a: 1\n",
            "charts/depends/charts/database/Chart.yaml": "name: database\nversion: 3.1.0\n",
        }
    )
    unit = next(each for each in loaded().units if each.name == "charts/depends")
    reason = "variables in the values of the HelmRelease shop/web are filled in" if kind is UnitKind.RAW else ""
    assert (unit.kind, unit.reason) == (kind, reason)


def test_an_application_s_options_for_a_chart_are_its_release_s() -> None:
    helm().close()
    planted("shop")
    source = (
        "{path: charts/shop, helm: {releaseName: one, valueFiles: [prod.yaml], values: 'replicas: 3', "
        "parameters: [{name: service.port, value: '81'}]}}"
    )
    plant({"argo.yaml": argo("web", source) + argo("two", "{path: charts/shop}", namespace="two")})
    result = loaded()
    units = {unit.name: unit for unit in result.units}
    one = units["charts/shop (Application argocd/web)"]
    specs = {
        each.kind: each.node["spec"].value for each in one.objects if "one-shop" in str(each.node["metadata"].value)
    }
    assert (specs["Deployment"]["replicas"], specs["Service"]["type"]) == (3, "LoadBalancer")
    assert specs["Service"]["ports"][0]["port"] == 81
    assert units["charts/shop (Application argocd/two)"].namespace == "two"
    assert "charts/shop" not in units


def test_an_application_s_templates_may_be_told_another_namespace_than_their_objects_get() -> None:
    helm().close()
    plant(
        {
            "charts/c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "charts/c/templates/a.yaml": service("a"),
            "charts/c/templates/b.yaml": service("b", "{{ .Release.Namespace }}"),
            "argo.yaml": argo("web", "{path: charts/c, helm: {namespace: told}}", namespace="given"),
        }
    )
    unit = next(each for each in loaded().units if each.name == "charts/c")
    found = {each.node.at("metadata", "name").text: each.node.at("metadata", "namespace").text for each in unit.objects}
    assert {name: unit.namespace_of(namespace) for name, namespace in found.items()} == {"a": "given", "b": "told"}


ECHO = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: values}
data: {values: '{{ .Values | toJson }}'}
"""


def echoed(release: str) -> tuple[dict[str, Any], UnitKind, str]:
    """The values that a release gives a chart which writes them out, and the kind of its unit and why it is that."""
    helm().close()
    plant(
        {
            "charts/echo/Chart.yaml": "apiVersion: v2\nname: echo\nversion: 1.0.0\n",
            "charts/echo/values.yaml": "a: 1\nb: {c: 2, d: 3}\n",
            "charts/echo/more.yaml": "b: {c: 4}\n",
            "charts/echo/templates/a.yaml": ECHO,
            "release.yaml": release,
        }
    )
    unit = next(each for each in loaded().units if each.name == "charts/echo")
    return json.loads(unit.objects[0].node.at("data", "values").text), unit.kind, unit.reason


FROM = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: shop}
spec:
  chart: {spec: {chart: charts/echo, sourceRef: {kind: GitRepository, name: flux-system}}}
  valuesFrom:
    - {kind: ConfigMap, name: web}
    - {kind: ConfigMap, name: web, valuesKey: port, targetPath: b.port}
    - {kind: ConfigMap, name: web, valuesKey: text, targetPath: 'b.x\\.io/y'}
    - {kind: ConfigMap, name: web, valuesKey: list, targetPath: b.list}
  values: {b: {d: 7}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data: {values.yaml: 'b: {c: 5, d: 6}', port: '80', text: "'80'", list: '{1,x}', several: '1,b=2'}
"""


def test_a_helm_release_takes_values_from_config_maps_that_are_applied_with_it() -> None:
    values, kind, reason = echoed(FROM)
    assert values == {"a": 1, "b": {"c": 5, "d": 7, "port": 80, "x.io/y": "80", "list": [1, "x"]}}
    assert (kind, reason) == (UnitKind.BUILT, "")


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("{kind: ConfigMap, name: web}", "{kind: ConfigMap, name: web, valuesKey: none}"),
        ("{kind: ConfigMap, name: web}", "{kind: ConfigMap, name: web, valuesKey: several, targetPath: a}"),
        ("{kind: ConfigMap, name: web}", "{kind: ConfigMap, name: web, valuesKey: port, targetPath: 'a[0]'}"),
        ("metadata: {name: web, namespace: shop}\ndata", "metadata: {name: web, namespace: other}\ndata"),
        ("'b: {c: 5, d: 6}'", "'b: {c: 5'"),
        ("'b: {c: 5, d: 6}'", "'[b]'"),
    ],
)
def test_values_that_are_not_there_or_are_no_table_or_several_make_a_release_raw(written: str, other: str) -> None:
    _, kind, reason = echoed(FROM.replace(written, other))
    assert (kind, reason.partition(";")[0]) == (UnitKind.RAW, "values from ConfigMap web are not read")


@pytest.mark.parametrize("text", ["", "# none", "{}"])
def test_a_text_without_values_changes_none(text: str) -> None:
    values, kind, reason = echoed(FROM.replace("'b: {c: 5, d: 6}'", f"'{text}'"))
    assert (values["b"]["c"], kind, reason) == (2, UnitKind.BUILT, "")


@pytest.mark.parametrize(
    ("files", "values"),
    [
        ("charts/echo/values.yaml, charts/echo/more.yaml", {"a": 1, "b": {"c": 4, "d": 7}}),
        ("charts/echo/more.yaml", {"b": {"c": 4, "d": 7}}),
    ],
)
def test_flux_takes_values_files_in_place_of_the_chart_s(files: str, values: dict[str, Any]) -> None:
    chart = f"chart: charts/echo, valuesFiles: [{files}]"
    release = FROM.replace("chart: charts/echo", chart).replace("valuesFrom", "other")
    assert echoed(release) == (values, UnitKind.BUILT, "")


@pytest.mark.parametrize(("ignored", "kind"), [("true", UnitKind.BUILT), ("false", UnitKind.RAW)])
def test_argo_may_go_on_without_a_values_file(ignored: str, kind: UnitKind) -> None:
    options = f"{{valueFiles: [none.yaml, more.yaml], ignoreMissingValueFiles: {ignored}}}"
    values, unit_kind, _ = echoed(argo("web", f"{{path: charts/echo, helm: {options}}}"))
    assert (values["b"], unit_kind) == ({"c": 4, "d": 3}, kind)


def test_a_values_file_of_a_name_that_no_file_can_have_is_not_read() -> None:
    helm().close()
    names = "\\0", "x" * 5_000
    plant({**CHART, "argo.yaml": argo("web", f'{{path: charts/c, helm: {{valueFiles: ["{names[0]}", {names[1]}]}}}}')})
    unit = next(each for each in loaded().units if each.name == "charts/c")
    assert unit.kind is UnitKind.RAW
    assert "the values file cannot be read" in unit.reason


def test_argo_s_parameters_lie_over_its_values_key_by_key() -> None:
    parameters = "[{name: b.c, value: '9'}, {name: 'b.x\\.io/y', value: 'true', forceString: true}]"
    values, _, _ = echoed(
        argo("web", f"{{path: charts/echo, helm: {{values: 'b: {{d: 8}}', parameters: {parameters}}}}}")
    )
    assert values["b"] == {"c": 9, "d": 8, "x.io/y": "true"}


def test_values_outside_the_repository_are_not_read() -> None:
    helm().close()
    planted("depends")
    plant({"argo.yaml": argo("web", "{path: charts/depends, helm: {valueFiles: [../../../secret.yaml]}}")})
    unit = next(each for each in loaded().units if each.name == "charts/depends")
    assert unit.reason.startswith("a values file lies outside the repository")


@pytest.mark.parametrize(
    "spec",
    [
        "7",
        "[]",
        "{source: 1, sources: [1, {path: 2}], destination: [x]}",
        "{generators: 3}",
        "{generators: [{list: 1}]}",
    ],
)
@pytest.mark.parametrize("kind", ["argoproj.io/v1 Application", "argoproj.io/v1 ApplicationSet"])
def test_wrong_types_apply_nothing(kind: str, spec: str) -> None:
    api_version, name = kind.split()
    plant({"a.yaml": f"apiVersion: {api_version}\nkind: {name}\nmetadata: {{name: x}}\nspec: {spec}\n"})
    assert [unit.name for unit in loaded().units] == ["."]


def test_a_directory_that_is_called_like_a_path_is_not_taken_for_its_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is given is no repository, so that it may be a part of one; a directory within it fits better."""
    given = tmp_path / "unpacked" / "mesh"
    given.mkdir(parents=True)
    monkeypatch.chdir(given)
    Path(tmp_path, ".git").rmdir()
    plant(
        {
            "samples/all.yaml": argo("all", "{repoURL: 'https://git.example.com/x', path: mesh}"),
            "samples/mesh/service.yaml": service("web"),
            "other/service.yaml": service("web"),
        }
    )
    units = namespaces_of(loaded())
    assert units["samples/mesh"] == ("shop", False)
    assert len(units) == 2
    plant({"samples/all.yaml": argo("all", "{repoURL: 'https://git.example.com/x', path: mesh/other}")})
    assert namespaces_of(loaded())["other"] == ("shop", False)
