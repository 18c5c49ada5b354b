"""Every value that a kustomization builds knows the line and column that wrote it, and who else had a hand in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.kustomize import BuiltDocument
from k8snet_lint.loader import UnitKind
from tests.kustomize_support import built, unit_at
from tests.trees import plant

if TYPE_CHECKING:
    from k8snet_lint.loader import Unit
    from k8snet_lint.manifest import Key, Node

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
"""

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.25
        envFrom:
        - configMapRef:
            name: settings
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(kustomization: str, **files: str) -> Unit:
    """The unit of an overlay of these fields over a Service and a Deployment."""
    plant({"base/service.yaml": SERVICE, "base/web.yaml": DEPLOYMENT})
    plant({"base/kustomization.yaml": "resources: [service.yaml, web.yaml]\n"})
    plant({name.replace("__", "."): text for name, text in files.items()})
    plant({"kustomization.yaml": f"resources:\n- base\n{kustomization}"})
    unit = unit_at(Path())
    assert (unit.kind, unit.reason) == (UnitKind.BUILT, "")
    return unit


def place(node: Node, *path: Key) -> str:
    return str(node.at(*path).location)


def others(node: Node, *path: Key) -> list[str]:
    """The further places of a value."""
    document = node.document
    assert isinstance(document, BuiltDocument)
    return [str(location) for location in document.origins(path)]


def test_what_nothing_changes_is_the_very_object_that_was_read() -> None:
    unit = make("")
    service = built(unit, "Service", "web")
    assert not isinstance(service.document, BuiltDocument)
    assert place(service, "spec", "ports", 0, "targetPort") == "base/service.yaml:10:17"


def test_a_namespace_is_written_in_the_kustomization() -> None:
    service = built(make("namespace: shop\n"), "Service", "web")
    assert service.at("metadata", "namespace").text == "shop"
    assert place(service, "metadata", "namespace") == "kustomization.yaml:3:12"
    assert str(service.at("metadata", "namespace").key_location) == "kustomization.yaml:3:1"
    assert place(service, "spec", "ports", 0, "port") == "base/service.yaml:9:11"
    assert place(service) == "base/service.yaml:1:1"


def test_a_name_with_a_prefix_is_written_where_the_resource_names_it() -> None:
    service = built(make("namePrefix: dev-\nnameSuffix: -v2\n"), "Service", "dev-web-v2")
    assert place(service, "metadata", "name") == "base/service.yaml:4:9"
    assert others(service, "metadata", "name") == ["kustomization.yaml:3:13", "kustomization.yaml:4:13"]
    assert others(service, "spec", "ports", 0, "port") == []


def test_a_patched_value_is_written_in_the_patch_and_names_what_it_took_the_place_of() -> None:
    unit = make(
        "patches:\n- path: port.yaml\n",
        port__yaml="""
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: NodePort
              ports:
              - port: 80
                targetPort: 9090
            """,
    )
    service = built(unit, "Service", "web")
    assert service.at("spec", "ports", 0, "targetPort").value == 9090
    assert place(service, "spec", "ports", 0, "targetPort") == "port.yaml:8:17"
    assert others(service, "spec", "ports", 0, "targetPort") == ["base/service.yaml:10:17"]
    assert place(service, "spec", "type") == "port.yaml:5:9"
    assert others(service, "spec", "type") == []
    assert place(service, "spec", "selector", "app") == "base/service.yaml:7:10"
    assert place(service, "metadata", "name") == "base/service.yaml:4:9"


def test_a_patch_within_the_kustomization_has_its_lines_and_columns() -> None:
    unit = make("""patches:
- patch: |-
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      ports:
      - port: 80
        nodePort: 30080
      - port: 443
""")
    service = built(unit, "Service", "web")
    assert [port["port"].value for port in service.at("spec", "ports")] == [80, 443]
    assert place(service, "spec", "ports", 0, "nodePort") == "kustomization.yaml:12:19"
    assert place(service, "spec", "ports", 0, "targetPort") == "base/service.yaml:10:17"
    assert place(service, "spec", "ports", 1, "port") == "kustomization.yaml:13:15"


def test_json_operations_write_where_their_values_stand() -> None:
    unit = make("""patches:
- target: {kind: Service}
  patch: |
    - op: replace
      path: /spec/ports/0/targetPort
      value: 9090
    - op: add
      path: /spec/selector
      value:
        app: other
""")
    service = built(unit, "Service", "web")
    assert place(service, "spec", "ports", 0, "targetPort") == "kustomization.yaml:8:14"
    assert others(service, "spec", "ports", 0, "targetPort") == ["base/service.yaml:10:17"]
    assert place(service, "spec", "selector", "app") == "kustomization.yaml:12:14"


def test_a_quoted_patch_is_at_its_key() -> None:
    unit = make(
        'patches:\n- target: {kind: Service}\n  patch: "- {op: replace, path: /spec/ports/0/targetPort, value: 9090}"\n'
    )
    assert place(built(unit, "Service", "web"), "spec", "ports", 0, "targetPort") == "kustomization.yaml:5:10"


def test_labels_are_written_in_the_kustomization_beside_those_of_the_resource() -> None:
    service = built(make("labels:\n- includeSelectors: true\n  pairs:\n    team: shop\n"), "Service", "web")
    assert service.at("spec", "selector").value == {"app": "web", "team": "shop"}
    assert place(service, "spec", "selector", "app") == "base/service.yaml:7:10"
    assert place(service, "spec", "selector", "team") == "kustomization.yaml:6:11"
    assert place(service, "spec", "selector") == "base/service.yaml:6:3"
    assert place(service, "metadata", "labels", "team") == "kustomization.yaml:6:11"


def test_an_image_is_written_by_its_new_tag() -> None:
    web = built(make("images:\n- name: nginx\n  newTag: '1.27'\n"), "Deployment", "web")
    path = ("spec", "template", "spec", "containers", 0, "image")
    assert web.at(*path).text == "nginx:1.27"
    assert place(web, *path) == "kustomization.yaml:5:11"
    assert others(web, *path) == ["base/web.yaml:10:16"]


def test_a_replaced_value_is_written_where_it_comes_from() -> None:
    web = built(
        make("""configMapGenerator:
- name: settings
  literals: [image=nginx:1.27]
replacements:
- source: {kind: ConfigMap, name: settings, fieldPath: data.image}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.[name=web].image"]
- source: {kind: Service, name: web, fieldPath: spec.selector}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.selector.matchLabels]
    options: {create: true}
"""),
        "Deployment",
        "web",
    )
    path = ("spec", "template", "spec", "containers", 0, "image")
    assert web.at(*path).text == "nginx:1.27"
    assert place(web, *path) == "kustomization.yaml:5:14"
    assert others(web, *path) == ["base/web.yaml:10:16"]
    assert place(web, "spec", "selector", "matchLabels", "app") == "base/service.yaml:7:10"
    assert place(web, "spec", "selector") == "kustomization.yaml:15:14"


def test_replicas_are_written_by_their_count() -> None:
    web = built(make("replicas:\n- name: web\n  count: 3\n"), "Deployment", "web")
    assert place(web, "spec", "replicas") == "kustomization.yaml:5:10"


def test_a_generated_object_is_written_by_its_entry() -> None:
    unit = make("configMapGenerator:\n- name: settings\n  literals:\n  - MODE=fast\n")
    (name,) = [written.node.at("metadata", "name").text for written in unit.objects if written.kind == "ConfigMap"]
    settings = built(unit, "ConfigMap", name)
    assert name.startswith("settings-")
    assert place(settings, "metadata", "name") == "kustomization.yaml:4:9"
    assert place(settings, "data", "MODE") == "kustomization.yaml:6:5"
    web = built(unit, "Deployment", "web")
    path = ("spec", "template", "spec", "containers", 0, "envFrom", 0, "configMapRef", "name")
    assert web.at(*path).text == name
    assert place(web, *path) == "base/web.yaml:13:19"
    assert others(web, *path) == ["kustomization.yaml:4:3"]


def test_what_is_absent_is_at_the_nearest_key_that_is_written() -> None:
    service = built(make("namespace: shop\n"), "Service", "web")
    assert place(service, "spec", "type") == "base/service.yaml:5:1"
    assert place(service, "metadata", "labels", "app") == "base/service.yaml:3:1"


def test_two_overlays_of_a_base_have_one_place_in_the_text() -> None:
    plant({"base/service.yaml": SERVICE, "base/kustomization.yaml": "resources: [service.yaml]\n"})
    for name in ("dev", "prod"):
        plant({f"{name}/kustomization.yaml": f"namePrefix: {name}-\nresources: [../base]\n"})
    dev, prod = (built(unit_at(Path(name)), "Service", f"{name}-web") for name in ("dev", "prod"))
    assert dev.at("metadata", "name").location == prod.at("metadata", "name").location
    assert dev.at("metadata", "name").text != prod.at("metadata", "name").text


def data_of(unit: Unit, kind: str = "ConfigMap") -> dict[str, tuple[str, str]]:
    """Where each value of the one object of a kind is written, and its key."""
    (node,) = [written.node for written in unit.objects if written.kind == kind]
    return {key: (str(value.location), str(value.key_location)) for key, value in node["data"].items()}


def test_what_env_files_set_is_written_in_their_lines() -> None:
    unit = make(
        "configMapGenerator:\n- name: settings\n  envs: [one.env]\n  env: two.env\n",
        one__env="# the shop\n\n  HOST=web.shop.svc\nEMPTY=\nALONE\n",
        two__env="PORT=80=81\r\n",
    )
    assert data_of(unit) == {
        "HOST": ("one.env:3:8", "one.env:3:3"),
        "EMPTY": ("one.env:4:1", "one.env:4:1"),
        "ALONE": ("one.env:5:1", "one.env:5:1"),
        "PORT": ("two.env:1:6", "two.env:1:1"),
    }
    (settings,) = [written.node for written in unit.objects if written.kind == "ConfigMap"]
    assert settings.at("data", "PORT").location.text == "80=81"
    assert settings.at("data", "EMPTY").location.text == "EMPTY"
    assert others(settings, "data", "HOST") == ["kustomization.yaml:5:10"]
    assert others(settings, "data", "PORT") == ["kustomization.yaml:6:8"]


def test_a_whole_file_is_written_at_its_start() -> None:
    unit = make(
        "secretGenerator:\n- name: token\n  literals: [user=shop]\n  files:\n  - key.pem\n  - tls.key=key.pem\n",
        key__pem="\ufeff  secret\nof two lines\n",
    )
    assert data_of(unit, "Secret") == {
        "user": ("kustomization.yaml:5:14", "kustomization.yaml:5:14"),
        "key.pem": ("key.pem:1:1", "key.pem:1:1"),
        "tls.key": ("key.pem:1:1", "key.pem:1:1"),
    }


def test_what_generators_merge_is_written_by_each_of_them() -> None:
    plant(
        {
            "kustomization.yaml": """
                namespace: shop
                namePrefix: dev-
                resources: [below]
                generatorOptions:
                  labels: {team: shop}
                  disableNameSuffixHash: true
                configMapGenerator:
                - name: settings
                  behavior: merge
                  envs: [own.env]
                  options: {annotations: {note: own}}
                """,
            "own.env": "MODE=slow\n",
            "below/kustomization.yaml": """
                configMapGenerator:
                - name: settings
                  envs: [base.env]
                  literals: [SIZE=small]
                  options: {labels: {app: web}}
                """,
            "below/base.env": "HOST=web\nMODE=fast\n",
        }
    )
    settings = built(unit_at(Path()), "ConfigMap", "dev-settings")
    assert place(settings, "metadata", "name") == "below/kustomization.yaml:2:9"
    assert others(settings, "metadata", "name") == ["kustomization.yaml:2:13"]
    assert place(settings, "metadata", "namespace") == "kustomization.yaml:1:12"
    assert place(settings, "metadata", "labels", "team") == "kustomization.yaml:5:18"
    assert place(settings, "metadata", "labels", "app") == "below/kustomization.yaml:5:27"
    assert place(settings, "metadata", "annotations", "note") == "kustomization.yaml:11:33"
    assert place(settings, "data", "HOST") == "below/base.env:1:6"
    assert place(settings, "data", "SIZE") == "below/kustomization.yaml:4:14"
    assert place(settings, "data", "MODE") == "own.env:1:6"
    assert others(settings, "data", "MODE") == [
        *("kustomization.yaml:10:10", "below/base.env:2:6", "below/kustomization.yaml:3:10")
    ]


def test_what_replaces_a_generated_object_is_all_there_is() -> None:
    unit = make(
        "configMapGenerator:\n- name: a\n  literals: [A=1]\n"
        "- name: a\n  behavior: replace\n  literals: [B=2]\n  options: {disableNameSuffixHash: true}\n"
    )
    settings = built(unit, "ConfigMap", "a")
    assert settings["data"].value == {"B": "2"}
    assert place(settings, "data", "B") == "kustomization.yaml:8:14"
    assert place(settings, "metadata", "name") == "kustomization.yaml:4:9"


def test_a_field_in_another_case_is_at_its_place() -> None:
    unit = make("NamePrefix: dev-\nCommonLabels: {Team: shop}\nImages:\n- Name: nginx\n  NewTag: '1.27'\n")
    assert place(built(unit, "Service", "dev-web"), "metadata", "labels", "Team") == "kustomization.yaml:4:22"
    web = built(unit, "Deployment", "dev-web")
    assert others(web, "metadata", "name") == ["kustomization.yaml:3:13"]
    image = web.at("spec", "template", "spec", "containers", 0, "image")
    assert (image.text, str(image.location)) == ("nginx:1.27", "kustomization.yaml:7:11")
    assert str(image.key_location) == "kustomization.yaml:7:3"


def test_what_plugins_change_is_written_in_their_configurations() -> None:
    unit = make(
        """transformers:
- tool.yaml
- |-
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata:
    name: it
    namespace: shop
generators:
- |
  apiVersion: builtin
  kind: ConfigMapGenerator
  metadata: {name: settings}
  literals: [A=1]
  options: {disableNameSuffixHash: true}
""",
        tool__yaml="""
            apiVersion: builtin
            kind: LabelTransformer
            metadata: {name: it}
            labels: {team: shop}
            fieldSpecs: [{path: metadata/labels, create: true}]
            ---
            apiVersion: builtin
            kind: PatchTransformer
            metadata: {name: it}
            path: port.yaml
            """,
        port__yaml="""
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: NodePort
            """,
    )
    service = built(unit, "Service", "web")
    assert place(service, "metadata", "namespace") == "kustomization.yaml:10:16"
    assert place(service, "metadata", "labels", "team") == "tool.yaml:4:16"
    assert place(service, "spec", "type") == "port.yaml:5:9"
    assert place(built(unit, "ConfigMap", "settings"), "data", "A") == "kustomization.yaml:16:14"


def test_the_label_that_kustomize_gives_is_written_where_it_is_asked_for() -> None:
    service = built(make("buildMetadata: [managedByLabel]\n"), "Service", "web")
    label = service.at("metadata", "labels", "app.kubernetes.io/managed-by")
    assert label.text.startswith("kustomize-v")
    assert str(label.location) == "kustomization.yaml:3:17"
    assert not service.at("metadata", "annotations").present


def test_a_variable_is_written_where_its_value_is_and_a_text_around_it_where_it_stands() -> None:
    plant(
        {
            "kustomization.yaml": """
                resources: [all.yaml]
                namePrefix: dev-
                vars:
                - name: WEB
                  objref: {apiVersion: v1, kind: Service, name: web}
                - name: PORT
                  objref: {apiVersion: v1, kind: Service, name: web}
                  fieldref: {fieldPath: "spec.ports[0].port"}
                """,
            "all.yaml": f"{SERVICE}---\n{DEPLOYMENT}        args: [--port, $(PORT), http://$(WEB):$(PORT)]\n",
        }
    )
    args = built(unit_at(Path()), "Deployment", "dev-web").at("spec", "template", "spec", "containers", 0, "args")
    assert args.value == ["--port", 80, "http://dev-web:80"]
    assert [str(each.location) for each in args] == ["all.yaml:25:16", "all.yaml:9:11", "all.yaml:25:33"]
    assert [str(place) for place, _ in args[1].related] == ["all.yaml:25:24"]
    assert [str(place) for place, _ in args[2].related] == ["all.yaml:4:9", "kustomization.yaml:2:13", "all.yaml:9:11"]
