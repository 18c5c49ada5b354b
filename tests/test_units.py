"""What one act applies: Kustomize roots, charts, and files that stand alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from k8snet_lint import registry
from k8snet_lint.config import Config
from k8snet_lint.engine import lint
from k8snet_lint.loader import UnitKind
from k8snet_lint.loader import kustomize as kustomize_module
from tests.trees import (
    kustomization,
    loaded,
    messages_of,
    names_in,
    namespaces_in,
    plant,
    service,
    skipped_in,
    units_of,
)

pytestmark = pytest.mark.usefixtures("here")

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: x}]}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Plain files


def test_the_files_of_an_argument_are_one_unit() -> None:
    plant({"deploy/web.yaml": service("web"), "deploy/db/db.yaml": service("db"), "extra.yaml": service("extra")})
    assert units_of(loaded("deploy", "extra.yaml")) == {
        "deploy": ["Service/db", "Service/web"],
        "extra.yaml": ["Service/extra"],
    }
    assert units_of(loaded()) == {".": ["Service/db", "Service/web", "Service/extra"]}


def test_directories_that_describe_an_object_differently_are_units_of_their_own() -> None:
    plant(
        {
            "shared.yaml": service("shared"),
            "dev/web.yaml": service("web", port=1),
            "dev/more/db.yaml": service("db"),
            "prod/web.yaml": service("web", port=2),
        }
    )
    assert units_of(loaded()) == {
        ".": ["Service/shared"],
        "dev": ["Service/db", "Service/web"],
        "prod": ["Service/web"],
    }


def test_the_nearest_of_nested_directories_owns_a_file() -> None:
    plant(
        {
            "app/web.yaml": service("web", port=1),
            "app/other/api.yaml": service("api"),
            "app/dev/web.yaml": service("web", port=2),
            "app/dev/x/db.yaml": service("db"),
        }
    )
    assert units_of(loaded()) == {
        "app": ["Service/api", "Service/web"],
        "app/dev": ["Service/web", "Service/db"],
    }


def test_copies_of_the_same_content_stay_together() -> None:
    plant({"dev/web.yaml": service("web"), "prod/web.yaml": service("web")})
    assert units_of(loaded()) == {".": ["Service/web", "Service/web"]}


def test_the_order_of_keys_is_no_difference() -> None:
    reordered = (
        "kind: Service\napiVersion: v1\nspec: {ports: [{port: 80}], selector: {app: web}}\nmetadata: {name: web}\n"
    )
    plant({"dev/web.yaml": service("web"), "prod/web.yaml": reordered})
    assert list(units_of(loaded())) == ["."]


def test_an_object_described_twice_in_one_directory_stays_in_its_unit() -> None:
    plant({"a.yaml": service("web", port=1), "b.yaml": service("web", port=2)})
    assert units_of(loaded()) == {".": ["Service/web", "Service/web"]}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (service("web", "a", 1), service("web", "b", 2)),
        (service("web", port=1), service("web", port=2).replace("v1", "serving.knative.dev/v1")),
        (service("web", port=1), service("api", port=2)),
        (service("web", port=1).replace("name: web", "generateName: web"),) * 2,
    ],
    ids=["namespace", "group", "name", "no name yet"],
)
def test_different_objects_do_not_part_directories(first: str, second: str) -> None:
    plant({"a/x.yaml": first, "b/x.yaml": second})
    assert list(units_of(loaded())) == ["."]


def test_the_namespace_given_decides_which_objects_are_the_same() -> None:
    plant({"a/x.yaml": service("web", port=1), "b/x.yaml": service("web", "shop", 2)})
    assert list(units_of(loaded())) == ["."]
    assert list(units_of(loaded(namespace="shop"))) == ["a", "b"]


def test_cluster_scoped_objects_are_the_same_in_any_namespace() -> None:
    policy = (
        "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {{name: nginx, namespace: {0}}}\nspec: {{}}\n"
    )
    plant({"a/x.yaml": policy.format("a"), "b/x.yaml": policy.format("b")})
    assert list(units_of(loaded())) == ["a", "b"]


def test_directories_of_different_arguments_are_parted_too() -> None:
    plant(
        {
            "a/x/web.yaml": service("web", port=1),
            "a/api.yaml": service("api"),
            "b/x/web.yaml": service("web", port=2),
            "b/db.yaml": service("db"),
        }
    )
    assert list(units_of(loaded("a", "b"))) == ["a", "a/x", "b", "b/x"]


# Kustomize


def test_a_kustomization_that_only_lists_is_built() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("web.yaml", "../base", sortOptions="{order: fifo}"),
            "app/web.yaml": service("web"),
            "base/kustomization.yml": kustomization("db.yaml"),
            "base/db.yaml": service("db"),
        }
    )
    (unit,) = loaded().units
    assert (unit.name, unit.kind, unit.reason, names_in(unit)) == (
        "app",
        UnitKind.BUILT,
        "",
        ["Service/web", "Service/db"],
    )


def test_kustomizations_are_objects_of_their_unit() -> None:
    plant(
        {
            "app/Kustomization": kustomization("../part"),
            "part/kustomization.yaml": "kind: Component\nresources: []\n",
        }
    )
    (unit,) = loaded().units
    assert [(one.api_version, one.kind) for one in unit.objects] == [
        ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        ("kustomize.config.k8s.io/v1alpha1", "Component"),
    ]
    assert loaded().skipped == ()


def test_the_outermost_namespace_takes_the_place_of_all_others() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("../base", namespace="outer"),
            "base/kustomization.yaml": kustomization("web.yaml", namespace="inner"),
            "base/web.yaml": service("web", "written"),
        }
    )
    (unit,) = loaded().units
    assert (unit.kind, namespaces_in(unit)) == (UnitKind.BUILT, ["outer"])


def test_the_namespace_of_a_base_reaches_its_root() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("../base"),
            "base/kustomization.yaml": kustomization("web.yaml", namespace="inner"),
            "base/web.yaml": service("web"),
        }
    )
    (unit,) = loaded().units
    assert (unit.kind, namespaces_in(unit)) == (UnitKind.BUILT, ["inner"])


def test_parts_may_be_in_different_namespaces() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("../a", "../b"),
            "a/kustomization.yaml": kustomization("web.yaml", namespace="a"),
            "a/web.yaml": service("web"),
            "b/kustomization.yaml": kustomization("db.yaml", namespace="b"),
            "b/db.yaml": service("db"),
        }
    )
    (unit,) = loaded().units
    assert (unit.kind, namespaces_in(unit)) == (UnitKind.BUILT, ["a", "b"])


def test_a_root_that_is_not_built_gives_its_objects_the_one_namespace_that_all_its_parts_set() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("../base", namespace="outer", vars="[{name: X}]"),
            "base/kustomization.yaml": kustomization("web.yaml", namespace="inner"),
            "base/web.yaml": service("web", "written"),
        }
    )
    (unit,) = loaded().units
    assert (unit.kind, unit.namespace_of(""), unit.namespace_of("written")) == (UnitKind.RAW, "outer", "outer")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"helmCharts": "[{name: x}]", "validators": "[a.yaml]"}, "helmCharts, validators not applied"),
        ({"transformers": "[web.yaml]"}, "transformers not applied"),
        ({"generators": "[web.yaml]"}, "generators not applied"),
        ({"validators": "[web.yaml]"}, "validators not applied"),
        ({"helmCharts": "[{name: x}]"}, "helmCharts not applied"),
        ({"unheardOf": "true"}, "'unheardOf' is no field of a kustomization"),
        ({"namespace": "[a]"}, "its namespace is no text"),
        ({"kind": "Component"}, "it is a component, which others complete"),
        ({"bases": "text"}, "its 'bases' is no list"),
        ({"components": "[{a: b}]"}, "its 'components' holds an entry that is no path"),
    ],
)
def test_what_changes_resources_makes_a_root_raw(fields: dict[str, str], reason: str) -> None:
    plant({"app/kustomization.yaml": kustomization("web.yaml", **fields), "app/web.yaml": service("web")})
    (unit,) = loaded().units
    assert (unit.kind, unit.reason, names_in(unit)) == (UnitKind.RAW, reason, ["Service/web"])


@pytest.mark.parametrize(
    "field", ["patches: []", "images:", "buildMetadata: [originAnnotations]", "metadata: {name: x}"]
)
def test_what_changes_nothing_leaves_a_root_built(field: str) -> None:
    plant({"app/kustomization.yaml": f"{field}\n{kustomization('web.yaml')}", "app/web.yaml": service("web")})
    assert [unit.kind for unit in loaded().units] == [UnitKind.BUILT]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("gone.yaml", "'gone.yaml' does not exist"),
        ("../outside.yaml", "'../outside.yaml' lies outside of the kustomization's directory"),
        ("../empty", "'../empty' is a directory without a kustomization"),
        ("https://example.com/a.yaml", "'https://example.com/a.yaml' is remote"),
        ("github.com/a/b?ref=v1", "'github.com/a/b?ref=v1' is remote"),
        ("a\\0b", "'a\0b' does not exist"),
    ],
)
def test_what_leads_nowhere_makes_a_root_raw(entry: str, reason: str) -> None:
    plant(
        {
            "app/kustomization.yaml": f'resources: [web.yaml, "{entry}"]\n',
            "app/web.yaml": service("web"),
            "outside.yaml": service("outside"),
            "empty/note.txt": "",
        }
    )
    unit, *_ = loaded().units
    assert (unit.kind, unit.reason) == (UnitKind.RAW, reason)


def test_many_reasons_are_cut_short() -> None:
    plant({"app/kustomization.yaml": kustomization(*"abcde", helmCharts="[{}]")})
    (unit,) = loaded().units
    assert (
        unit.reason == "helmCharts not applied; 'a' does not exist; 'b' does not exist; 'c' does not exist; and 2 more"
    )


def test_long_reasons_are_counted_from_the_second_on() -> None:
    long = "manifests/" + "long-" * 20
    plant({"app/kustomization.yaml": kustomization(f"{long}a", f"{long}b", f"{long}c")})
    (unit,) = loaded().units
    assert unit.reason == f"'{long}a' does not exist; and 2 more"


def test_a_file_outside_is_not_looked_into_unless_it_is_in_the_tree() -> None:
    plant({"secret.yaml": service("secret"), "app/kustomization.yaml": kustomization("../secret.yaml")})
    assert units_of(loaded("app")) == {"app": []}


def test_a_base_beyond_the_tree_is_read() -> None:
    plant(
        {
            "base/kustomization.yaml": kustomization("web.yaml"),
            "base/web.yaml": service("web"),
            "prod/kustomization.yaml": kustomization("../base"),
        }
    )
    (unit,) = loaded("prod").units
    assert (unit.name, unit.kind, names_in(unit)) == ("prod", UnitKind.BUILT, ["Service/web"])
    assert str(unit.objects[-1].node.location.source.name) == "base/web.yaml"


def test_an_excluded_resource_is_not_read() -> None:
    plant({"app/kustomization.yaml": kustomization("x/web.yaml"), "app/x/web.yaml": service("web")})
    (unit,) = loaded(exclude=("x/",)).units
    assert (unit.reason, names_in(unit)) == ("'x/web.yaml' is excluded", [])


def test_a_broken_resource_makes_a_root_raw() -> None:
    plant({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": service("web") + "---\nkind: [\n"})
    result = loaded()
    (unit,) = result.units
    assert (unit.reason, names_in(unit)) == ("'app/web.yaml' could not be read in full", ["Service/web"])
    assert len(result.problems) == 1


def test_a_broken_base_makes_a_root_raw() -> None:
    plant({"app/kustomization.yaml": kustomization("../base"), "base/kustomization.yaml": "resources: [\n"})
    result = loaded()
    (unit,) = result.units
    assert (unit.name, unit.reason) == ("app", "'../base' holds a kustomization that could not be read")
    assert messages_of(result)


def test_a_kustomization_that_is_given_is_its_root() -> None:
    plant({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": service("web")})
    assert units_of(loaded("app/kustomization.yaml")) == {"app": ["Service/web"]}


def test_a_base_is_no_root_and_is_in_each_unit_that_refers_to_it() -> None:
    plant(
        {
            "base/kustomization.yaml": kustomization("web.yaml"),
            "base/web.yaml": service("web"),
            "dev/kustomization.yaml": kustomization("../base", namePrefix="dev-"),
            "prod/kustomization.yaml": kustomization("../base", namePrefix="prod-"),
        }
    )
    dev, prod = loaded().units
    assert [(unit.name, unit.kind, names_in(unit)) for unit in (dev, prod)] == [
        ("dev", UnitKind.BUILT, ["Service/dev-web"]),
        ("prod", UnitKind.BUILT, ["Service/prod-web"]),
    ]
    assert dev.objects[-1].node.location == prod.objects[-1].node.location


def test_of_kustomizations_in_a_circle_the_first_is_the_root() -> None:
    plant(
        {
            "a/kustomization.yaml": kustomization("../b", "x.yaml"),
            "a/x.yaml": service("x"),
            "b/kustomization.yaml": kustomization("../a"),
            "c/kustomization.yaml": kustomization("."),
        }
    )
    result = loaded()
    assert {unit.name: unit.reason for unit in result.units} == {
        "a": "'../a' leads back to 'a', which leads here",
        "c": "'.' leads back to 'c', which leads here",
    }


def test_a_long_chain_of_bases_is_followed() -> None:
    length = 40
    plant({f"k{n}/kustomization.yaml": kustomization(f"../k{n + 1}") for n in range(length)})
    plant({f"k{length}/kustomization.yaml": kustomization("web.yaml"), f"k{length}/web.yaml": service("web")})
    assert units_of(loaded()) == {"k0": ["Service/web"]}


def test_a_chain_of_bases_has_a_bound() -> None:
    length = 2000
    plant({f"k{n}/kustomization.yaml": kustomization(f"../k{n + 1}") for n in range(length)})
    plant({f"k{length}/kustomization.yaml": kustomization("web.yaml"), f"k{length}/web.yaml": service("web")})
    (unit,) = loaded().units
    assert (unit.reason, names_in(unit)) == ("more than 50 kustomizations stand on each other", ["Service/web"])


def test_bases_that_multiply_have_a_bound() -> None:
    for n in range(30):
        below = [f"../k{n + 1}", f"../l{n + 1}"]
        plant({f"k{n}/kustomization.yaml": kustomization(*below), f"l{n}/kustomization.yaml": kustomization(*below)})
    plant({f"{name}30/kustomization.yaml": kustomization() for name in "kl"})
    assert {unit.reason for unit in loaded().units} == {"more than 2000 kustomizations are reached"}


def test_objects_of_many_roots_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kustomize_module, "MAX_VIEWS", 3)
    plant({f"k{n}/kustomization.yaml": kustomization("../base") for n in range(2)})
    plant({"base/kustomization.yaml": kustomization("web.yaml"), "base/web.yaml": service("web")})
    first, second = loaded().units
    assert (first.kind, names_in(first)) == (UnitKind.BUILT, ["Service/web"])
    assert (second.kind, names_in(second)) == (UnitKind.RAW, [])
    assert second.reason == "'web.yaml' is left out, as all roots together hold too many objects"


def test_a_namespace_renames_namespaces() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("x.yaml", namespace="shop"),
            "app/x.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n",
        }
    )
    assert units_of(loaded()) == {"app": ["Namespace/shop"]}


def test_nothing_is_built_on_demand() -> None:
    plant({"app/kustomization.yaml": kustomization("web.yaml", namePrefix="dev-"), "app/web.yaml": service("web")})
    (unit,) = loaded(render=False).units
    assert (unit.kind, unit.reason, names_in(unit)) == (UnitKind.RAW, "not rendered", ["Service/web"])


def test_values_that_an_overlay_patches_are_notes_where_it_is_not_built() -> None:
    patched = "patches: [{path: patch.yaml}]\n"
    wrong = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: TYPE, selectors: {}}\n"
    plant(
        {
            "base/kustomization.yaml": kustomization("web.yaml"),
            "base/web.yaml": wrong,
            "dev/kustomization.yaml": kustomization("../base") + patched,
            "dev/patch.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: ClusterIP}\n",
        }
    )
    report = lint(loaded(render=False), registry.load(), Config(select=("field-invalid",)), today="2026-01-31")
    assert [(each.severity.label, each.path) for each in report.open] == [
        ("note", "/spec/type"),
        ("error", "/spec/selectors"),
    ]


@pytest.mark.parametrize(
    ("patches", "severity"),
    [
        ("patches: [{target: {kind: Service}, patch: '[]'}]\n", "note"),
        ("patches: [{target: {kind: Ingress}, patch: '[]'}]\n", "error"),
        ("patchesStrategicMerge: ['{kind: Service}']\n", "note"),
        ("replacements: [{path: x.yaml}]\n", "note"),
        ("", "error"),
    ],
)
def test_only_values_of_the_kinds_that_are_patched_may_change(patches: str, severity: str) -> None:
    wrong = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: Wrong}\n"
    plant({"app/kustomization.yaml": kustomization("web.yaml") + patches, "app/web.yaml": wrong})
    report = lint(loaded(render=False), registry.load(), Config(select=("field-invalid",)), today="2026-01-31")
    assert [each.severity.label for each in report.open] == [severity]


def test_one_ingress_in_two_overlays_that_are_not_built_claims_its_route_once() -> None:
    rule = "{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web}}}]}}"
    plant(
        {
            "base/kustomization.yaml": kustomization("web.yaml"),
            "base/web.yaml": f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\n"
            f"spec: {{ingressClassName: nginx, rules: [{rule}]}}\n",
            "dev/kustomization.yaml": kustomization("../base", namespace="dev"),
            "prod/kustomization.yaml": kustomization("../base", namespace="prod"),
        }
    )
    config = Config(select=("ingress-duplicate-route",))
    assert lint(loaded(render=False), registry.load(), config, today="2026-01-31").open == ()


def test_what_no_rule_reads_is_renamed_where_others_name_it_and_left_out() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("web.yaml", "account.yaml", namePrefix="dev-"),
            "app/web.yaml": DEPLOYMENT.replace("spec: {containers", "spec: {serviceAccountName: web, containers"),
            "app/account.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n",
        }
    )
    result = loaded()
    (unit,) = result.units
    assert names_in(unit) == ["Deployment/dev-web"]
    pod = unit.objects[-1].node.at("spec", "template", "spec")
    assert pod["serviceAccountName"].text == "dev-web"
    assert skipped_in(result)["kind without a bearing on networking"] == (1, ("ServiceAccount (1)",))


def test_a_link_out_of_the_tree_is_not_followed(tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "kustomization.yaml").write_text("resources: [web.yaml]\n", encoding="utf-8")
    (elsewhere / "web.yaml").write_text(service("web"), encoding="utf-8")
    plant({"app/kustomization.yaml": kustomization("link", "web.yaml")})
    Path("app/link").symlink_to(elsewhere)
    Path("app/web.yaml").symlink_to(elsewhere / "web.yaml")
    (unit,) = loaded().units
    outside = "lies outside of the kustomization's directory"
    assert (unit.reason, names_in(unit)) == (f"'link' {outside}; 'web.yaml' {outside}", [])


def test_flux_has_a_kind_of_the_same_name() -> None:
    text = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n"
    plant({"app/kustomization.yaml": text, "app/web.yaml": service("web")})
    (unit,) = loaded().units
    assert (unit.kind, [one.kind for one in unit.objects]) == (UnitKind.PLAIN, ["Kustomization", "Service"])


@pytest.mark.parametrize("text", ["", "[]\n", "text\n", "resources: [\n"])
def test_a_kustomization_that_says_nothing_leaves_its_files_alone(text: str) -> None:
    plant({"app/kustomization.yaml": text, "app/web.yaml": service("web")})
    assert units_of(loaded()) == {".": ["Service/web"]}


# Patches and what else a kustomization names


def test_what_a_kustomization_names_besides_is_no_manifest() -> None:
    plant(
        {
            "app/kustomization.yaml": """
                resources: [web.yaml]
                patches: [{path: p1.yaml}, {patch: 'inline: true'}]
                patchesStrategicMerge: [p2.yaml]
                patchesJson6902: [{target: {kind: Service}, path: p3.json}]
                replacements: [{path: r.yaml}]
                transformers: [t.yaml, tool]
                configMapGenerator: [{name: c, files: [key=data.json, plain.yaml]}]
                helmCharts: [{name: x, valuesFile: values.yaml}]
            """,
            "app/tool/kustomization.yaml": kustomization("u.yaml"),
            "app/tool/u.yaml": "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: u}\n",
            "app/web.yaml": service("web"),
            **{f"app/{name}": service(name) for name in ("p1.yaml", "p2.yaml", "p3.json", "r.yaml", "t.yaml")},
            **{f"app/{name}": service(name) for name in ("data.json", "plain.yaml", "values.yaml")},
        }
    )
    result = loaded()
    assert units_of(result) == {"app": ["Service/web"]}
    assert skipped_in(result) == {
        "Kustomize patch or configuration": (
            10,
            (
                *(f"app/{name}" for name in ("data.json", "p1.yaml", "p2.yaml", "p3.json", "plain.yaml", "r.yaml")),
                *(f"app/{name}" for name in ("t.yaml", "tool/kustomization.yaml", "tool/u.yaml", "values.yaml")),
            ),
        )
    }


def test_a_resource_that_another_root_patches_with_stays_a_resource() -> None:
    plant(
        {
            "a/kustomization.yaml": kustomization("web.yaml"),
            "a/web.yaml": service("web"),
            "b/kustomization.yaml": kustomization(patchesStrategicMerge="[../a/web.yaml]"),
        }
    )
    assert units_of(loaded()) == {"a": ["Service/web"], "b": []}
    assert loaded().skipped == ()


INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\nspec: {{{}}}\n"

PARTS = {
    "no containers": DEPLOYMENT.replace("[{name: web, image: x}]", "[]"),
    "no image": DEPLOYMENT.replace(", image: x", ""),
    "no selector": DEPLOYMENT.replace("  selector: {matchLabels: {app: web}}\n", ""),
    "no spec": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\n",
    "no webhooks": """
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: web, annotations: {cert-manager.io/inject-ca-from: shop/web}}
    """,
    "no selector of a monitor": """
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: web}
        spec: {endpoints: [{port: https, scheme: https}]}
    """,
    "no backends": INGRESS.format("rules: [{host: shop.example.com}]"),
    "no spec of an Ingress": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n",
    "no ports": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort}\n",
    "a directive": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n$patch: delete\n",
    "a nested directive": DEPLOYMENT.replace("{app: web}}\n    spec", "{$patch: replace}}\n    spec"),
    "no apiVersion": "kind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 1}]}\n",
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("place", ["app/more.yaml", "app/patches/more.yaml"])
def test_an_incomplete_object_beside_a_kustomization_is_a_patch(part: str, place: str) -> None:
    plant({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": service("web"), place: part})
    result = loaded()
    assert units_of(result) == {"app": ["Service/web"]}
    assert skipped_in(result) == {"Kustomize patch or configuration": (1, (place,))}


def test_a_patch_that_is_given_by_itself_is_one_still() -> None:
    plant({"app/kustomization.yaml": kustomization(), "app/more.yaml": PARTS["no image"]})
    assert skipped_in(loaded("app/more.yaml")) == {"Kustomize patch or configuration": (1, ("app/more.yaml",))}


@pytest.mark.parametrize("part", [part for name, part in PARTS.items() if name != "no apiVersion"])
def test_an_incomplete_object_elsewhere_is_judged(part: str) -> None:
    plant({"elsewhere/more.yaml": part})
    assert [len(unit.objects) for unit in loaded().units] == [1]


WHOLE = {
    "a Deployment": DEPLOYMENT,
    "a Service": service("web"),
    "an external Service": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ExternalName}\n",
    "a headless Service": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIP: None}\n",
    "an Ingress": INGRESS.format("rules: [{http: {paths: [{pathType: Exact, path: /, backend: {}}]}}]"),
    "an Ingress by default": INGRESS.format("defaultBackend: {service: {name: a, port: {number: 80}}}"),
    "a policy": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n",
}


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_whole_object_beside_a_kustomization_is_judged_by_itself(whole: str) -> None:
    plant({"app/kustomization.yaml": kustomization(), "app/more.yaml": whole})
    result = loaded()
    assert [(unit.name, unit.kind, len(names_in(unit))) for unit in result.units] == [
        ("app", UnitKind.BUILT, 0),
        (".", UnitKind.PLAIN, 1),
    ]


def test_files_that_a_root_does_not_list_are_told_from_it() -> None:
    plant({"kustomization.yaml": kustomization("web.yaml"), "web.yaml": service("web"), "old.yaml": service("old")})
    assert units_of(loaded()) == {".": ["Service/web"], ". (other files)": ["Service/old"]}


def test_a_stale_copy_beside_a_root_is_an_alternative_to_it() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("web.yaml"),
            "app/web.yaml": service("web", port=1),
            "app/old.yaml": service("web", port=2),
            "other.yaml": service("other"),
        }
    )
    assert units_of(loaded()) == {
        "app": ["Service/web"],
        ".": ["Service/other"],
        "app (other files)": ["Service/web"],
    }


# Charts and templates


def test_a_chart_is_noticed_and_its_inner_files_are_not_read() -> None:
    plant(
        {
            "chart/Chart.yaml": "apiVersion: v2\nname: x\n",
            "chart/values.yaml": "a: b\n",
            "chart/values-prod.yaml": "a: c\n",
            "chart/templates/web.yaml": "kind: {{ .Values.kind }}\n",
            "chart/templates/plain.yaml": service("web"),
            "chart/charts/sub/Chart.yaml": "name: sub\n",
            "chart/charts/sub/templates/a.yaml": "{{ x }}\n",
            "chart/crds/crd.yaml": service("crd"),
            "chart/extra.yaml": service("extra"),
        }
    )
    result = loaded(render=False)
    assert units_of(result) == {".": ["Service/extra"]}
    assert skipped_in(result) == {"unrendered Helm chart": (1, ("chart",))}
    assert result.files == 1


@pytest.mark.parametrize("target", ["chart/templates", "chart/templates/web.yaml", "chart/templates/deep"])
def test_a_part_of_a_chart_is_recognised(target: str) -> None:
    plant(
        {
            "chart/Chart.yaml": "name: x\n",
            "chart/templates/web.yaml": service("web"),
            "chart/templates/deep/api.yaml": service("api"),
        }
    )
    result = loaded(target, render=False)
    assert (result.units, skipped_in(result)) == ((), {"unrendered Helm chart": (1, ("chart",))})


def test_values_beside_templates_make_a_chart() -> None:
    plant({"x/values.yaml": "a: b\n", "x/templates/web.yaml": service("web"), "y/templates/web.yaml": service("api")})
    assert units_of(loaded()) == {".": ["Service/api"]}


def test_a_template_elsewhere_is_counted() -> None:
    template = "apiVersion: v1\nkind: Service\nmetadata:\n{{- if .x }}\n  name: a\n{{- end }}\n"
    plant({"a.yaml": template, "b.yaml": service("web")})
    result = loaded()
    assert units_of(result) == {".": ["Service/web"]}
    assert skipped_in(result) == {"unrendered template": (1, ("a.yaml",))}
    assert messages_of(result) == []


def test_braces_in_what_parses_are_no_template() -> None:
    plant({"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    {{ range . }}\n"})
    assert units_of(loaded()) == {".": ["ConfigMap/a"]}


# All together


def test_names_of_units_are_their_own_and_the_order_of_arguments_does_not_matter() -> None:
    plant(
        {
            "app/kustomization.yaml": kustomization("web.yaml"),
            "app/web.yaml": service("web", port=1),
            "app/dev/web.yaml": service("web", port=2),
            "app/old.yaml": service("web", port=3),
            "b.yaml": service("web", port=4),
        }
    )
    targets = ["app", "b.yaml", "app/dev"]
    result = loaded(*targets)
    assert len({unit.name for unit in result.units}) == len(result.units) == 4
    again = loaded(*reversed(targets))
    assert units_of(again) == units_of(result)
    assert [world.name for world in again.worlds] == [world.name for world in result.worlds]


def test_every_real_repository_loads(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shared / "corpus")
    for folder in sorted(entry.name for entry in os.scandir() if entry.is_dir()):
        result = loaded(folder)
        names = [unit.name for unit in result.units]
        assert len(set(names)) == len(names), folder
        assert {unit.name for world in result.worlds for unit in world.units} == set(names), folder
        assert result.unread == (), folder


def test_what_plugins_name_is_no_manifest_either() -> None:
    plant(
        {
            "app/kustomization.yaml": """
                resources: [web.yaml]
                transformers:
                - t.yaml
                - |
                  apiVersion: builtin
                  kind: PatchTransformer
                  metadata: {name: held}
                  path: p1.yaml
            """,
            "app/t.yaml": "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: named}\npath: p2.yaml\n",
            "app/web.yaml": service("web"),
            **{f"app/{name}.yaml": service("web", port=port) for name, port in (("p1", 81), ("p2", 82))},
        }
    )
    (unit,) = loaded().units
    ports = [port["port"].value for port in unit.objects[-1].node["spec"]["ports"]]
    assert (unit.kind, names_in(unit), ports) == (UnitKind.BUILT, ["Service/web"], [82, 81, 80])
