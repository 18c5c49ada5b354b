"""Units and worlds that the configuration tells, in place of what is discovered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.config import load
from k8snet_lint.errors import ConfigError
from k8snet_lint.loader.options import ChartRelease, UnitFiles, WorldUnits
from tests.support import run
from tests.trees import kustomization, loaded, plant, service, units_of, worlds_of

if TYPE_CHECKING:
    from k8snet_lint.loader import Loaded


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()


def said(result: Loaded) -> list[tuple[tuple[str | int, ...], str]]:
    return [(notice.path, notice.message) for notice in result.notices]


def shop() -> None:
    plant(
        {
            "common/db.yaml": service("db"),
            "dev/web.yaml": service("web", port=1),
            "prod/web.yaml": service("web", port=2),
            "tools/job.yaml": service("job", "tools"),
        }
    )


def test_files_are_in_every_unit_that_takes_them_and_in_its_namespace() -> None:
    shop()
    result = loaded(
        units=(UnitFiles("a", ("common", "dev"), "shop"), UnitFiles("b", ("common/*.yaml", "prod/"))), namespace="main"
    )
    assert units_of(result) == {
        ".": ["Service/job"],
        "a": ["Service/db", "Service/web"],
        "b": ["Service/db", "Service/web"],
    }
    assert {unit.name: unit.namespace for unit in result.units} == {".": "main", "a": "shop", "b": "main"}
    assert result.notices == ()


def test_units_that_are_told_are_parted_into_worlds_as_others_are() -> None:
    shop()
    result = loaded(units=(UnitFiles("a", ("common", "dev")), UnitFiles("b", ("common", "prod"))))
    assert worlds_of(result) == {"a": {".", "a"}, "b": {".", "b"}}


def test_a_root_stays_a_unit_under_the_name_that_it_is_given() -> None:
    plant({f"apps/{name}/kustomization.yaml": kustomization("web.yaml") for name in ("one", "two", "own")})
    plant({f"apps/{name}/web.yaml": service(name) for name in ("one", "two", "own")})
    plant({"apps/own/kustomization.yaml": kustomization("web.yaml", namespace="own"), "apps/extra.yaml": service("x")})
    result = loaded(units=(UnitFiles("first", ("apps/one",), "shop"), UnitFiles("others", ("apps/*",), "rest")))
    assert {unit.name: unit.namespace for unit in result.units} == {
        "first": "shop",
        "others": "rest",
        "others (apps/one)": "rest",
        "others (apps/own)": "rest",
        "others (apps/two)": "rest",
    }
    (own,) = (unit for unit in result.units if unit.name == "others (apps/own)")
    assert own.objects[-1].node.at("metadata", "namespace").text == "own"


def test_a_name_that_is_taken_gets_a_number() -> None:
    plant({"a/kustomization.yaml": kustomization("web.yaml"), "a/web.yaml": service("web"), "b/x.yaml": service("x")})
    assert units_of(loaded(units=(UnitFiles("a", ("b",)),))) == {"a": ["Service/web"], "a #2": ["Service/x"]}


def test_worlds_take_units_by_name_and_by_the_directories_they_are_of() -> None:
    shop()
    plant({"apps/x/overlays/dev/kustomization.yaml": kustomization("s.yaml")})
    plant({"apps/x/overlays/dev/s.yaml": service("s")})
    result = loaded(
        units=(UnitFiles("base", ("common",)),),
        worlds=(WorldUnits("d", ("dev", "base")), WorldUnits("p", ("base", "prod")), WorldUnits("t", (".", "base"))),
    )
    assert worlds_of(result) == {
        "d": {"dev", "base", "apps/x/overlays/dev"},
        "p": {"prod", "base"},
        "t": {".", "base"},
    }
    assert [[unit.name for unit in world.shared] for world in result.worlds] == [["base"]] * 3
    assert result.worlds[0].shared is result.worlds[2].shared


def test_units_in_no_world_are_judged_apart_and_said() -> None:
    shop()
    result = loaded(worlds=(WorldUnits("d", ("dev",)),))
    assert worlds_of(result) == {"d": {"dev"}, "other units": {".", "prod"}}
    assert said(result) == [(("worlds",), "no world takes '.', 'prod', judged as 'other units'")]
    clashing = loaded("dev", "prod", "common", worlds=(WorldUnits("c", ("common",)),))
    assert worlds_of(clashing) == {"c": {"common"}, "other units: dev": {"dev"}, "other units: prod": {"prod"}}


def test_names_that_lead_to_nothing_are_said_with_what_is_near() -> None:
    shop()
    result = loaded(units=(UnitFiles("none", ("nowhere",)),), worlds=(WorldUnits("p", (".", "pord", "dev", "prod")),))
    assert said(result) == [
        (("units", 0), "no manifest is in the unit 'none'"),
        (("worlds", 0, "units", 1), "no unit is called 'pord'; did you mean 'prod'?"),
    ]


def test_an_entry_for_charts_that_are_not_there_is_said() -> None:
    shop()
    plant({"charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n"})
    entries = (ChartRelease("charts/web"), ChartRelease("nosuch/**"), ChartRelease("charts/weeb"))
    assert said(loaded(charts=entries)) == [
        (("charts", 1, "path"), "no chart lies at 'nosuch/**'"),
        (("charts", 2, "path"), "no chart lies at 'charts/weeb'; did you mean 'charts/web'?"),
    ]
    assert said(loaded(charts=entries, render=False)) == []


CONFIGURATION = """
    units:
      - name: shop
        paths: [common, prod]
        namespace: shop
    worlds:
      - name: live
        units: [shop, devv, tools]
    """


def test_the_command_line_lists_what_is_told_and_says_what_leads_nowhere() -> None:
    shop()
    plant({".k8snet-lint.yaml": CONFIGURATION})
    ran = run("check", ".", "-f", "concise")
    assert "applied: 3 units (., dev, shop) in 2 worlds (live, other units)" in ran.err.splitlines()
    assert (
        "configuration: .k8snet-lint.yaml:7:19: no unit is called 'devv'; did you mean 'dev'?" in ran.err.splitlines()
    )
    listed = run("graph", ".")
    graph = listed.out
    assert "configuration: .k8snet-lint.yaml:7:19: no unit is called 'devv'" in listed.err
    assert "unit shop (plain) in live\n" in graph
    assert "Service/shop/db  common/db.yaml:1:1" in graph
    assert '".k8snet-lint.yaml:7:19: no unit' in run("check", ".", "-f", "json").out


def test_paths_are_the_configuration_s_wherever_the_run_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    shop()
    plant({".k8snet-lint.yaml": CONFIGURATION})
    monkeypatch.chdir("prod")
    assert "unit shop (plain) in live" in run("graph", "..").out


@pytest.mark.parametrize("kind", ["units", "worlds"])
def test_two_of_one_name_are_a_mistake_at_its_place(kind: str) -> None:
    fields = "paths" if kind == "units" else "units"
    plant({"c.yaml": f"{kind}:\n- {{name: a, {fields}: [a]}}\n- {{name: a, {fields}: [b]}}\n"})
    with pytest.raises(ConfigError, match=rf"^c.yaml:3:10: 'a' is the name of another of the {kind} too$"):
        load(Path("c.yaml"), named=True)
