"""A mesh's authorization over what policies of the network let through."""

from itertools import product

import pytest

from k8snet_lint.reach import Reach, Reason, Verdict
from k8snet_lint.reach.explanation import Basis
from k8snet_lint.reach.exposure import Exposure, Scope
from k8snet_lint.reach.verdict import Ruling
from k8snet_lint.resource import Direction, Workload
from tests.cluster import graph_of, namespace, pods, policy
from tests.support import lint_text, run

INJECTED = namespace("shop", "{istio-injection: enabled}")
AMBIENT = namespace("shop", "{istio.io/dataplane-mode: ambient}")
PLAIN = namespace("shop")
REVISED = namespace("shop", "{istio.io/rev: stable}")


def authorization(spec: str = "{}", name: str = "a", namespace: str = "shop") -> str:
    head = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
    return f"{head}metadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"


def for_db(more: str = "", name: str = "a") -> str:
    return authorization(f"{{selector: {{matchLabels: {{app: db}}}}{more}}}", name)


EVERYTHING = ", rules: [{}]"
BY_IDENTITY = ", rules: [{from: [{source: {principals: [a]}}]}]"


def reach_of(*documents: str) -> Reach:
    return Reach(graph_of(*documents, pods("web"), pods("db", kind="Pod"), pods("queue")))


def the(reach: Reach, name: str) -> Workload:
    return next(each for each in reach.graph.select(Workload) if each.name == name)


def ruling(reach: Reach, source: str, target: str, protocol: str = "TCP", port: int = 80) -> Ruling:
    return reach.verdict(the(reach, source), the(reach, target), protocol, port)


@pytest.mark.parametrize(
    ("documents", "verdict"),
    [
        ((INJECTED, for_db()), Verdict.DENIED),
        ((REVISED, for_db()), Verdict.DENIED),
        ((AMBIENT, for_db()), Verdict.DENIED),
        ((INJECTED, authorization()), Verdict.DENIED),
        ((INJECTED, authorization(namespace="istio-system")), Verdict.DENIED),
        ((INJECTED, authorization(namespace="blog")), Verdict.ALLOWED),
        ((PLAIN, for_db()), Verdict.UNKNOWN),
        ((for_db(),), Verdict.UNKNOWN),
        ((namespace("shop", "{istio-injection: disabled}"), for_db()), Verdict.ALLOWED),
        ((INJECTED, for_db(EVERYTHING)), Verdict.ALLOWED),
        ((INJECTED, for_db(), for_db(EVERYTHING, "b")), Verdict.ALLOWED),
        ((INJECTED, for_db(BY_IDENTITY)), Verdict.UNKNOWN),
        ((INJECTED, authorization(), for_db(BY_IDENTITY, "b")), Verdict.UNKNOWN),
        ((INJECTED, for_db(", action: DENY" + EVERYTHING)), Verdict.DENIED),
        ((INJECTED, for_db(", action: DENY" + EVERYTHING), for_db(EVERYTHING, "b")), Verdict.DENIED),
        ((INJECTED, for_db(", action: DENY" + BY_IDENTITY), for_db(EVERYTHING, "b")), Verdict.UNKNOWN),
        ((INJECTED, for_db(", action: DENY")), Verdict.ALLOWED),
        ((INJECTED, for_db(", action: CUSTOM" + EVERYTHING)), Verdict.UNKNOWN),
        ((INJECTED, for_db(", action: AUDIT" + EVERYTHING)), Verdict.ALLOWED),
    ],
)
def test_what_a_policy_makes_of_connections_to_what_it_selects(documents: tuple[str, ...], verdict: Verdict) -> None:
    assert ruling(reach_of(*documents), "web", "db").verdict is verdict


def test_whom_no_policy_selects_the_mesh_leaves_alone() -> None:
    reach = reach_of(INJECTED, for_db())
    assert ruling(reach, "web", "queue").verdict is Verdict.ALLOWED
    assert ruling(reach, "db", "web").verdict is Verdict.ALLOWED


def test_proxies_see_tcp_alone() -> None:
    assert ruling(reach_of(INJECTED, for_db()), "web", "db", "UDP", 53).verdict is Verdict.ALLOWED


def test_the_network_denies_what_the_mesh_lets_through() -> None:
    reach = reach_of(INJECTED, for_db(EVERYTHING), policy("policyTypes: [Ingress]"))
    assert ruling(reach, "web", "db").verdict is Verdict.DENIED
    assert reach.why(the(reach, "web"), the(reach, "db"), "TCP", 80).ingress.basis is Basis.NETWORK_POLICY


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        ((for_db(),), Reason.MESH_MEMBERSHIP),
        ((INJECTED, for_db(BY_IDENTITY)), Reason.MESH_AUTHORIZATION),
        ((for_db(BY_IDENTITY),), Reason.MESH_AUTHORIZATION),
    ],
)
def test_an_unknown_says_what_it_depends_on(documents: tuple[str, ...], reason: Reason) -> None:
    assert ruling(reach_of(*documents), "web", "db").reasons == (reason,)


def test_ports_that_go_past_the_sidecar_are_not_surely_closed() -> None:
    annotated = pods("db", kind="Pod", metadata=", annotations: {traffic.sidecar.istio.io/excludeInboundPorts: '80'}")
    reach = Reach(graph_of(INJECTED, for_db(), pods("web"), annotated))
    assert ruling(reach, "web", "db").verdict is Verdict.UNKNOWN


def test_a_policy_on_a_service_counts_where_a_waypoint_enforces_it() -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {selector: {app: db}}\n"
    reach = reach_of(AMBIENT, service, authorization("{targetRefs: [{kind: Service, group: '', name: db}]}"))
    assert ruling(reach, "web", "db").verdict is Verdict.UNKNOWN
    assert ruling(reach, "web", "queue").verdict is Verdict.ALLOWED


def test_rectangles_hold_what_verdicts_say() -> None:
    reach = reach_of(INJECTED, for_db(), authorization("{selector: {matchLabels: {app: web}}" + BY_IDENTITY + "}", "b"))
    found = {(one.source.key, one.target.key, one.verdict): str(one.connections) for one in reach.pairs()}
    db, web, queue = "shop/Pod/db", "shop/Deployment/web", "shop/Deployment/queue"
    assert found[queue, db, Verdict.ALLOWED] == found[queue, web, Verdict.ALLOWED] == "UDP; SCTP"
    assert found[queue, web, Verdict.UNKNOWN] == "TCP"
    assert (queue, db, Verdict.UNKNOWN) not in found
    assert found[db, queue, Verdict.ALLOWED] == "all"


def test_exposure_counts_what_the_mesh_lets_through() -> None:
    open_to = {
        (each.workload.key, each.direction): each
        for each in Exposure(reach_of(INJECTED, for_db())).all()
        if each.scope is Scope.INTERNET
    }
    closed = open_to["shop/Pod/db", Direction.INGRESS]
    assert str(closed.every) == str(closed.perhaps) == "UDP; SCTP"
    assert str(open_to["shop/Deployment/web", Direction.INGRESS].every) == "all"
    assert str(open_to["shop/Pod/db", Direction.EGRESS].every) == "all"


def test_why_names_the_policy_that_closes() -> None:
    reach = reach_of(INJECTED, for_db())
    found = reach.why(the(reach, "web"), the(reach, "db"), "TCP", 80)
    assert (found.verdict, found.ingress.basis) == (Verdict.DENIED, Basis.MESH)
    assert [str(each) for each in found.ingress.isolating] == ["AuthorizationPolicy/shop/a"]
    assert found.changes == ()


def test_why_is_told_in_words() -> None:
    documents = "---\n".join((INJECTED, for_db(), pods("web"), pods("db")))
    told = run("why", "shop/web", "shop/db", "80", "-", stdin=documents).out
    assert "entering shop/Deployment/db: denied\n  the mesh lets nothing in:\n    AuthorizationPolicy/shop/a" in told
    told = run(
        "why", "shop/web", "shop/db", "80", "-", stdin=documents.replace("app: db}}}", f"app: db}}}}{BY_IDENTITY}}}", 1)
    ).out
    assert "the mesh decides by its own rules" in told
    assert "to settle it: let 'AuthorizationPolicy/shop/a' judge by ports alone" in told


def test_a_mesh_never_isolates_for_sure_and_never_lets_isolation_be_missing_for_sure() -> None:
    def severity(*documents: str) -> list[str]:
        text = "---\n".join((*documents, pods("db")))
        return [line.split()[1].partition("[")[0] for line in lint_text(text, select=["isolation"])]

    assert severity(INJECTED) == ["warning", "note"]
    assert severity(INJECTED, for_db(BY_IDENTITY)) == ["note", "note"]
    assert severity(INJECTED, authorization(namespace="istio-system")) == ["note", "note"]
    assert severity(INJECTED, authorization("{selector: {matchLabels: {app: other}}}")) == ["warning", "note"]
    assert severity(INJECTED, for_db(EVERYTHING)) == ["warning", "note"]


RULES = {"none": "", "all": EVERYTHING, "some": BY_IDENTITY}
ONE = [(action, rules) for action in ("ALLOW", "DENY", "CUSTOM", "AUDIT") for rules in RULES]


def outcomes(policies: tuple[tuple[str, str], ...]) -> set[bool]:
    """Whether a request gets through, for every way in which what is not known may be, by Istio's order."""
    found = set()
    for matched in product((True, False), repeat=len(policies)):
        for granted in (True, False):
            hit = [
                action
                for (action, rules), fits in zip(policies, matched, strict=True)
                if rules == "all" or (rules == "some" and fits)
            ]
            refused = ("CUSTOM" in hit and not granted) or "DENY" in hit
            allowing = any(action == "ALLOW" for action, _ in policies)
            found.add(not refused and (not allowing or "ALLOW" in hit))
    return found


@pytest.mark.parametrize("first", ONE)
def test_rulings_are_those_of_istios_order(first: tuple[str, str]) -> None:
    verdicts = {True: Verdict.ALLOWED, False: Verdict.DENIED}
    for rest in ((), *((other,) for other in ONE)):
        policies = (first, *rest)
        written = (for_db(f", action: {action}{RULES[rules]}", f"p{at}") for at, (action, rules) in enumerate(policies))
        possible = outcomes(policies)
        wanted = verdicts[possible.pop()] if len(possible) == 1 else Verdict.UNKNOWN
        assert ruling(reach_of(INJECTED, *written), "web", "db").verdict is wanted, policies
