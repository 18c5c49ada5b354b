from __future__ import annotations

import pytest

from k8snet_lint.config import Config, Suppression
from k8snet_lint.manifest import parse
from k8snet_lint.report import ResourceName, Suppressed
from k8snet_lint.source import Location, Position, Source, Span
from k8snet_lint.suppression import ANNOTATION, Annotated, Suppressions, files_of

RULES = ("ingress-without-tls", "service-external-ips", "service-node-port")
TODAY = "2026-03-01"
WEB = ResourceName("", "v1", "Service", "shop", "web")


def on(line: int, name: str = "web.yaml") -> Location:
    return Location(Source(name, ""), Span(Position(line, 3), Position(line, 9)))


def in_text(text: str) -> Suppressions:
    return Suppressions.of([Source("web.yaml", text)], [], Config(), today=TODAY, current=str)


def annotated(value: str) -> Suppressions:
    manifest = f"metadata:\n  annotations:\n    {ANNOTATION}: {value}\n"
    node = parse(Source("web.yaml", manifest)).documents[0].root.at("metadata", "annotations", ANNOTATION)
    return Suppressions.of([], [Annotated(WEB, node, files_of(node))], Config(), today=TODAY, current=str)


def configured(*suppressions: Suppression) -> Suppressions:
    return Suppressions.of([], [], Config(suppressions=suppressions), today=TODAY, current=str)


def accepted(suppressions: Suppressions, line: int, rule: str = "service-node-port", name: str = "web.yaml") -> bool:
    return suppressions.match(rule, WEB, on(line, name)) is not None


def said(suppressions: Suppressions, known: tuple[str, ...] = RULES, ran: tuple[str, ...] = RULES) -> list[str]:
    return [f"{lapse.location}: {lapse.message}" for lapse in suppressions.unused(known=known, ran=ran)]


def test_a_comment_accepts_the_findings_of_its_rules_on_its_line() -> None:
    text = """\
spec:
  type: NodePort  # k8snet-lint: ignore[service-node-port, service-external-ips] until spring
  ports: []
"""
    suppressions = in_text(text)
    assert suppressions.match("service-node-port", WEB, on(2)) == Suppressed("inline", "until spring", "web.yaml:2:19")
    assert accepted(suppressions, 2, "service-external-ips")
    assert not accepted(suppressions, 2, "ingress-without-tls")
    assert not accepted(suppressions, 1)
    assert not accepted(suppressions, 3)
    assert not accepted(suppressions, 2, name="other.yaml")


def test_a_comment_on_a_line_of_its_own_is_about_the_next_line_that_holds_more() -> None:
    text = """\
spec:
  # k8snet-lint: ignore[service-node-port]
  # k8snet-lint: ignore[service-external-ips]

  # the gateway is not there yet
  type: NodePort
  ports: []
"""
    suppressions = in_text(text)
    assert accepted(suppressions, 6)
    assert accepted(suppressions, 6, "service-external-ips")
    assert not accepted(suppressions, 7)
    assert not accepted(suppressions, 2)


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# k8snet-lint: ignore[service-node-port] why", "why"),
        ("# k8snet-lint: ignore[service-node-port]: why", "why"),
        ("# k8snet-lint: ignore[service-node-port] -- why not: so  ", "why not: so"),
        ("#k8snet-lint:ignore[ service-node-port ]", ""),
        ("## k8snet-lint: ignore [service-node-port] #4711", "#4711"),
        ("# moved # k8snet-lint: ignore[service-node-port] why", "why"),
    ],
)
def test_ways_to_write_a_comment(comment: str, reason: str) -> None:
    match = in_text(f"type: NodePort {comment}\r\nports: []\r\n").match("service-node-port", WEB, on(1))
    assert match is not None
    assert match.reason == reason


def test_a_comment_for_the_file_stands_anywhere_in_it() -> None:
    suppressions = in_text("a: 1\n---\nb: 2\n# k8snet-lint: ignore-file[service-node-port] a demo\n")
    assert accepted(suppressions, 1)
    assert accepted(suppressions, 99)
    assert not accepted(suppressions, 1, "service-external-ips")
    assert not accepted(suppressions, 1, name="other.yaml")


def test_a_comment_for_the_file_without_rules_is_about_every_rule() -> None:
    suppressions = in_text("# k8snet-lint: ignore-file a demo\na: 1\n")
    assert suppressions.match("ingress-without-tls", None, on(2)) == Suppressed("inline", "a demo", "web.yaml:1:1")
    assert said(in_text("# k8snet-lint: ignore-file a demo\na: 1\n")) == [
        "web.yaml:1:1: suppression of every rule in this file matches no finding"
    ]


@pytest.mark.parametrize(
    "text",
    [
        'note: "see # k8snet-lint: ignore[service-node-port]"\n',
        "note: 'first\n  second # k8snet-lint: ignore[service-node-port]'\n",
        "note: |\n  # k8snet-lint: ignore[service-node-port]\n  type: NodePort\n",
        "- note: >-\n\n    text\n\n    # k8snet-lint: ignore[service-node-port]\n",
        "note: a#k8snet-lint: ignore[service-node-port]\n",
        "{%\n---\nnote: |\n  # k8snet-lint: ignore[service-node-port]\n",
    ],
)
def test_text_that_only_looks_like_a_comment_accepts_nothing(text: str) -> None:
    suppressions = in_text(text)
    assert not any(accepted(suppressions, line) for line in range(1, 10))
    assert said(suppressions) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("note: |\n    text\n# k8snet-lint: ignore[service-node-port]\ntype: NodePort\n", 4),
        ("- note: |\n  type: NodePort # k8snet-lint: ignore[service-node-port]\n", 2),
        ("note: | # k8snet-lint: ignore[service-node-port]\n  text\n", 1),
        ('note: "a # k8snet-lint: ignore[x]" # k8snet-lint: ignore[service-node-port]\n', 1),
        ("{% no YAML %}\ntype: NodePort # k8snet-lint: ignore[service-node-port]\n", 2),
    ],
)
def test_comments_beside_strings_and_in_broken_documents_count(text: str, line: int) -> None:
    assert accepted(in_text(text), line)


@pytest.mark.parametrize(
    ("comment", "fault"),
    [
        ("ignore[]", "the comment 'k8snet-lint: ignore' names no rule"),
        ("ignore service-node-port", "the comment 'k8snet-lint: ignore' names no rule"),
        ("ignore-file[ ]", "the comment 'k8snet-lint: ignore-file' names no rule"),
        ("ingore[service-node-port]", "unknown comment 'k8snet-lint: ingore'; did you mean 'ignore'?"),
    ],
)
def test_an_ill_formed_comment_accepts_nothing_and_is_reported(comment: str, fault: str) -> None:
    suppressions = in_text(f"type: NodePort # k8snet-lint: {comment}\n")
    assert not accepted(suppressions, 1)
    assert said(suppressions) == [f"web.yaml:1:16: {fault}"]


def test_an_annotation_accepts_the_findings_about_its_object() -> None:
    suppressions = annotated('"service-node-port: until spring; service-external-ips"')
    by = "web.yaml:3:28"
    assert suppressions.match("service-node-port", WEB, on(40)) == Suppressed("annotation", "until spring", by)
    assert suppressions.match("service-external-ips", WEB, on(40)) == Suppressed("annotation", "", by)
    assert suppressions.match("ingress-without-tls", WEB, on(40)) is None
    assert suppressions.match("service-node-port", None, on(40)) is None
    assert suppressions.match("service-node-port", ResourceName("", "v1", "Service", "shop", "db"), on(40)) is None


def test_an_annotation_is_about_the_object_of_its_own_file() -> None:
    assert not accepted(annotated("service-node-port"), 1, name="prod/web.yaml")


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("true", f"the annotation {ANNOTATION} names no rule"),
        ('" ; "', f"the annotation {ANNOTATION} names no rule"),
        ('": until spring"', f"the annotation {ANNOTATION} names no rule before 'until spring'"),
    ],
)
def test_an_ill_formed_annotation_is_reported(value: str, fault: str) -> None:
    assert said(annotated(value)) == [f"web.yaml:3:28: {fault}"]


@pytest.mark.parametrize(
    ("resource", "namespace"),
    [
        ("", ""),
        ("Service/shop/web", ""),
        ("Service/web", ""),
        ("*/web", "shop"),
        ("Service/*/w*b", "s*p"),
        ("Ser*ice/sh*/*", "*"),
    ],
)
def test_the_configuration_accepts_findings_about_the_objects_it_names(resource: str, namespace: str) -> None:
    suppressions = configured(Suppression("service-node-port", resource, namespace, "so be it"))
    assert suppressions.match("service-node-port", WEB, on(1)) == Suppressed(
        "configuration", "so be it", "<configuration>:1:1"
    )
    assert not accepted(suppressions, 1, "service-external-ips")


@pytest.mark.parametrize(
    ("resource", "namespace"),
    [
        ("Service/shop/we", ""),
        ("Service/shop/web2*", ""),
        ("Service/other/web", ""),
        ("Ingress/web", ""),
        ("Service/*web*web", ""),
        ("Service/w*w*b", ""),
        ("Service/web", "other"),
        ("", "sho"),
    ],
)
def test_and_not_about_others(resource: str, namespace: str) -> None:
    assert not accepted(configured(Suppression("service-node-port", resource, namespace)), 1)


def test_only_a_suppression_that_names_no_object_is_about_findings_without_one() -> None:
    anywhere = configured(Suppression("service-node-port"))
    somewhere = configured(Suppression("service-node-port", namespace="*"))
    assert anywhere.match("service-node-port", None, on(1)) is not None
    assert somewhere.match("service-node-port", None, on(1)) is None


def test_a_suppression_counts_until_the_end_of_its_last_day() -> None:
    assert accepted(configured(Suppression("service-node-port", expires="2026-03-01")), 1)
    expired = configured(Suppression("service-node-port", expires="2026-02-28"))
    assert not accepted(expired, 1)
    assert said(expired) == ["<configuration>:1:1: suppression of 'service-node-port' expired on 2026-02-28"]


def test_suppressions_that_match_nothing_are_unused() -> None:
    suppressions = in_text("a: 1 # k8snet-lint: ignore[service-node-port, service-external-ips]\n")
    assert said(suppressions) == [
        "web.yaml:1:6: suppression of 'service-external-ips' matches no finding",
        "web.yaml:1:6: suppression of 'service-node-port' matches no finding",
    ]
    assert accepted(suppressions, 1)
    assert said(suppressions) == ["web.yaml:1:6: suppression of 'service-external-ips' matches no finding"]


def test_a_suppression_of_a_rule_that_did_not_run_is_not_unused() -> None:
    assert said(in_text("a: 1 # k8snet-lint: ignore[service-node-port]\n"), ran=("ingress-without-tls",)) == []
    expired = configured(Suppression("service-node-port", expires="2026-02-28"))
    assert said(expired, ran=("ingress-without-tls",)) == []


def test_a_suppression_of_an_unknown_rule_names_the_nearest() -> None:
    assert said(in_text("a: 1 # k8snet-lint: ignore[service-nodeport]\n")) == [
        "web.yaml:1:6: suppression of the unknown rule 'service-nodeport'; did you mean 'service-node-port'?"
    ]


def test_a_former_rule_id_means_the_present_one() -> None:
    sources = [Source("web.yaml", "a: 1 # k8snet-lint: ignore[node-port]\n"), Source("silent.yaml", "a: 1\n")]
    suppressions = Suppressions.of(
        sources, [], Config(), today=TODAY, current={"node-port": "service-node-port"}.__getitem__
    )
    assert accepted(suppressions, 1)
    assert said(suppressions) == []


def test_the_nearest_of_several_suppressions_answers_and_all_are_used() -> None:
    text = "# k8snet-lint: ignore-file[service-node-port] file\na: 1 # k8snet-lint: ignore[service-node-port] line\n"
    config = Config(suppressions=(Suppression("service-node-port", reason="everywhere"),))
    suppressions = Suppressions.of([Source("web.yaml", text)], [], config, today=TODAY, current=str)
    first = suppressions.match("service-node-port", WEB, on(2))
    assert first is not None
    assert first.reason == "line"
    assert said(suppressions) == []


def test_a_suppression_that_repeats_another_is_unused() -> None:
    suppressions = in_text("a: 1 # k8snet-lint: ignore[service-node-port, service-node-port] why\n")
    assert accepted(suppressions, 1)
    assert said(suppressions) == ["web.yaml:1:6: suppression of 'service-node-port' matches no finding"]


def test_an_object_without_a_namespace_is_named_by_kind_and_name() -> None:
    gateway = ResourceName("networking.k8s.io", "v1", "IngressClass", "", "nginx")
    for resource in ("IngressClass/nginx", "IngressClass/*", "*/*/nginx"):
        suppressions = configured(Suppression("service-node-port", resource))
        assert suppressions.match("service-node-port", gateway, on(1)) is not None, resource
    wrong = configured(Suppression("service-node-port", "IngressClass/default/nginx"))
    assert wrong.match("service-node-port", gateway, on(1)) is None


def test_manifests_have_no_say_where_the_configuration_denies_it() -> None:
    sources = [Source("web.yaml", "a: 1 # k8snet-lint: ignore[service-node-port]\n")]
    suppressions = Suppressions.of(sources, [], Config(inline=False), today=TODAY, current=str)
    assert not accepted(suppressions, 1)
    assert said(suppressions) == []


def test_suppressions_without_a_reason_are_told() -> None:
    text = "a: 1 # k8snet-lint: ignore[service-node-port]\nb: 2 # k8snet-lint: ignore[service-node-port] why\n"
    config = Config(suppressions=(Suppression("ingress-without-tls"),))
    suppressions = Suppressions.of([Source("web.yaml", text)], [], config, today=TODAY, current=str)
    assert [f"{lapse.location}: {lapse.message}; {lapse.help}" for lapse in suppressions.without_reason()] == [
        "<configuration>:1:1: suppression of 'ingress-without-tls' gives no reason; add 'reason'",
        "web.yaml:1:6: suppression of 'service-node-port' gives no reason; say why after it: 'ignore[rule-id] reason'",
    ]


def test_many_comments_and_many_stars_take_no_time_that_grows_beyond_their_number() -> None:
    stacked = in_text("# k8snet-lint: ignore[service-node-port]\n" * 20_000 + "a: 1\n")
    assert accepted(stacked, 20_001)
    repeated = in_text('a: "' + "# k8snet-lint: ignore[x " * 20_000 + '"\n')
    assert said(repeated) == []
    assert not accepted(configured(Suppression("service-node-port", "Service/" + "*a" * 40, "")), 1)
    long = ResourceName("", "v1", "Service", "shop", "a" * 5_000)
    starry = configured(Suppression("service-node-port", "Service/" + "*a" * 40 + "*b"))
    assert starry.match("service-node-port", long, on(1)) is None
