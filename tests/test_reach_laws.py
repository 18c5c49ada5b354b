"""Laws that hold of the answers in every world: each way of asking says the same, more rules never take away."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8snet_lint.bitset import members
from k8snet_lint.reach import Connections, Endpoint, EndpointKind, Reach, Verdict, causes
from k8snet_lint.reach.addresses import AddressAtoms
from k8snet_lint.reach.blocks import blocks
from k8snet_lint.reach.diff import Diff, Difference
from k8snet_lint.reach.explanation import Edit, EditKind, Explanation
from k8snet_lint.reach.reasons import Reasons
from k8snet_lint.resource import Workload
from tests.calico_worlds import CalicoWorlds
from tests.conformance_adapter import plain_graph
from tests.random_worlds import ADDRESSES, PORTS, PROTOCOLS, Worlds

Manifest = dict[str, Any]
Held = dict[tuple[str, str], tuple[Connections, Connections]]

seeds = st.integers(min_value=0, max_value=2**48)
laws = settings(max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def worlds(seed: int, *, doubts: bool = True) -> tuple[Random, list[Manifest]]:
    random = Random(seed)  # noqa: S311 - worlds, not secrets
    return random, Worlds(random, doubts=doubts).manifests()


def ends(reach: Reach) -> list[Endpoint]:
    universe = reach.engine.universe
    return [*universe.endpoints(universe.shown)]


@laws
@given(seeds)
def test_rectangles_hold_what_point_queries_say_and_each_pair_once(seed: int) -> None:
    _, manifests = worlds(seed)
    reach = Reach.of(plain_graph(manifests))
    found: dict[tuple[Endpoint, Endpoint], dict[Verdict, Connections]] = {}
    for rectangle in reach.rectangles():
        for source in rectangle.sources:
            for target in rectangle.targets:
                held = found.setdefault((source, target), {})
                assert not held.get(rectangle.verdict, Connections()) & rectangle.connections
                held[rectangle.verdict] = held.get(rectangle.verdict, Connections()) | rectangle.connections
    for source in ends(reach):
        for target in ends(reach):
            if EndpointKind.WORKLOAD in (source.kind, target.kind) and source is not target:
                allowed = reach.allowed(source, target)
                held = found.get((source, target), {})
                assert held.get(Verdict.ALLOWED, Connections()) == allowed.definite
                assert held.get(Verdict.UNKNOWN, Connections()) == allowed.unknown
                assert bool(allowed.causes) == bool(allowed.unknown)


@laws
@given(seeds)
def test_rectangles_of_chosen_ends_are_a_part_of_all_rectangles(seed: int) -> None:
    random, manifests = worlds(seed)
    reach = Reach.of(plain_graph(manifests))
    chosen = reach.peers(random.choice(reach.workloads.endpoints))
    every = {(p.source, p.target, p.connections, p.verdict) for p in reach.pairs() if p.source in chosen}
    assert {(p.source, p.target, p.connections, p.verdict) for p in reach.pairs(sources=chosen)} == every


@laws
@given(seeds, st.booleans())
def test_the_reasons_of_sets_are_those_of_their_pairs(seed: int, of_calico: bool) -> None:
    random, manifests = worlds(seed)
    if of_calico:
        manifests = CalicoWorlds(random, doubts=True, inner=True).manifests()
    engine = Reach.of(plain_graph(manifests)).engine
    reasons, full = Reasons(engine), engine.ports.full
    for _ in range(4):
        sources, targets = (random.getrandbits(engine.universe.count) & engine.universe.all for _ in range(2))
        mask = random.choice((full, random.getrandbits(full.bit_length()) & full, 1))
        pairs = [(one, other) for one in members(sources) for other in members(targets)]
        found = {cause.reason for pair in pairs for cause in causes.of(engine, *pair, mask)}
        assert reasons.of(sources, targets, mask) == found


@laws
@given(seeds)
def test_blocks_hold_each_pair_once_with_what_holds_for_it(seed: int) -> None:
    random, manifests = worlds(seed)
    engine = Reach.of(plain_graph(manifests)).engine
    sources, targets = (random.getrandbits(engine.universe.count) & engine.universe.all for _ in range(2))
    found = [
        (one, other, block.masks)
        for block in blocks(engine, sources, targets)
        for one in members(block.sources)
        for other in members(block.targets)
    ]
    pairs = [(one, other) for one in members(sources) for other in members(targets)]
    assert sorted(found) == sorted((*pair, engine.pair(*pair)) for pair in pairs)


@laws
@given(seeds)
def test_the_difference_to_itself_is_nothing(seed: int) -> None:
    _, manifests = worlds(seed)
    assert not Diff(Reach(plain_graph(manifests)), Reach(plain_graph(manifests))).differences


@laws
@given(seeds)
def test_a_difference_is_what_two_answers_differ_in(seed: int) -> None:
    random, manifests = worlds(seed)
    other = [each for each in manifests if random.random() < 0.8] + Worlds(random).manifests()[:3]
    others = {(m["kind"], m["metadata"]["name"], m["metadata"].get("namespace")): m for m in other}
    old, new = Reach(plain_graph(manifests)), Reach(plain_graph([*others.values()]))
    listed: Held = {}
    new_listed: Held = {}
    for difference in Diff(old, new):
        for pair in pairs_of(difference):
            assert pair not in listed
            listed[pair] = difference.old.definite, difference.old.possible
            new_listed[pair] = difference.new.definite, difference.new.possible
            assert difference.causes
    names = {each.key for reach in (old, new) for each in reach.workloads}
    for source in (*names, *ADDRESSES):
        for target in (*names, *ADDRESSES):
            if (source in names or target in names) and source != target:
                before, after = held(old, source, target), held(new, source, target)
                found = [p for p in listed if covers(p[0], source) and covers(p[1], target)]
                assert len(found) == (before != after)
                assert all((listed[p], new_listed[p]) == (before, after) for p in found)


def pairs_of(difference: Difference) -> list[tuple[str, str]]:
    return [(s.key, t.key) for s in difference.sources for t in difference.targets]


def covers(key: str, name: str) -> bool:
    """Whether a key is a workload's of that name, or the addresses with that one among them."""
    if key == name:
        return True
    if name not in ADDRESSES or "Deployment/" in key or "Pod/" in key:
        return False
    return in_text(key, name)


def in_text(key: str, name: str) -> bool:
    from ipaddress import ip_address, ip_network  # noqa: PLC0415

    address = ip_address(name)
    for part in key.split(", "):
        first, _, last = part.partition("-")
        if last:
            low, high = ip_address(first), ip_address(last)
            if low.version == address.version and int(low) <= int(address) <= int(high):
                return True
        elif address.version == ip_network(part).version and address in ip_network(part):
            return True
    return False


def held(reach: Reach, source: str, target: str) -> tuple[Connections, Connections]:
    by_key = {each.key: each for each in reach.workloads}
    found = [reach.addresses(name) if name in ADDRESSES else by_key.get(name) for name in (source, target)]
    if found[0] is None or found[1] is None:
        return Connections(), Connections()
    allowed = reach.allowed(found[0], found[1])
    return allowed.definite, allowed.possible


@laws
@given(seeds)
def test_one_more_rule_of_a_network_policy_takes_nothing_away(seed: int) -> None:
    random, manifests = worlds(seed)
    policies = [each for each in manifests if each["kind"] == "NetworkPolicy" and each["spec"].get("policyTypes")]
    if not policies:
        return
    more = deepcopy(manifests)
    changed = more[manifests.index(random.choice(policies))]
    direction, peers = random.choice((("ingress", "from"), ("egress", "to")))
    changed["spec"].setdefault(direction, []).append(Worlds(random).network_rule(peers))
    before, after = everything(manifests), everything(more)
    for pair, (definite, possible) in before.items():
        assert definite <= after[pair][0]
        assert possible <= after[pair][1]


@laws
@given(seeds)
def test_one_more_policy_that_allows_nothing_adds_nothing(seed: int) -> None:
    random, manifests = worlds(seed)
    manifests = [each for each in manifests if "Admin" not in each["kind"] and "Cluster" not in each["kind"]]
    deny = Worlds(random).network_policy("deny", random.choice(("a", "b", "c")))
    deny["spec"] = {"podSelector": deny["spec"]["podSelector"], "policyTypes": ["Ingress", "Egress"]}
    before, after = everything(manifests), everything([*manifests, deny])
    for pair, (definite, possible) in after.items():
        assert definite <= before[pair][0]
        assert possible <= before[pair][1]


def everything(manifests: list[Manifest]) -> Held:
    reach = Reach(plain_graph(manifests))
    names = [each.key for each in reach.workloads]
    ends = (*names, *ADDRESSES)
    return {(s, t): held(reach, s, t) for s in ends for t in ends if s in names or t in names}


@laws
@given(seeds)
def test_an_explanation_has_the_verdict_and_its_changes_make_it_allowed(seed: int) -> None:
    random, manifests = worlds(seed, doubts=seed % 2 == 0)
    names = [each["metadata"]["name"] for each in manifests if each["kind"] in ("Pod", "Deployment")]
    source, target = random.sample(names, 2)
    protocol, port = random.choice(PROTOCOLS), random.choice((*PORTS, 443))
    explanation = explain(manifests, source, target, protocol, port)
    assert bool(explanation.causes) == (explanation.verdict is Verdict.UNKNOWN)
    assert all(side.misses for side in explanation.blocking if side.verdict is Verdict.DENIED)
    for _ in range(4):
        if explanation.verdict is not Verdict.DENIED:
            break
        changes = [chosen(each.misses) for each in explanation.blocking if each.verdict is Verdict.DENIED]
        manifests = [*map(deepcopy, manifests)]
        for policy, change in changes:
            apply(manifests, policy, change)
        explanation = explain(manifests, source, target, protocol, port)
    assert explanation.verdict is not Verdict.DENIED


def explain(manifests: list[Manifest], source: str, target: str, protocol: str, port: int) -> Explanation:
    reach = Reach(plain_graph(manifests))
    by_name = {each.name: each for each in reach.graph.select(Workload)}
    found = reach.why(by_name[source], by_name[target], protocol, port)
    assert found.verdict == reach.verdict(by_name[source], by_name[target], protocol, port).verdict
    return found


def chosen(misses: Any) -> tuple[Any, Edit]:  # noqa: ANN401
    """The smallest change that edits a policy; another label would make a pod another's pod as well."""
    labels = (EditKind.ADD_LABEL, EditKind.ADD_NAMESPACE_LABEL)
    miss = next(each for each in misses if each.change.kind not in labels)
    return miss.policy, miss.change


def apply(manifests: list[Manifest], policy: Any, change: Edit) -> None:  # noqa: ANN401
    """Edit the manifests as a change says."""
    manifest = next(
        m
        for m in manifests
        if (m["kind"], m["metadata"]["name"], m["metadata"].get("namespace", ""))
        == (policy.kind, policy.name, policy.namespace)
    )
    *path, last = change.at.path
    parent: Any = manifest
    for key in path:
        parent = parent[key]
    match change.kind:
        case EditKind.ADD_PORT | EditKind.ADD_PEER | EditKind.ADD_RULE:
            parent[last] = [*(parent.get(last) or []), change.value]
        case EditKind.ADD_NAMESPACE_SELECTOR:
            parent[last]["namespaceSelector"] = change.value
        case EditKind.ALLOW_BEFORE:
            parent.insert(last, change.value)
        case _:
            raise AssertionError(change)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=5), st.integers(0, 45))
def test_an_address_is_in_the_class_that_lies_in_exactly_its_blocks(
    blocks: list[tuple[int, int]], address: int
) -> None:
    named = [(4, ((min(each), max(each)),)) for each in blocks]
    atoms = AddressAtoms(named)
    at = atoms.of_address(4, address)
    assert any(a <= address <= b for a, b in atoms.classes[at].ranges)
    for version, ranges in named:
        inside = any(a <= address <= b for a, b in ranges)
        assert bool(atoms.of_block(version, ranges) >> at & 1) == inside
        assert bool(atoms.overlapping(version, ranges) >> at & 1) == inside


@laws
@given(seeds)
def test_rules_tell_what_may_be_let_through_as_all_that_they_come_to_does(seed: int) -> None:
    random, manifests = worlds(seed)
    engine = Reach.of(plain_graph(manifests)).engine
    for side in (engine.ingress, engine.egress):
        for number in range(len(side.groups)):
            asked = [
                (random.getrandbits(engine.universe.count), random.getrandbits(engine.ports.count)) for _ in range(4)
            ]
            by_rules = [side.may_let_through(number, among, mask) for among, mask in asked]
            cells = side.cells(number).items()
            for (among, mask), found in zip(asked, by_rules, strict=True):
                assert found == any(bits & among and engine.ports.maybe(masks) & mask for masks, bits in cells)
