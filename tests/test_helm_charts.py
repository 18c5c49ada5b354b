"""Charts as they are applied: rendered by Helm, each value at the template line that wrote it."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.helm import installed
from k8snet_lint.helm.build import Release, build
from k8snet_lint.helm.chart import Chart
from k8snet_lint.helm.program import Program
from k8snet_lint.helm.rendered import APPROXIMATELY, HERE, VALUE, RenderedDocument
from k8snet_lint.helm.renderer import Renderer, RenderError, Request, StoppedError
from k8snet_lint.loader import ChartRelease, UnitKind
from k8snet_lint.manifest import parse
from tests.charts import chart, helm, package, packed, planted
from tests.trees import loaded, messages_of, names_in, plant, service, skipped_in, units_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.helm.build import Built
    from k8snet_lint.loader import Loaded, Object


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def rendering() -> Iterator[Renderer]:
    found = helm()
    yield found
    found.close()


def found(result: Loaded, name: str) -> Object:
    """The object of that `Kind/name` in any unit."""
    objects = (written for unit in result.units for written in unit.objects)
    return next(each for each in objects if f"{each.kind}/{each.node.at('metadata', 'name').text}" == name)


def place(written: Object, *path: str | int) -> str:
    """Where a value is written, with the text there."""
    location = written.node.at(*path).location
    start, end = location.span
    return f"{location}: {location.source.line(start.line)[start.column - 1 : end.column - 1]}"


@pytest.mark.usefixtures("rendering")
def test_a_chart_is_a_unit_of_what_helm_renders() -> None:
    planted("shop")
    result = loaded()
    assert units_of(result) == {
        "charts/shop": [
            "Service/shop-cache",
            "Deployment/shop",
            "Ingress/shop-0",
            "Ingress/shop-1",
            "Job/shop-migrate",
            "Service/shop",
            "ConfigMap/shop-settings",
        ]
    }
    (unit,) = result.units
    assert (unit.kind, unit.namespace, unit.reason) == (UnitKind.BUILT, "default", "")
    skipped = skipped_in(result)
    assert skipped["Helm test"] == (1, ("charts/shop/templates/tests/reachable.yaml",))
    assert skipped["kind without a bearing on networking"][1] == ("apiextensions.k8s.io/CustomResourceDefinition (1)",)


@pytest.mark.usefixtures("rendering")
@pytest.mark.parametrize(
    ("name", "path", "at"),
    [
        ("Service/shop", ("spec", "type"), "charts/shop/templates/service.yaml:8:9: {{ .Values.service.type }}"),
        ("Service/shop", ("spec", "ports", 0, "name"), "charts/shop/templates/service.yaml:11:13: http"),
        (
            "Service/shop",
            ("spec", "ports", 0, "port"),
            "charts/shop/templates/service.yaml:12:13: {{ .Values.service.port }}",
        ),
        ("Service/shop", ("spec", "selector"), "charts/shop/templates/service.yaml:9:3: selector"),
        (
            "Service/shop",
            ("spec", "selector", "app.kubernetes.io/instance"),
            "charts/shop/templates/_helpers.tpl:14:29: {{ .Release.Name }}",
        ),
        (
            "Deployment/shop",
            ("spec", "template", "metadata", "labels", "tier"),
            "charts/shop/templates/deployment.yaml:15:9: {{- toYaml .Values.pods.labels | nindent 8 }}",
        ),
        (
            "Deployment/shop",
            ("spec", "template", "spec", "containers", 0, "ports", 0, "name"),
            "charts/shop/templates/deployment.yaml:21:26: http",
        ),
        ("Ingress/shop-1", ("spec", "rules", 0, "host"), "charts/shop/templates/ingress.yaml:9:13: {{ $host }}"),
        (
            "Service/shop-cache",
            ("spec", "ports"),
            "charts/shop/charts/cache/templates/service.yaml:9:18: {{ .Values.port }}",
        ),
    ],
)
def test_a_value_is_at_its_template_line(name: str, path: tuple[str | int, ...], at: str) -> None:
    planted("shop")
    assert place(found(loaded(), name), *path) == at


@pytest.mark.usefixtures("rendering")
def test_the_rendered_text_and_the_value_s_source_are_related() -> None:
    planted("shop")
    node = found(loaded(), "Service/shop").node.at("spec", "type")
    assert isinstance(node.document, RenderedDocument)
    assert node.document.is_exact(node.path)
    assert [(str(location), word) for location, word in node.document.related(node.path)] == [
        ("charts/shop/values.yaml:3:9", VALUE),
        ("charts/shop/templates/service.yaml (rendered):10:9", HERE),
    ]


UMBRELLA = {
    "c/Chart.yaml": """\
        apiVersion: v2
        name: c
        version: 1.0.0
        dependencies: [{name: cache, version: 1.0.0, alias: sessions}, {name: queue, version: 1.0.0}]
        """,
    "c/values.yaml": "port: 1\nkind: ClusterIP\nglobal: {zone: eu}\nsessions: {port: 2}\n",
    "c/charts/cache/Chart.yaml": "{apiVersion: v2, name: cache, version: 1.0.0}",
    "c/charts/cache/values.yaml": "port: 3\nkind: NodePort\nglobal: {zone: us}\n",
    "c/charts/cache/templates/a.yaml": """\
        apiVersion: v1
        kind: Service
        metadata:
          name: cache
          labels: {zone: {{ .Values.global.zone }}}
        spec:
          type: {{ .Values.kind }}
          ports: [{port: {{ .Values.port }}}]
        """,
    "c/charts/queue/Chart.yaml": "{apiVersion: v2, name: queue, version: 1.0.0}",
    "c/charts/queue/templates/a.yaml": """\
        apiVersion: v1
        kind: Service
        metadata: {name: queue, labels: {no: value, zone: {{ .Values.global.zone }}}}
        spec:
          ports:
            - port: 81 # not {{ .Values.port }}
        """,
}


@pytest.mark.usefixtures("rendering")
@pytest.mark.parametrize(
    ("name", "path", "given"),
    [
        ("cache", ("spec", "ports", 0, "port"), ["c/values.yaml:4:18"]),
        ("cache", ("spec", "type"), ["c/charts/cache/values.yaml:2:7"]),
        ("cache", ("metadata", "labels", "zone"), ["c/values.yaml:3:16"]),
        ("queue", ("metadata", "labels", "zone"), ["c/values.yaml:3:16"]),
        ("queue", ("metadata", "labels", "no"), []),
        ("queue", ("spec", "ports", 0, "port"), []),
    ],
)
def test_a_value_is_given_where_its_chart_has_it_from(name: str, path: tuple[str | int, ...], given: list[str]) -> None:
    plant(UMBRELLA)
    assert given_at(loaded(), f"Service/{name}", *path) == given


@pytest.mark.usefixtures("rendering")
def test_a_values_file_of_the_release_comes_before_the_charts() -> None:
    plant({**UMBRELLA, "prod.yaml": "sessions: {kind: LoadBalancer}\n"})
    result = loaded("c", charts=(ChartRelease("c", ("prod.yaml",)),))
    assert given_at(result, "Service/cache", "spec", "type") == ["prod.yaml:1:18"]


def given_at(result: Loaded, name: str, *path: str | int) -> list[str]:
    """Where the values files give what an object has at the path."""
    node = found(result, name).node.at(*path)
    return [str(location) for location, word in node.document.related(node.path) if word == VALUE]


@pytest.mark.usefixtures("rendering")
@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("{{ if .Values.x }}type: A{{ else }}type: B{{ end }}", "B"),
        ("type: {{ if .Values.x }}A{{ else }}{{ $y := 1 }}B{{ end }}", "B"),
        ("type: {{ with .Release }}{{ .Service }}{{ end }}", "{{ .Service }}"),
        ('{{ "type: a" }}', '{{ "type: a" }}'),
    ],
)
def test_a_value_is_never_where_an_action_writes_nothing(line: str, written: str) -> None:
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec:\n  {line}\n"
    plant({"c/Chart.yaml": "{apiVersion: v2, name: c, version: 1.0.0}", "c/templates/a.yaml": text})
    assert place(found(loaded(), "Service/a"), "spec", "type").partition(": ")[2] == written


@pytest.mark.usefixtures("rendering")
def test_what_marks_would_change_is_told_by_its_text() -> None:
    planted("marked")
    node = found(loaded(), "Service/web").node.at("spec", "type")
    assert str(node.location) == "charts/marked/templates/service.yaml:10:9"
    assert isinstance(node.document, RenderedDocument)
    assert not node.document.is_exact(node.path)
    assert [word for _, word in node.document.related(node.path)] == [APPROXIMATELY]


@pytest.mark.usefixtures("rendering")
def test_each_values_set_is_a_unit_with_its_release_and_namespace() -> None:
    planted("shop")
    entries = (
        ChartRelease("charts/*", release="one", namespace="dev", name="shop/dev"),
        ChartRelease("charts/*", values=("charts/shop/prod.yaml",), namespace="prod"),
        ChartRelease("other"),
    )
    result = loaded(charts=entries)
    assert {unit.name: unit.namespace for unit in result.units} == {
        "shop/dev": "dev",
        "charts/shop (prod.yaml)": "prod",
    }
    dev, prod = result.units
    assert "Service/one-shop" in names_in(dev)
    assert [each.node.at("spec", "type").value for each in prod.objects if each.kind == "Service"] == [
        None,
        "LoadBalancer",
    ]
    service_type = next(each for each in prod.objects if each.node.at("spec", "type").value == "LoadBalancer").node
    assert isinstance(service_type.document, RenderedDocument)
    related = service_type.document.related(("spec", "type"))
    assert str(related[0][0]) == "charts/shop/prod.yaml:2:9"
    assert result.files == loaded().files


@pytest.mark.usefixtures("rendering")
@pytest.mark.usefixtures("rendering")
@pytest.mark.parametrize(
    ("kind", "written", "namespace"),
    [
        ("ServiceMonitor", "{namespaceSelector: {matchNames: [{{ .Release.Namespace }}]}}", "default"),
        ("NetworkPolicy", "{a: [{matchLabels: {kubernetes.io/metadata.name: {{ .Release.Namespace }}}}]}", "default"),
        ("HTTPRoute", "{parentRefs: [{name: web, namespace: {{ .Release.Namespace }}}]}", "default"),
        ("ConfigMap", "{url: 'http://web.{{ .Release.Namespace }}.svc.cluster.local'}", "default"),
        ("ConfigMap", "{hosts: ['web.{{ .Release.Namespace }}:80']}", "default"),
        ("ConfigMap", "{name: default, class: my.default.class, text: set by default}", ""),
    ],
)
def test_what_refers_to_the_namespace_of_the_release_is_in_the_same_one(
    kind: str, written: str, namespace: str
) -> None:
    plant(
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "c/templates/a.yaml": f"apiVersion: x.io/v1\nkind: {kind}\nmetadata: {{name: web}}\nspec: {written}\n",
        }
    )
    (unit,) = loaded().units
    assert unit.namespace == namespace


def test_templates_are_told_the_version_of_kubernetes() -> None:
    plant(
        {
            "c/Chart.yaml": "name: c\nversion: 1.0.0\n",
            "c/templates/a.yaml": service("v{{ .Capabilities.KubeVersion.Minor }}"),
        }
    )
    (unit,) = loaded(kubernetes_version=(1, 29)).units
    assert names_in(unit) == ["Service/v29"]


@pytest.mark.usefixtures("rendering")
def test_a_values_file_that_is_missing_or_faulty_is_unread() -> None:
    planted("shop")
    plant({"a.yaml": "a: [\n"})
    entry = ChartRelease("charts/shop", values=("none.yaml", "a.yaml"))
    result = loaded(charts=(entry, entry._replace(release="other")))
    assert [str(one).partition(": ")[0] for one in result.unread] == ["a.yaml:1:4", "none.yaml"]
    assert result.units[0].kind is UnitKind.RAW


@pytest.mark.usefixtures("rendering")
def test_of_a_value_that_is_given_twice_helm_takes_the_last() -> None:
    planted("shop")
    plant({"a.yaml": "service: {type: NodePort}\nservice: {type: LoadBalancer}\n"})
    result = loaded(charts=(ChartRelease("charts/shop", values=("a.yaml",)),))
    assert (result.units[0].kind, result.unread) == (UnitKind.BUILT, ())
    assert found(result, "Service/shop").node.at("spec", "type").value == "LoadBalancer"


@pytest.mark.usefixtures("rendering")
def test_a_template_that_fails_is_named_and_the_others_are_rendered() -> None:
    planted("failing")
    result = loaded()
    assert units_of(result) == {"charts/failing": ["Service/web"]}
    assert result.units[0].kind is UnitKind.RAW
    broken = "charts/failing/templates/broken.yaml:3:28"
    assert skipped_in(result)["Helm template that does not render"] == (
        2,
        (
            f"{broken}: .Values.names.secret: nil pointer evaluating interface {{}}.secret",
            "charts/failing/templates/ingress.yaml:5:21: a host is needed",
        ),
    )
    assert result.unread == ()


@pytest.mark.usefixtures("rendering")
def test_templates_that_fail_are_left_out_without_trying_all_others(rendering: Renderer) -> None:
    class Counting:
        seconds = rendering.seconds
        count = 0

        def render(self, request: Request) -> Mapping[str, str]:
            self.count += 1
            return rendering.render(request)

        def close(self) -> None: ...

    plant({f"c/templates/{number}.yaml": f"a: {number}\n" for number in range(20)})
    failing = {f"c/templates/{name}.yaml": f'a: {{{{ required "{name}" .Values.x }}}}\n' for name in ("10", "x")}
    plant({"c/Chart.yaml": "{apiVersion: v2, name: c, version: 1.0.0}", **failing})
    counting = Counting()
    built = build(Chart.read("c", "c", ()), Release("demo"), counting)
    assert [str(failure) for failure in built.failures] == ["c/templates/10.yaml:1:7: 10", "c/templates/x.yaml:1:7: x"]
    assert len(built.texts) == 19
    assert counting.count == 5  # with both, with one, twice with neither, and with marks


def test_notes_that_fail_keep_no_manifest_from_rendering() -> None:
    about = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
    plant(
        {"c/Chart.yaml": about, "c/templates/a.yaml": service("a"), "c/templates/NOTES.txt": "{{ fail `no host` }}\n"}
    )
    result = loaded()
    assert units_of(result) == {"c": ["Service/a"]}
    assert skipped_in(result)["Helm template that does not render"][1] == ("c/templates/NOTES.txt:1:4: no host",)


@pytest.mark.usefixtures("rendering")
def test_what_helm_never_creates_for_its_hook_is_left_out() -> None:
    def hooked(name: str, hook: str) -> str:
        annotated = f"name: {name}, annotations: {{helm.sh/hook: '{hook}'}}"
        return service(name).replace(f"name: {name}", annotated, 1)

    hooks = {"a": "pre-install, Post-Upgrade", "b": "pre-instal", "c": "crd-install,pre-install", "d": "test"}
    text = "---\n".join([hooked(*each) for each in hooks.items()])
    plant({"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/templates/a.yaml": text})
    result = loaded()
    assert units_of(result) == {"c": ["Service/a"]}
    skipped = skipped_in(result)
    assert skipped["object for a hook that Helm does not know"] == (2, ("c/templates/a.yaml",))
    assert skipped["Helm test"] == (1, ("c/templates/a.yaml",))


@pytest.mark.usefixtures("rendering")
def test_a_missing_dependency_is_named_and_the_unit_is_raw() -> None:
    planted("depends")
    result = loaded()
    assert skipped_in(result) == {
        "Helm chart dependency that is not among the chart's files": (1, ("charts/depends: database ~3.1.0",))
    }
    assert result.units[0].reason == "its dependency database ~3.1.0 is not there"


def test_a_template_that_loops_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    helm().close()
    monkeypatch.setattr(installed, "SECONDS", 4.0)
    planted("loop", "depends")
    result = loaded()
    assert units_of(result) == {"charts/depends": ["Service/web"]}
    assert skipped_in(result)["unrendered Helm chart, as it took longer than 4 seconds"] == (1, ("charts/loop",))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the bound")
def test_a_template_that_fills_the_memory_is_stopped() -> None:
    plant(
        {
            "c/Chart.yaml": "name: c\nversion: 1.0.0\n",
            "c/templates/a.yaml": "{{ $x := `x` }}{{ range until 43 }}{{ $x = printf `%s%s` $x $x }}{{ end }}",
        }
    )
    rendering = package(seconds=60)
    request = Request(str(Path("c").resolve()), bool, {}, "c", "default", (1, 34))
    with pytest.raises(StoppedError, match="more memory"):
        rendering.render(request)
    plant({"c/templates/a.yaml": "a: 1\n"})
    assert rendering.render(request) == {"c/templates/a.yaml": "a: 1\n"}
    rendering.close()


def test_a_packed_chart_that_no_directory_can_hold_is_not_rendered() -> None:
    helm().close()
    plant({"c/Chart.yaml": "name: c\nversion: 1.0.0\n", "c/templates/a.yaml": service("a")})
    Path("c/charts").mkdir()
    Path("c/charts/x.tgz").write_bytes(packed({"x/Chart.yaml": b"name: x", "x/a": b"1", "x/a/b": b"2"}))
    ((_, (said,)), _) = skipped_in(loaded()).values()
    assert said.startswith("c: its files cannot be written out: ")


def test_what_helm_renders_and_does_not_parse_is_at_its_template_line() -> None:
    helm().close()
    plant({"c/Chart.yaml": "name: c\nversion: 1.0.0\n", "c/templates/a.yaml": "kind: Service\n{{ `a: [` }}\nb: 1\n"})
    (message,) = messages_of(loaded())
    assert message.startswith("c/templates/a.yaml:2:1: what Helm renders here does not parse, at `a: [`")


@pytest.mark.usefixtures("rendering")
def test_documents_are_parted_as_helm_parts_them() -> None:
    text = service("a") + "---# the second\n" + service("b") + "{{ `---` }} " + service("c")
    plant({"c/Chart.yaml": "name: c\nversion: 1.0.0\n", "c/templates/a.yaml": text})
    result = loaded()
    assert (names_in(result.units[0]), messages_of(result)) == (["Service/a", "Service/b", "Service/c"], [])
    assert place(found(result, "Service/c"), "kind") == "c/templates/a.yaml:11:7: Service"


@pytest.mark.usefixtures("rendering")
def test_a_chart_for_other_versions_of_kubernetes_is_not_rendered() -> None:
    plant(
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\nkubeVersion: '>=1.30.0-0 <1.33.0-0'\n",
            "c/templates/a.yaml": service("a"),
        }
    )
    (unit,) = loaded(kubernetes_version=(1, 31)).units
    assert (unit.kind, names_in(unit)) == (UnitKind.BUILT, ["Service/a"])
    result = loaded(kubernetes_version=(1, 34))
    wanted = "chart requires kubeVersion: >=1.30.0-0 <1.33.0-0 which is incompatible with Kubernetes v1.34.0"
    assert result.units == ()
    assert skipped_in(result)["Helm template that does not render"] == (1, (f"c: {wanted}",))


@pytest.mark.usefixtures("rendering")
def test_what_helm_applies_as_it_stands_lies_in_the_directory_crds_of_a_chart() -> None:
    plant(
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: crds, version: 1.0.0}]\n",
            "c/templates/a.yaml": service("a"),
            "c/charts/crds/Chart.yaml": "apiVersion: v2\nname: crds\nversion: 1.0.0\n",
            "c/charts/crds/templates/b.yaml": "{{- if true }}\n" + service("b") + "{{- end }}\n",
            "c/charts/crds/crds/c.yaml": service("c"),
            "c/crds/broken.yaml": "{{ x }}\n" + service("d"),
        }
    )
    result = loaded()
    assert sorted(names_in(result.units[0])) == ["Service/a", "Service/b", "Service/c"]
    assert messages_of(result) == []
    assert skipped_in(result)["unrendered template"] == (1, ("c/crds/broken.yaml",))


@pytest.mark.usefixtures("rendering")
def test_what_a_chart_applies_as_it_stands_is_off_with_it() -> None:
    dependency = "{name: sub, version: 1.0.0, condition: sub.enabled}"
    plant(
        {
            "c/Chart.yaml": f"{{name: c, version: 1.0.0, apiVersion: v2, dependencies: [{dependency}]}}",
            "c/crds/a.yaml": service("a"),
            "c/charts/sub/Chart.yaml": "{name: sub, version: 1.0.0, apiVersion: v2}",
            "c/charts/sub/crds/b.yaml": service("b"),
            "off.yaml": "sub: {enabled: false}\n",
        }
    )
    result = loaded("c", charts=(ChartRelease("c"), ChartRelease("c", ("off.yaml",))))
    assert [names_in(unit) for unit in result.units] == [["Service/a", "Service/b"], ["Service/a"]]


@pytest.mark.usefixtures("rendering")
@pytest.mark.parametrize(
    ("ignored", "left"),
    [
        ("# none\n", "a b c d"),
        ("b.yaml\n", "a c d"),
        ("  /crds/b.yaml  \ncrds/[^b].yml", "a c d"),
        ("crds/?.yaml", "a c d"),
        ("\\b.*\n[x-z].yaml", "a c d"),
        ("old/", "a b d"),
        ("crds/b.yaml/\n/old\n*.txt", "a b c d"),
        ("crds", "a d"),
    ],
)
def test_what_a_chart_leaves_out_is_not_applied(ignored: str, left: str) -> None:
    inner = {"Chart.yaml": b"apiVersion: v2\nname: s\nversion: 1.0.0\n", "crds/d.yaml": service("d").encode()}
    plant(
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: s, version: 1.0.0}]\n",
            "c/.helmignore": ignored,
            "c/templates/a.yaml": service("a"),
            "c/crds/b.yaml": service("b"),
            "c/crds/old/c.yaml": service("c"),
        }
    )
    Path("c/charts").mkdir()
    Path("c/charts/s.tgz").write_bytes(packed({f"s/{name}": data for name, data in inner.items()}))
    assert sorted(names_in(loaded().units[0])) == [f"Service/{name}" for name in left.split()]


@pytest.mark.usefixtures("rendering")
@pytest.mark.parametrize("ignored", ["crds/**\n", "crds/[b\n"])
def test_what_helm_does_not_take_for_a_pattern_keeps_it_from_rendering(ignored: str) -> None:
    plant({"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/.helmignore": ignored})
    plant({"c/templates/a.yaml": service("a"), "c/crds/b.yaml": service("b")})
    result = loaded()
    assert result.units == ()
    ((said,),) = [skipped_in(result)["Helm template that does not render"][1]]
    assert "syntax" in said


LOCAL = {
    "apps/web/Chart.yaml": """\
        apiVersion: v2
        name: web
        version: 1.0.0
        dependencies:
          - {name: common, version: 1.x.x, repository: "file://../../libs/common"}
          - {name: cache, version: 1.x.x, alias: sessions, repository: "file://../cache"}
        """,
    "apps/web/values.yaml": "sessions: {port: 6380}\n",
    "apps/web/templates/a.yaml": '{{ include "common.service" (dict "name" "web" "port" 80) }}\n',
    "apps/cache/Chart.yaml": """\
        apiVersion: v2
        name: cache
        version: 1.1.0
        dependencies: [{name: common, version: 1.x.x, repository: "file://../../libs/common"}]
        """,
    "apps/cache/values.yaml": "port: 6379\n",
    "apps/cache/templates/a.yaml": '{{ include "common.service" (dict "name" .Chart.Name "port" .Values.port) }}\n',
    "libs/common/Chart.yaml": "{apiVersion: v2, name: common, version: 1.2.0, type: library}",
    "libs/common/templates/_service.tpl": """\
        {{ define "common.service" }}
        apiVersion: v1
        kind: Service
        metadata: {name: {{ .name }}}
        spec:
          ports: [{port: {{ .port }}}]
        {{ end }}
        """,
}


@pytest.mark.usefixtures("rendering")
@pytest.mark.parametrize("target", [".", "apps/web"])
def test_a_chart_has_the_charts_of_the_tree_that_it_depends_on(target: str) -> None:
    plant(LOCAL)
    result = loaded(target)
    unit = next(each for each in result.units if each.name == "apps/web")
    assert (unit.kind, sorted(names_in(unit))) == (UnitKind.BUILT, ["Service/sessions", "Service/web"])
    port = next(each for each in unit.objects if each.node["metadata"]["name"].text == "sessions").node["spec"]["ports"]
    assert port[0]["port"].value == 6380
    assert place(found(result, "Service/web"), "kind") == "libs/common/templates/_service.tpl:3:7: Service"
    assert "Helm chart dependency that is not among the chart's files" not in skipped_in(result)


@pytest.mark.usefixtures("rendering")
def test_a_chart_that_another_depends_on_is_applied_by_itself_only_where_that_is_told() -> None:
    plant(LOCAL)
    assert units_of(loaded()).keys() == {"apps/web"}
    assert units_of(loaded(charts=(ChartRelease("apps/cache"),))).keys() == {"apps/web", "apps/cache"}
    plant({"apps/cache/Chart.yaml": LOCAL["apps/cache/Chart.yaml"].replace("../../libs/common", "../web")})
    assert units_of(loaded()).keys() == {"apps/cache"}


def test_charts_of_the_tree_are_told_by_their_names() -> None:
    names = {"web": "../web/chart", "cache": "../cache/chart", "..": "../web/chart", "a/b": "../web/chart"}
    each = ", ".join(f"{{name: {name}, version: 1.0.0, repository: 'file://{path}'}}" for name, path in names.items())
    plant({"all/Chart.yaml": f"{{name: all, version: 1.0.0, dependencies: [{each}]}}"})
    plant({f"{name}/chart/Chart.yaml": f"{{name: {name}, version: 1.0.0}}" for name in ("web", "cache")})
    found = Chart.read("all", "all", ())
    assert {path: file.name for path, file in found.files.items() if path != "Chart.yaml"} == {
        "charts/web/Chart.yaml": "web/chart/Chart.yaml",
        "charts/cache/Chart.yaml": "cache/chart/Chart.yaml",
    }


@pytest.mark.parametrize("path", ["x\\0", "x" * 5_000])
def test_a_path_that_no_file_can_have_leads_to_no_chart(path: str) -> None:
    plant({"c/Chart.yaml": f'{{name: c, dependencies: [{{name: x, repository: "file://{path}"}}]}}'})
    assert Chart.read("c", "c", ()).files.keys() == {"Chart.yaml"}


def test_charts_that_depend_on_each_other_or_on_what_is_no_chart_of_the_tree_are_read_once() -> None:
    def depending(name: str, *paths: str) -> str:
        each = ", ".join(f"{{name: {Path(path).name}, version: 1.0.0, repository: 'file://{path}'}}" for path in paths)
        return f"{{name: {name}, version: 1.0.0, dependencies: [{each}]}}"

    other = Path("other").resolve()
    plant({"a/Chart.yaml": depending("a", "../b", ".", "../none", str(other)), "b/Chart.yaml": depending("b", "../a")})
    plant({"other/Chart.yaml": depending("other"), "b/values.yaml": "a: 1\n"})
    files = Chart.read("a", "a", ()).files
    assert {path: file.name for path, file in files.items()} == {
        "Chart.yaml": "a/Chart.yaml",
        "charts/b/Chart.yaml": "b/Chart.yaml",
        "charts/b/values.yaml": "b/values.yaml",
    }


@pytest.mark.parametrize(
    ("reads", "left"),
    [
        ('.Files.Get "parts/web.yaml"', {"parts/deep/web.yaml", "web.yaml"}),
        ('range $path, $_ := .Files.Glob "parts/*"', {"parts/deep/web.yaml", "web.yaml"}),
        ('(.Files.Glob "parts/**.{yaml,yml}").AsConfig', {"web.yaml"}),
        ('.Files.Get (printf "parts/deep/%s.yaml" .Values.which)', {"parts/web.yaml", "web.yaml"}),
        ('include "part" (list . "web.yaml")', {"parts/web.yaml", "parts/deep/web.yaml"}),
        ('if eq .Values.host "*"', {"parts/web.yaml", "parts/deep/web.yaml", "web.yaml"}),
    ],
)
def test_what_templates_read_is_nothing_by_itself(reads: str, left: set[str]) -> None:
    paths = ("parts/web.yaml", "parts/deep/web.yaml", "web.yaml")
    plant({f"c/{path}": service("web") for path in paths})
    plant(
        {
            "c/Chart.yaml": "{apiVersion: v2, name: c, version: 1.0.0}",
            "c/templates/_part.tpl": '{{ define "part" }}{{ (first .).Files.Get (last .) }}{{ end }}',
            "c/templates/a.yaml": f"# {{{{ {reads} }}}}",
        }
    )
    plain = [unit for unit in loaded().units if unit.kind is UnitKind.PLAIN]
    assert {each.node.document.source.name for unit in plain for each in unit.objects} == {f"c/{one}" for one in left}


@pytest.mark.usefixtures("rendering")
def test_a_library_chart_is_no_unit() -> None:
    plant({"c/Chart.yaml": "name: c\nversion: 1.0.0\ntype: library\n", "c/templates/_a.yaml": "a: 1\n"})
    assert skipped_in(loaded()) == {"Helm library chart": (1, ("c",))}


def test_without_helm_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    planted("shop")
    assert skipped_in(loaded())["unrendered Helm chart, for want of Helm: pip install 'k8snet-lint[helm]'"] == (
        1,
        ("charts/shop",),
    )


def test_nothing_is_rendered_on_demand() -> None:
    planted("shop")
    result = loaded(render=False)
    assert (result.units, skipped_in(result)["unrendered Helm chart"]) == ((), (1, ("charts/shop",)))


def test_excluded_templates_are_left_out() -> None:
    helm().close()
    planted("shop")
    (unit,) = loaded(exclude=("**/templates/ingress.yaml", "shop/charts/**")).units
    assert {written.kind for written in unit.objects} == {"Service", "Deployment", "ConfigMap", "Job"}
    assert sum(written.kind == "Service" for written in unit.objects) == 2


def test_marks_leave_no_trace_in_what_is_read(rendering: Renderer) -> None:
    built = build(chart("shop"), Release("demo"), rendering)
    assert built.failures == ()
    assert {text.path for text in built.texts if text.trace is None} == set()
    assert not any("qz" in text.source.text for text in built.texts)


HELM = """\
#!{python}
import os, sys, time
words = sys.argv[1:]
if words[1] == "slow":
    time.sleep(60)
if words[1] == "wrong":
    sys.exit(
        "WARNING: hot\\nError: template: c/templates/a.yaml:1:2: executing: a host is needed"
        "\\nhelm.go:92: 2026-11-29 [debug] template: c/templates/a.yaml"
    )
if words[1] == "full":
    sys.exit("fatal error: runtime: out of memory")
if words[1] == "twice":
    print("---\\n# Source: c/templates/a.yaml\\na: 1")
if words[1] == "other":
    print("helm: the emacs completion")
    sys.exit()
if words[1] == "endless":
    while True:
        os.write(1, b"a: 1" * 100_000)
chart = words[2]
assert "HELM_DRIVER" not in os.environ
for name in sorted(os.listdir(os.path.join(chart, "templates"))):
    print("---\\n# Source: c/templates/" + name)
    print(open(os.path.join(chart, "templates", name)).read())
print("---\\n# Source: c/templates/b.yaml\\n# " + " ".join(words[3:]))
sys.exit("Error: YAML parse error on c/templates/k8snet-lint-no-yaml.yaml")
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A stand-in for the program `helm`, which prints what stands in one template."""
    if sys.platform == "win32":
        pytest.skip("a script is no program there")
    path = tmp_path / "bin" / "helm"
    path.parent.mkdir()
    path.write_text(textwrap.dedent(HELM).format(python=sys.executable))
    path.chmod(0o755)
    return str(path)


def request_of(release: str) -> Request:
    plant({"c/Chart.yaml": "name: c\nversion: 1.0.0\n", "c/templates/a.yaml": "a: 1\n---\n# Source: old.yaml\nb: 2\n"})
    return Request("c", re.compile("c/templates/[ab].yaml").fullmatch, {"x": 1}, release, "shop", (1, 29))


def test_the_program_is_asked_where_the_package_is_not_installed(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(Path(program).parent))
    monkeypatch.setenv("HELM_DRIVER", "sql")
    rendering = installed.renderer()
    assert rendering is not None
    texts = rendering.render(request_of("web"))
    assert texts.keys() == {"c/templates/a.yaml", "c/templates/b.yaml"}
    assert texts["c/templates/a.yaml"] == "a: 1\n---\n# Source: old.yaml\nb: 2\n\n"
    assert "--namespace shop --kube-version v1.29.0" in texts["c/templates/b.yaml"]


@pytest.mark.parametrize(
    ("release", "error", "words"),
    [
        ("wrong", RenderError, "template: c/templates/a.yaml:1:2: executing: a host is needed"),
        ("other", RenderError, "helm does not say what its templates render to"),
        ("twice", RenderError, "a template writes `# Source: c/templates/a.yaml`, as `helm` does before another"),
        ("full", StoppedError, "it took more memory than it may"),
        ("slow", StoppedError, "it took longer than 0.5 seconds"),
    ],
)
def test_what_keeps_the_program_from_rendering_is_said(
    program: str, release: str, error: type[RenderError], words: str
) -> None:
    with pytest.raises(RenderError) as raised:
        Program(program, 0.5 if release == "slow" else 30).render(request_of(release))
    assert (type(raised.value), str(raised.value)) == (error, words)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the bound")
def test_the_program_is_ended_when_it_prints_too_much(program: str) -> None:
    with pytest.raises(RenderError, match=r"^it renders to more than 32 MiB$"):
        Program(program, 30).render(request_of("endless"))


@pytest.mark.skipif(sys.platform == "win32", reason="what runs there is told by its name")
def test_a_program_that_cannot_be_run_is_an_error_of_the_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    plant({"bin/helm": "neither a script nor anything else"})
    Path("bin/helm").chmod(0o755)
    planted("shop")
    monkeypatch.setattr(installed, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(Path("bin").resolve()))
    result = loaded()
    said = skipped_in(result)["Helm template that does not render"][1]
    assert said == (f"charts/shop: {Path('bin/helm').resolve()} cannot be run: Exec format error",)
    assert result.units == ()


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm, the program, is not on PATH")
@pytest.mark.parametrize("name", ["shop", "failing", "depends", "marked"])
def test_the_program_renders_what_the_package_renders(name: str) -> None:
    program = Program(str(shutil.which("helm")), 30)
    rendering = package(30)
    theirs, ours = (build(chart(name), Release("demo", "shop"), each) for each in (program, rendering))
    rendering.close()
    assert objects_rendered(theirs) == objects_rendered(ours)
    assert [failure.location for failure in theirs.failures] == [failure.location for failure in ours.failures]
    assert {text.path for text in theirs.texts if text.trace} == {text.path for text in ours.texts if text.trace}


def objects_rendered(built: Built) -> list[tuple[str, str]]:
    """The objects of a build as JSON, with their templates."""
    return sorted(
        (text.path, json.dumps(document.value, sort_keys=True))
        for text in built.texts
        for document in parse(text.source).documents
        if document.value
    )
