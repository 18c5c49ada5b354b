"""StatefulSets and the Services that govern them."""

from __future__ import annotations

import pytest

from k8snet_lint.facts import Assumed, Facts
from tests.shop import deployment, said, service
from tests.support import lint_text, report_on

RULE = "statefulset-service-invalid"
STATEFUL_SET = (
    deployment("db", "{app: db}")
    .replace("Deployment", "StatefulSet")
    .replace("spec:\n  selector", "spec:\n  serviceName: db\n  selector")
)


def test_the_headless_service_that_selects_the_pods_is_named_instead() -> None:
    services = (
        service("selector: {app: db}", name="db"),
        service("clusterIP: None, selector: {app: db}", name="db-pods"),
    )
    (found,) = said(RULE, STATEFUL_SET, *services)
    assert found.startswith("warning StatefulSet/shop/db is governed by Service/shop/db, which has a cluster IP")


def test_a_service_that_selects_other_pods_is_told_of_once() -> None:
    headless = service("clusterIP: None, selector: {app: ledger}", name="db")
    (found,) = lint_text(f"{STATEFUL_SET}\n---\n{headless}", select=[RULE, "service-selects-no-pods"])
    assert f"error[{RULE}] Service/shop/db does not select the pods of StatefulSet/shop/db" in found


def test_a_near_name_makes_it_certain() -> None:
    pods = STATEFUL_SET.replace("serviceName: db", "serviceName: database")
    (found,) = said(RULE, pods, service("clusterIP: None, selector: {app: db}", name="databse"))
    assert found == "error StatefulSet/shop/db names Service/shop/database, which is not there; did you mean 'databse'?"


@pytest.mark.parametrize(
    ("services", "told"),
    [
        (("pods",), "write pods, the headless Service for these pods, or add a headless Service 'db'"),
        (("pods", "peers"), "name another, or add a headless Service 'db'"),
        ((), "name another, or add a headless Service 'db'"),
    ],
)
def test_the_one_headless_service_of_the_pods_is_proposed(services: tuple[str, ...], told: str) -> None:
    written = [service("clusterIP: None, selector: {app: db}", name=name) for name in services]
    written.append(service("selector: {app: db}", name="front"))
    (finding,) = report_on("\n---\n".join((STATEFUL_SET, *written)), select=[RULE]).open
    assert finding.message == "StatefulSet/shop/db names Service/shop/db, which is not there"
    assert finding.help == f"{told} for these pods"
    related = [each.message for each in finding.related]
    assert related == (["Service/shop/pods selects these pods"] if len(services) == 1 else [])


def test_elsewhere_it_may_be() -> None:
    (found,) = said(RULE, STATEFUL_SET)
    assert found.startswith("note ")
    assert said(RULE, STATEFUL_SET, facts=Facts(assumed=Assumed(services=("shop/db",)))) == []


@pytest.mark.parametrize("name", ["''", "null"])
def test_no_name_is_no_reference(name: str) -> None:
    assert said(RULE, STATEFUL_SET.replace("serviceName: db", f"serviceName: {name}")) == []


def test_a_controller_looks_after_its_own() -> None:
    owned = STATEFUL_SET.replace("namespace: shop}", "namespace: shop, ownerReferences: [{kind: Shop, name: a}]}", 1)
    assert said(RULE, owned, service("selector: {app: db}", name="db")) == []


def test_endpoints_by_hand() -> None:
    assert said(RULE, STATEFUL_SET, service("clusterIP: None", name="db")) == []


def test_only_what_the_pods_lack_is_named() -> None:
    headless = service("clusterIP: None, selector: {app: db, shard: one}", name="db")
    (found,) = said(RULE, STATEFUL_SET, headless)
    assert found.endswith("which it governs: they lack shard=one")


def test_the_role_that_pods_are_elected_to_is_not_lacking() -> None:
    headless = service("clusterIP: None, selector: {app: db, role: master}", name="db")
    assert said(RULE, STATEFUL_SET, headless) == []
