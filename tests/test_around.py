"""What a part of a world knows of the rest of it, by name and by labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.facts import Facts
from k8snet_lint.graph import Graph, NotAloneError
from k8snet_lint.graph.parts.around import Around, Held
from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.resource import Service
from k8snet_lint.selector import Selector
from k8snet_lint.source import Source
from tests.support import write_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from k8snet_lint.resource import Resource

SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: %s}, spec: {selector: {app: %s}}}"
POD = (
    "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: %s, labels: {app: %s}}, "
    "spec: {containers: [{name: c, image: a}]}}"
)
NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {team: %s}}}"

POLICY = (
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: %s}, "
    "spec: {podSelector: {}, ingress: [{from: "
    "[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}]}]}}"
)

Where = tuple[Around, Around, Around]


@pytest.fixture
def around(tmp_path: Path) -> Callable[..., Where]:
    """What is around a part of both of two worlds, and around one of each, given what they share and have alone."""

    def made(common: list[str], one: list[str], other: list[str]) -> Where:
        files = {f"{name}.yaml": "\n---\n".join(found) + "\n" for name, found in zip("abc", (common, one, other))}  # noqa: B905
        write_files(tmp_path, {name: text for name, text in files.items() if text.strip()})
        every = Graph.of(load((str(tmp_path),), LoadOptions()).worlds[0], Facts()).resources
        shared, first, second = ([each for each in every if each.file.endswith(f"{name}.yaml")] for name in "abc")
        held = Held(shared, (first, second), Facts())
        worlds = [Graph([each for each in every if each in {*shared, *own}], Facts()) for own in (first, second)]
        both = Around(held, frozenset({0, 1}), worlds[0])
        return both, *(Around(held, frozenset({number}), world) for number, world in enumerate(worlds))  # type: ignore[return-value]

    return made


def names(found: tuple[Resource, ...]) -> list[str]:
    return [str(each) for each in found]


def selector(text: str) -> Selector:
    from k8snet_lint.manifest import parse  # noqa: PLC0415

    return Selector.of(parse(Source("selector", text)).documents[0].root)


WEB = selector("{matchLabels: {app: web}}")
TEAM = selector("{matchLabels: {team: a}}")
ANY = selector("{}")


def test_what_all_worlds_share_is_found_by_name_in_each(around: Callable[..., Where]) -> None:
    for each in around([SERVICE % ("web", "shop", "a"), SERVICE % ("web", "till", "a")], [], []):
        assert names(each.named(Service, "web")) == ["Service/shop/web", "Service/till/web"]
        assert names(each.named(Service, "api")) == []


def test_what_one_world_has_alone_is_found_there_and_doubtful_for_both(around: Callable[..., Where]) -> None:
    both, one, other = around([SERVICE % ("web", "shop", "a")], [SERVICE % ("web", "dev", "a")], [])
    assert names(one.named(Service, "web")) == ["Service/shop/web", "Service/dev/web"]
    assert names(other.named(Service, "web")) == ["Service/shop/web"]
    with pytest.raises(NotAloneError):
        both.named(Service, "web")


def test_pods_are_found_by_their_labels_alike(around: Callable[..., Where]) -> None:
    both, one, other = around([POD % ("a", "shop", "web")], [], [POD % ("b", "prod", "web")])
    assert names(one.labelled(WEB)) == ["Pod/shop/a"]
    assert names(other.labelled(WEB)) == ["Pod/shop/a", "Pod/prod/b"]
    with pytest.raises(NotAloneError):
        both.labelled(WEB)


def test_who_serves_pods_is_known_where_no_world_has_anything_alone(around: Callable[..., Where]) -> None:
    common = [POD % ("a", "shop", "web"), POD % ("b", "shop", "api"), SERVICE % ("web", "shop", "web")]
    both, *_ = around(common, [SERVICE % ("x", "dev", "a")], [])
    assert [
        both.is_served(both.labelled(selector(f"{{matchLabels: {{app: {app}}}}}"))[0]) for app in ("web", "api")
    ] == [
        True,
        False,
    ]
    both, *_ = around(common, [SERVICE % ("x", "shop", "a")], [])
    with pytest.raises(NotAloneError):
        both.is_served(both.labelled(WEB)[0])


@pytest.mark.parametrize(
    ("common", "alone", "is_there"),
    [
        ([NAMESPACE % ("shop", "a")], [NAMESPACE % ("dev", "a")], True),
        ([NAMESPACE % ("shop", "b")], [NAMESPACE % ("dev", "b")], False),
        ([NAMESPACE % ("shop", "b")], [NAMESPACE % ("dev", "a")], None),
    ],
)
def test_whether_labels_mean_a_namespace_is_known_where_all_worlds_agree(
    common: list[str], alone: list[str], is_there: bool | None, around: Callable[..., Where]
) -> None:
    both, one, other = around(common, alone, [])
    assert one.has_namespace(TEAM) == (is_there is not False)
    assert other.has_namespace(TEAM) == bool(is_there)
    if is_there is None:
        with pytest.raises(NotAloneError):
            both.has_namespace(TEAM)
    else:
        assert both.has_namespace(TEAM) == is_there


SHOP = [NAMESPACE % ("shop", "a"), POD % ("a", "shop", "web")]


@pytest.mark.parametrize(
    "alone",
    [
        [NAMESPACE % ("dev", "b"), POD % ("b", "dev", "web")],
        [NAMESPACE % ("dev", "a"), POD % ("b", "dev", "api")],
        [NAMESPACE % ("dev", "a")],
    ],
)
def test_the_pods_of_namespaces_are_those_that_all_share_where_no_other_is_meant(
    alone: list[str], around: Callable[..., Where]
) -> None:
    both, *_ = around(SHOP, alone, [])
    found = both.holding(WEB, TEAM).peers.pods("shop", WEB, TEAM)
    assert (names(tuple(found.workloads)), found.doubtful) == (["Pod/shop/a"], False)


@pytest.mark.parametrize(
    "alone",
    [
        [NAMESPACE % ("dev", "a"), POD % ("b", "dev", "web")],
        [POD % ("b", "dev", "api")],
        [NAMESPACE % ("kube-system", "a")],
        ["{apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: c, image: a}]}}"],
    ],
    ids=["pods that are meant", "a namespace of unknown labels", "one of the cluster's own", "no namespace yet"],
)
def test_the_pods_of_namespaces_are_doubtful_where_one_world_may_add_to_them(
    alone: list[str], around: Callable[..., Where]
) -> None:
    both, one, _ = around(SHOP, alone, [])
    with pytest.raises(NotAloneError):
        both.holding(WEB, TEAM)
    assert one.holding(WEB, TEAM) is one.world


def test_the_pods_of_a_namespace_that_only_one_world_labels_are_doubtful(around: Callable[..., Where]) -> None:
    both, *_ = around([*SHOP, POD % ("b", "till", "web")], [NAMESPACE % ("till", "a")], [])
    with pytest.raises(NotAloneError):
        both.holding(WEB, TEAM)


def test_only_one_world_is_a_whole_one(around: Callable[..., Where]) -> None:
    both, one, _ = around(SHOP, [], [POD % ("b", "dev", "api")])
    assert names(one.world.resources) == ["Namespace/shop", "Pod/shop/a"]
    with pytest.raises(NotAloneError):
        _ = both.world


NAMED = selector("{matchLabels: {kubernetes.io/metadata.name: markett}}")


@pytest.mark.parametrize(
    ("alone", "is_told"),
    [
        ([NAMESPACE % ("dev", "b")], True),
        ([NAMESPACE % ("marketts", "b")], False),
        ([POD % ("b", "markets", "api")], False),
        ([POLICY % ("dev", "markett")], False),
        ([POLICY % ("dev", "other")], True),
    ],
    ids=["another", "a near name", "a near name in use", "a policy that means it too", "a policy for others"],
)
def test_what_almost_is_a_namespace_is_known_where_no_world_adds_to_it(
    alone: list[str], is_told: bool, around: Callable[..., Where]
) -> None:
    both, one, _ = around([NAMESPACE % ("market", "a")], alone, [])
    assert one.lacking(NAMED) is one.world
    if is_told:
        (miss,) = both.lacking(NAMED).peers.near_namespaces(NAMED)
        assert miss.text == "Namespace/market has kubernetes.io/metadata.name=market"
    else:
        with pytest.raises(NotAloneError):
            both.lacking(NAMED)
