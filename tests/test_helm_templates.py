"""Go templates as text: where marks can stand, what they tell, and what is told without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.helm.alignment import align
from k8snet_lint.helm.archive import TooMuchError, unpack
from k8snet_lint.helm.chart import Chart
from k8snet_lint.helm.dependencies import missing_dependencies, switched_off
from k8snet_lint.helm.marks import Marks, Origin
from k8snet_lint.helm.reading import ChartError, ChartFile
from k8snet_lint.helm.template import actions, definitions_in
from k8snet_lint.helm.values import merged
from tests.charts import chart, packed

if TYPE_CHECKING:
    from pathlib import Path


def marked(text: str, *, definitions: bool = True) -> str:
    return Marks.of({"a.yaml": text}).marked("a.yaml", text, definitions=definitions)


def test_an_action_ends_where_go_ends_it() -> None:
    text = '{{ "}}" }}a{{/* }} */}}b{{- `}}` -}}c{{ printf "%s}}" \'}\' }}'
    assert [text[each.start : each.end] for each in actions(text)] == [
        '{{ "}}" }}',
        "{{/* }} */}}",
        "{{- `}}` -}}",
        "{{ printf \"%s}}\" '}' }}",
    ]


def test_braces_that_never_close_are_text() -> None:
    assert actions('{{ "a" "b' * 2_000) == []


@pytest.mark.parametrize(
    "text", ["{{" * 500_000, "{{`" * 300_000, "{{ x " * 200_000, '{{"' * 300_000, "{{/*" * 300_000]
)
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    assert actions(text) == []


def test_a_line_that_writes_something_gets_a_mark() -> None:
    assert marked("a: 1  \n\n  b: {{ .x }}\n") == "a: 1 #qz0x1q  \n\n  b: {{ .x }} #qz0x3q\n"


def test_a_mark_after_an_action_that_trims_is_an_action_that_trims() -> None:
    assert marked("{{- if .x -}}\na: 1\n") == '{{- if .x -}}{{" #qz0x1q" -}}\na: 1 #qz0x2q\n'


def test_an_action_over_several_lines_counts_for_its_first() -> None:
    assert marked("a: {{ .x\n  | quote }}\nb: 1") == "a: {{ .x\n  | quote }} #qz0x1q\nb: 1 #qz0x3q"


def test_what_stands_before_included_lines_has_a_mark_of_its_own() -> None:
    text = 'selector: {{- include "labels" . | nindent 2 }}\n'
    assert marked(text) == 'selector: #qz0x1q {{- include "labels" . | nindent 2 }} #qz0x1q\n'


def test_a_definition_is_marked_only_where_it_has_keys() -> None:
    name = '{{- define "name" }}\nweb\n{{- end }}'
    labels = '{{- define "labels" }}\napp: web\n{{- end }}'
    assert marked(name) == name + " #qz0x3q"
    assert marked(labels) == '{{- define "labels" }} #qz0x1q\napp: web #qz0x2q\n{{- end }} #qz0x3q'
    assert marked(labels, definitions=False) == labels + " #qz0x3q"


def test_marks_are_like_nothing_in_the_templates() -> None:
    assert Marks.of({"a": "x #qz0x1q", "b": "x #qz1"}).word == "qz2"


def test_what_is_written_before_a_mark_is_its_line_s() -> None:
    marks = Marks.of({"a.yaml": "", "b.yaml": ""})
    trace = marks.read("a: #qz0x1q\n  b: 1 #qz1x7q\n  c: 2\n  d: 3 #qz0x4q", "a:\n  b: 1\n  c: 2\n  d: 3")
    assert trace is not None
    origins = [trace.origin(line, 0) for line in range(4)]
    assert origins == [Origin("a.yaml", 1), Origin("b.yaml", 7), Origin("a.yaml", 4), Origin("a.yaml", 4)]


def test_what_marks_changed_is_not_exact() -> None:
    marks = Marks.of({"a.yaml": ""})
    trace = marks.read("a: 1 #qz0x1q\nsum: 77 #qz0x2q", "a: 1\nsum: 55")
    assert trace is not None
    assert trace.origin(1, 0) == Origin("a.yaml", 2, exact=False)
    assert marks.read("a: 1 #qz0x1q\nb: 2 #qz0x2q", "a: 1") is None


def test_lines_are_told_by_their_keys_and_neighbours() -> None:
    template = (
        "{{- range .x }}\nkind: A\nname: {{ .a }}\nport: 1\n---\n"
        "kind: B\nname: {{ .b }}\n{{- toYaml .more }}\nport: 2\n{{- end }}"
    )
    rendered = [
        "kind: A",
        "name: x",
        "port: 1",
        "---",
        "kind: B",
        "name: y",
        "extra: 1",
        "port: 2",
        "kind: A",
        "name: z",
    ]
    assert align(rendered, template) == [2, 3, 4, 5, 6, 7, 7, 9, 2, 3]


def test_alignment_of_equal_lines_does_not_grow_with_their_square() -> None:
    assert len(align(["a: 1"] * 5_000, "a: 1\n" * 5_000)) == 5_000


def test_what_defines_templates_stays_of_a_silenced_one() -> None:
    text = 'a: 1\n{{ define "x" }}{{ if .a }}b{{ end }}{{ end }}\nc: {{ template "x" . }}\n'
    assert definitions_in(text) == '{{ define "x" }}{{ if .a }}b{{ end }}{{ end }}'


def test_values_are_laid_over_each_other_key_by_key() -> None:
    assert merged([{"a": {"b": 1, "c": [1]}, "d": 1}, {"a": {"c": [2]}, "d": {"e": 1}}]) == {
        "a": {"b": 1, "c": [2]},
        "d": {"e": 1},
    }


def test_a_dependency_is_missing_unless_it_is_there_or_switched_off() -> None:
    assert missing_dependencies(chart("depends"), {}) == ["database ~3.1.0"]
    assert missing_dependencies(chart("depends"), {"queue": {"enabled": True}}) == ["database ~3.1.0", "queue 1.0.0"]
    assert missing_dependencies(chart("shop"), {}) == []


@pytest.mark.parametrize(
    ("values", "is_missing"),
    [
        ({}, True),
        ({"tags": {"a": False}}, False),
        ({"tags": {"a": False, "b": True}}, True),
        ({"tags": {"a": False}, "x": {"enabled": True}}, True),
        ({"tags": {"a": True}, "x": {"enabled": False}}, False),
        ({"tags": "a"}, True),
    ],
)
def test_tags_switch_a_dependency_off_unless_a_condition_says_otherwise(
    tmp_path: Path, values: dict[str, object], is_missing: bool
) -> None:
    written = "name: c\ndependencies: [{name: x, version: 1.0.0, tags: [a, b], condition: x.enabled}]\n"
    (tmp_path / "Chart.yaml").write_text(written)
    assert missing_dependencies(Chart.read(str(tmp_path), "c", ()), values) == (["x 1.0.0"] if is_missing else [])


def test_what_is_in_a_chart_that_is_off_is_off_too(tmp_path: Path) -> None:
    def depending(name: str, *names: str) -> str:
        each = ", ".join(f"{{name: {one}, version: 1.0.0, condition: {one}.enabled}}" for one in names)
        return f"{{name: {name}, version: 1.0.0, dependencies: [{each}]}}"

    a, b = "charts/a", "charts/b"
    plain = "name: x\nversion: 1.0.0\n"
    files = {
        "Chart.yaml": depending("c", "a", "b"),
        "values.yaml": "a: {enabled: false}\nb: {x: {enabled: false}}\n",
        f"{a}/Chart.yaml": depending("a", "x"),
        f"{a}/charts/x/Chart.yaml": plain,
        f"{b}/Chart.yaml": depending("b", "x", "z"),
        f"{b}/values.yaml": "x: {enabled: true}\nz: {enabled: false}\n",
        f"{b}/charts/x/Chart.yaml": plain,
        f"{b}/charts/z/Chart.yaml": plain.replace("x", "z"),
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = Chart.read(str(tmp_path), "c", ())
    assert switched_off(found, {}) == (a, f"{a}/charts/x", f"{b}/charts/x", f"{b}/charts/z")
    assert switched_off(found, {"a": {"enabled": True}, "b": {"enabled": False}}) == (
        b,
        f"{b}/charts/x",
        f"{b}/charts/z",
    )


def test_charts_that_multiply_have_a_bound(tmp_path: Path) -> None:
    for number in range(9):
        for name in "ab":
            below = ", ".join(f"{{name: {one}, repository: 'file://../{one}{number + 1}'}}" for one in "ab")
            (tmp_path / f"{name}{number}").mkdir()
            (tmp_path / f"{name}{number}" / "Chart.yaml").write_text(f"name: {name}\ndependencies: [{below}]\n")
    with pytest.raises(ChartError, match=r"^it depends on more than 100 charts by file://$"):
        Chart.read(str(tmp_path / "a0"), "a0", ())


def test_helm_s_names_lead_to_files() -> None:
    shop = chart("shop")
    assert shop.path_of("shop/templates/service.yaml") == "templates/service.yaml"
    for name in ("cache", "sessions"):
        assert shop.path_of(f"shop/charts/{name}/templates/service.yaml") == "charts/cache/templates/service.yaml"
    assert shop.path_of("other/templates/service.yaml") == ""


def test_an_archive_gives_its_files_and_nothing_outside() -> None:
    data = packed({"cache/Chart.yaml": b"name: cache", "../evil": b"x", "cache/../../evil": b"x", "/etc/evil": b"x"})
    assert unpack(data, 1 << 20) == {"cache/Chart.yaml": b"name: cache"}
    assert unpack(b"no archive", 1 << 20) == {}
    assert unpack(data[:40], 1 << 20) == {}


def test_an_archive_has_a_bound() -> None:
    with pytest.raises(TooMuchError):
        unpack(packed({"cache/zeros": bytes(1 << 22)}), 1 << 20)


def test_a_packed_subchart_counts_as_unpacked(tmp_path: Path) -> None:
    tmp_path.joinpath("charts").mkdir()
    tmp_path.joinpath("Chart.yaml").write_bytes(b"name: shop")
    files = {"cache/Chart.yaml": b"name: cache", "cache/templates/a.yaml": b"a: 1"}
    tmp_path.joinpath("charts", "cache-1.0.tgz").write_bytes(packed(files))
    read = Chart.read(str(tmp_path), "shop", (str(tmp_path),))
    assert read.path_of("shop/charts/cache/templates/a.yaml") == "charts/cache/templates/a.yaml"
    shown = "shop/charts/cache-1.0.tgz/cache/templates/a.yaml"
    assert read.files["charts/cache/templates/a.yaml"] == ChartFile(shown, b"a: 1")


def test_links_lead_no_further_than_what_was_given(tmp_path: Path) -> None:
    inside, outside = tmp_path / "given", tmp_path / "secret"
    for directory in (inside / "shop" / "templates", inside / "common", outside):
        directory.mkdir(parents=True)
    (inside / "common" / "b.yaml").write_text("b: 1")
    (outside / "c.yaml").write_text("c: 1")
    (inside / "shop" / "templates" / "common").symlink_to(inside / "common")
    (inside / "shop" / "templates" / "c.yaml").symlink_to(outside / "c.yaml")
    (inside / "shop" / "templates" / "again").symlink_to(inside / "shop")
    read = Chart.read(str(inside / "shop"), "shop", (str(inside),))
    assert set(read.files) == {"templates/common/b.yaml"}


def test_blank_lines_at_the_end_tell_nothing() -> None:
    marks = Marks("qz", ("a.yaml",))
    trace = marks.read("\na: 1 #qz0x2q\n #qz0x3q\n", "\na: 1")
    assert trace is not None
    assert trace.origin(1, 0) == Origin("a.yaml", 2)


def test_a_dependency_that_is_missing_is_not_named_to_helm() -> None:
    files = chart("depends").self_contained
    assert b"database" not in files["Chart.yaml"].data
    shop = chart("shop")
    assert shop.self_contained.items() <= shop.files.items()


def test_definitions_are_not_given_to_helm_unless_a_template_reads_files() -> None:
    definition, web = ChartFile("c/crds/a.yaml", b"kind: x"), ChartFile("c/templates/web.yaml", b"a: 1")
    files = {"crds/a.yaml": definition, "templates/web.yaml": web}
    assert set(Chart("c", files).self_contained) == {"templates/web.yaml"}
    reading = web._replace(data=b'a: {{ .Files.Get "crds/a.yaml" }}')
    assert set(Chart("c", {**files, "templates/web.yaml": reading}).self_contained) == set(files)


def test_a_subchart_of_a_subchart_is_found_by_what_helm_calls_it(tmp_path: Path) -> None:
    disk = packed({"disk/Chart.yaml": b"name: disk", "disk/templates/a/templates/b.yaml": b"a: 1"})
    tmp_path.joinpath("charts").mkdir()
    tmp_path.joinpath("Chart.yaml").write_bytes(b"name: shop\ndependencies: [{name: db, alias: orders}]")
    db = packed({"db/Chart.yaml": b"name: db", "db/charts/disk-1.0.tgz": disk})
    tmp_path.joinpath("charts", "db-1.0.tgz").write_bytes(db)
    read = Chart.read(str(tmp_path), "shop", (str(tmp_path),))
    for name in ("db", "orders"):
        path = read.path_of(f"shop/charts/{name}/charts/disk/templates/a/templates/b.yaml")
        assert path == "charts/db/charts/disk/templates/a/templates/b.yaml"
    assert set(read.templates) == {path}
    assert read.path_of("shop/charts/none/templates/b.yaml") == ""


def test_only_templates_of_charts_are_templates() -> None:
    files = {name: ChartFile(name, b"a: 1") for name in ("templates/a.yaml", "files/templates/b.yaml", "charts/c.yaml")}
    assert set(Chart("c", files).templates) == {"templates/a.yaml"}
