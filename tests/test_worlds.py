"""Which units one cluster gets together."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.loader import Object, Unit, UnitKind
from k8snet_lint.loader.identity import identify
from k8snet_lint.loader.worlds import worlds_of as part
from k8snet_lint.manifest import parse
from k8snet_lint.source import Source
from tests.trees import kustomization, loaded, plant, service, worlds_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, content: object, kind: str = "Service") -> Object:
    value = {"metadata": {"name": name}, "spec": content}
    (document,) = parse(Source("a.json", json.dumps(value))).documents
    return Object(document.root, "v1", kind)


def unit(name: str, **contents: object) -> Unit:
    """A unit with an object a keyword, whose value is its content."""
    return Unit(name, UnitKind.PLAIN, tuple(written(*item) for item in contents.items()))


def worlds(*units: Unit) -> dict[str, set[str]]:
    return {world.name: {unit.name for unit in world.units} for world in part(units)}


def test_nothing_is_in_no_world() -> None:
    assert part(()) == ()


def test_units_that_do_not_clash_are_one_world_without_a_name() -> None:
    assert worlds(unit("a", web=1), unit("b", api=1), unit("c", web=1)) == {"": {"a", "b", "c"}}


def test_units_that_clash_are_parted_by_the_directory_in_which_their_paths_differ() -> None:
    assert worlds(unit("app/overlays/dev", web=1), unit("app/overlays/prod", web=2)) == {
        "dev": {"app/overlays/dev"},
        "prod": {"app/overlays/prod"},
    }


def test_a_unit_that_clashes_with_nothing_is_in_every_world() -> None:
    found = part((unit("dev", web=1), unit("prod", web=2), unit("common", db=1)))
    assert [[one.name for one in world.units] for world in found] == [["common", "dev"], ["common", "prod"]]
    assert found[0].shared is found[1].shared


def test_alternatives_of_the_same_name_go_together() -> None:
    assert worlds(
        unit("a/dev", web=1), unit("a/prod", web=2), unit("b/dev", api=1), unit("b/prod", api=2), unit("b/qa", api=3)
    ) == {"dev": {"a/dev", "b/dev"}, "prod": {"a/prod", "b/prod"}, "qa": {"b/qa"}}


def test_one_name_has_to_part_all_that_hangs_together() -> None:
    assert worlds(
        unit("a/dev", web=1, ns=1), unit("a/prod", web=2, ns=2), unit("b/dev", api=1, ns=1), unit("b/prod", api=2, ns=2)
    ) == {"dev": {"a/dev", "b/dev"}, "prod": {"a/prod", "b/prod"}}


def test_without_a_name_that_parts_them_each_alternative_is_a_world() -> None:
    units = (unit("a/dev", x=1, y=1), unit("a/prod", x=2, y=2), unit("b/dev", x=3, y=3), unit("c", z=1))
    assert worlds(*units) == {"a/dev": {"a/dev", "c"}, "a/prod": {"a/prod", "c"}, "b/dev": {"b/dev", "c"}}


def test_what_agrees_on_an_object_that_another_describes_differently_stays_together() -> None:
    apps = [unit(f"apps/{name}", ns=1, **{name: 1}) for name in "abcde"]
    assert worlds(*apps, unit("apps/odd", ns=2)) == {
        "a+4 more": {f"apps/{name}" for name in "abcde"},
        "odd": {"apps/odd"},
    }


def test_what_agrees_on_one_object_and_not_on_another_is_parted() -> None:
    assert worlds(unit("a", ns=1, web=1), unit("b", ns=1, web=2), unit("c", ns=2), unit("d", ns=1)) == {
        "a+d": {"a", "d"},
        "b": {"b"},
        "c": {"c"},
    }


def test_what_one_unit_holds_twice_is_no_clash_of_units() -> None:
    twice = Unit("a", UnitKind.PLAIN, (written("web", 1), written("web", 2)))
    assert worlds(twice, unit("b", api=1)) == {"": {"a", "b"}}
    assert list(worlds(twice, unit("b", web=1))) == ["a", "b"]


def test_a_path_that_is_a_part_of_another_keeps_its_name() -> None:
    assert worlds(unit("k8s", web=1), unit("k8s/prod", web=2)) == {"k8s": {"k8s"}, "prod": {"k8s/prod"}}
    assert worlds(unit(".", web=1), unit("prod", web=2)) == {".": {"."}, "prod": {"prod"}}


def test_files_beside_a_root_go_with_it_unless_they_clash_with_it() -> None:
    root, beside = unit("app", web=1), unit("app (other files)", db=1)
    assert worlds(root, beside, unit("old", web=2, db=2)) == {"app": {"app", "app (other files)"}, "old": {"old"}}
    assert worlds(root, unit("app (other files)", web=2)) == {
        "app": {"app"},
        "app (other files)": {"app (other files)"},
    }


def test_a_namespace_that_overrides_tells_objects_apart_and_names_the_namespace() -> None:
    def overlay(name: str, content: int) -> Unit:
        objects = (written("web", content), written("_", content, "Namespace"))
        return Unit(name, UnitKind.RAW, objects, name, namespace_overrides=True)

    dev, prod = overlay("dev", 1), overlay("prod", 2)
    assert worlds(dev, prod) == {"": {"dev", "prod"}}
    assert [identify(one, dev) for one in dev.objects] == [("", "Service", "dev", "web"), ("", "Namespace", "", "dev")]


def test_kustomizations_never_clash() -> None:
    def root(name: str) -> Unit:
        one = written("app", name, "Kustomization")._replace(api_version="kustomize.config.k8s.io/v1beta1")
        return Unit(name, UnitKind.BUILT, (one,))

    assert list(worlds(root("a"), root("b"))) == [""]


def test_the_order_of_units_does_not_matter() -> None:
    generator = random.Random(7)  # noqa: S311 - no secret
    for _ in range(50):
        units = [
            unit(f"{app}/{stage}", **{name: generator.randrange(2) for name in generator.sample("uvwxyz", 2)})
            for app in "abc"
            for stage in ("dev", "prod")
        ]
        expected = worlds(*units)
        generator.shuffle(units)
        assert worlds(*units) == expected


def test_no_world_holds_units_that_clash_and_each_unit_is_in_one() -> None:
    generator = random.Random(8)  # noqa: S311 - no secret
    for _ in range(200):
        units = [
            unit(f"{app}/{stage}", **{name: generator.randrange(3) for name in generator.sample("uvwxyz", 2)})
            for app in "abcd"
            for stage in ("dev", "prod")
        ]
        found = part(units)
        assert {one.name for world in found for one in world.units} == {one.name for one in units}
        for world in found:
            contents: dict[str, object] = {}
            for one in (each for member in world.units for each in member.objects):
                name, spec = one.node.at("metadata", "name").text, one.node["spec"].value
                assert contents.setdefault(name, spec) == spec


@pytest.mark.usefixtures("_here")
def test_thousands_of_alternatives_do_not_multiply() -> None:
    plant({f"examples/e{n:04}/web.yaml": service("web", port=n) for n in range(1, 2001)})
    plant({f"apps/a{n:04}/kustomization.yaml": kustomization("x.yaml") for n in range(500)})
    plant({f"apps/a{n:04}/x.yaml": service(f"x{n}") for n in range(500)})
    result = loaded()
    assert len(result.worlds) == 2000
    assert {len(world.own) for world in result.worlds} == {1}
    assert len({id(world.shared) for world in result.worlds}) == 1
    assert len(result.worlds[0].shared) == 500


@pytest.mark.usefixtures("_here")
def test_environments_of_plain_directories() -> None:
    plant(
        {
            f"{app}/{env}/web.yaml": service(app, port=port)
            for app in "ab"
            for port, env in enumerate(("dev", "prod"), 1)
        }
    )
    plant({"shared/db.yaml": service("db")})
    assert worlds_of(loaded()) == {"dev": {".", "a/dev", "b/dev"}, "prod": {".", "a/prod", "b/prod"}}


@pytest.mark.usefixtures("_here")
def test_overlays_are_alternatives_where_they_add_differently() -> None:
    plant({"base/kustomization.yaml": kustomization("web.yaml"), "base/web.yaml": service("web")})
    for port, env in enumerate(("dev", "prod"), 1):
        plant({f"overlays/{env}/kustomization.yaml": kustomization("../../base", "in.yaml")})
        plant({f"overlays/{env}/in.yaml": service("in", port=port)})
    assert worlds_of(loaded()) == {"dev": {"overlays/dev"}, "prod": {"overlays/prod"}}


@pytest.mark.usefixtures("_here")
def test_overlays_that_patch_differently_are_alternatives() -> None:
    plant({"base/kustomization.yaml": kustomization("web.yaml"), "base/web.yaml": service("web")})
    for port, env in enumerate(("dev", "prod"), 1):
        patch = f"[{{target: {{kind: Service}}, patch: '- {{op: add, path: /spec/x, value: {port}}}'}}]"
        plant({f"overlays/{env}/kustomization.yaml": kustomization("../../base", patches=patch)})
    assert worlds_of(loaded()) == {"dev": {"overlays/dev"}, "prod": {"overlays/prod"}}


@pytest.mark.usefixtures("_here")
def test_overlays_with_prefixes_of_their_own_are_one_cluster() -> None:
    plant({"base/kustomization.yaml": kustomization("web.yaml"), "base/web.yaml": service("web")})
    for env in ("dev", "prod"):
        plant({f"overlays/{env}/kustomization.yaml": kustomization("../../base", namePrefix=f"{env}-")})
    assert worlds_of(loaded()) == {"": {"overlays/dev", "overlays/prod"}}


@pytest.mark.usefixtures("_here")
def test_overlays_in_namespaces_of_their_own_are_one_cluster() -> None:
    plant({"base/kustomization.yaml": kustomization("web.yaml"), "base/web.yaml": service("web")})
    for port, env in enumerate(("dev", "prod"), 1):
        plant({f"{env}/kustomization.yaml": kustomization("../base", "in.yaml", namespace=env)})
        plant({f"{env}/in.yaml": service("in", port=port)})
    assert worlds_of(loaded()) == {"": {"dev", "prod"}}


@pytest.mark.usefixtures("_here")
def test_files_given_one_by_one_are_alternatives_where_they_clash() -> None:
    plant({"dev.yaml": service("web", port=1), "prod.yaml": service("web", port=2), "db.yaml": service("db")})
    assert worlds_of(loaded("dev.yaml", "prod.yaml", "db.yaml")) == {
        "dev.yaml": {"dev.yaml", "db.yaml"},
        "prod.yaml": {"prod.yaml", "db.yaml"},
    }
