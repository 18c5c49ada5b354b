from __future__ import annotations

import unicodedata
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snet_lint.declare import Severity
from k8snet_lint.errors import Unread
from k8snet_lint.report import Finding, Related, Report, Scanned, Suppressed
from k8snet_lint.reporters import Style
from k8snet_lint.reporters.text import render
from k8snet_lint.source import Source
from tests.sample_report import (
    CHAINED,
    CRASH,
    EVERYTHING,
    NODE_PORT,
    PODS,
    SUPPRESSED,
    TARGET_PORT,
    UNREAD,
    WEB,
    hostile_reports,
    place,
)

PLAIN = Style()


def block(finding: Finding, style: Style = PLAIN) -> str:
    """What is printed of one finding, without the file's heading and the closing line."""
    _, *lines, _, _ = render(Report((finding,)), style).removesuffix("\n").split("\n")
    return "\n".join(lines[1:])


def at_line(text: str, column: int, end: int, name: str = "a.yaml") -> Finding:
    return NODE_PORT._replace(location=place(Source(name, text), 1, column, end), help="")


def shown(text: str, column: int, end: int, style: Style = PLAIN) -> tuple[str, str]:
    """The printed source line and the marks under it."""
    *_, line, marks = block(at_line(text, column, end), style).split("\n")
    return line.removeprefix(" 1 | "), marks.removeprefix("   | ")


def test_a_finding_shows_its_line_marks_its_span_and_says_what_to_do() -> None:
    assert block(NODE_PORT) == dedent("""\
        warning[service-node-port]: Service/shop/web opens a port on every node
          --> deploy/web.yaml:8:9
           |
         8 |   type: NodePort
           |         ^^^^^^^^
           = help: use type ClusterIP behind an Ingress or a Gateway""")


def test_a_related_place_stands_below_in_the_same_frame() -> None:
    assert block(TARGET_PORT) == dedent("""\
        error[service-target-port-unknown]: Service/shop/web forwards to port 8080, which its pods do not declare
            --> deploy/web.yaml:11:19
             |
          11 |       targetPort: 8080
             |                   ^^^^
            ::: deploy/pods.yaml:100:11
         100 |         - containerPort: 80
             |           ----------------- Deployment/shop/web declares 80""")


def test_a_related_place_without_a_line_to_show_is_a_note() -> None:
    finding = NODE_PORT._replace(help="", related=(Related(place(Source("gone.yaml", ""), 1, 1, 1), "named here"),))
    assert block(finding).endswith("\n   = note: gone.yaml:1:1: named here")


def test_a_chain_is_steps_with_their_numbers() -> None:
    assert block(CHAINED).split("\n")[-2:] == [
        "     = step 1: deploy/web.yaml:8:9: Service/shop/web opens it on every node",
        "     = step 2: deploy/pods.yaml:100:11: no policy limits its connections",
    ]


def test_of_many_related_places_three_are_shown_and_all_when_verbose() -> None:
    finding = TARGET_PORT._replace(related=TARGET_PORT.related * 5)
    assert block(finding).count(":::") == 3
    assert block(finding).endswith("= note: and 2 more places")
    assert block(finding, Style(verbose=True)).count(":::") == 5


def test_a_span_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    finding = NODE_PORT._replace(location=place(WEB, 10, 7, 25, end_line=11), help="")
    assert block(finding).split("\n")[-2:] == [" 10 |     - port: 80", "    |       ^^^^^^^^"]


def test_a_place_past_the_text_shows_no_line() -> None:
    finding = NODE_PORT._replace(location=place(WEB, 99, 1, 1))
    assert block(finding).split("\n")[1:] == [
        "   --> deploy/web.yaml:99:1",
        "    = help: use type ClusterIP behind an Ingress or a Gateway",
    ]


def test_an_empty_span_is_marked_once() -> None:
    assert shown("kind: Service", 7, 7) == ("kind: Service", "      ^")


def test_tabs_are_spread_so_that_marks_line_up() -> None:
    assert shown("\tkind:\tService", 8, 15) == ("    kind:   Service", "            ^^^^^^^")


def test_wide_characters_take_two_cells_and_combining_ones_none() -> None:
    assert shown("名前: web", 5, 8) == ("名前: web", "      ^^^")
    assert shown("🚀: web", 4, 7) == ("🚀: web", "    ^^^")
    assert shown("e\u0301: 名", 5, 6) == ("e\u0301: 名", "   ^^")


def test_a_long_line_is_cut_around_its_span() -> None:
    line, marks = shown("x" * 500 + "HERE" + "y" * 500, 501, 505, Style(width=60))
    assert len(line) == 60
    assert line.startswith("…x")
    assert line.endswith("y…")
    assert line[marks.index("^") : marks.index("^") + 4] == "HERE"
    assert marks.count("^") == 4


def test_a_long_line_is_cut_at_its_end_alone_where_the_span_is_near_the_start() -> None:
    assert shown("kind: Service" + " " * 90 + "#", 7, 14, Style(width=20)) == ("kind: Service…", "      ^^^^^^^")


def test_a_line_of_characters_without_width_is_cut_too() -> None:
    line, marks = shown("a" + "\u0301" * 200 + "bc" + "\u0301" * 200, 202, 204, Style(width=20))
    assert line == "…" + "\u0301" * 20 + "bc" + "\u0301" * 19 + "…"
    assert marks == " ^^"


def test_a_span_longer_than_the_width_is_marked_as_far_as_it_shows() -> None:
    line, marks = shown("z" * 1000, 1, 1001, Style(width=40))
    assert line == "z" * 39 + "…"
    assert marks == "^" * 39


@given(
    st.text("ab\t名é\u0301\x1b 🚀", min_size=1, max_size=200).filter(lambda text: not text.isspace()),
    st.integers(1, 220),
    st.integers(0, 220),
    st.integers(20, 80),
)
def test_marks_never_leave_the_line(text: str, column: int, length: int, width: int) -> None:
    line, marks = shown(text, column, column + length, Style(width=width))
    assert "\x1b" not in line
    assert cells(line) <= width
    assert marks.lstrip(" ").strip("^") == ""
    assert 1 <= len(marks) <= width + 1


def cells(text: str) -> int:
    """How many cells of a terminal the text takes, as far as these tests' characters go."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) == "W" else 1 for c in text)


def test_findings_are_grouped_by_file() -> None:
    other = NODE_PORT._replace(location=place(PODS, 1, 1, 2))
    lines = render(Report((other, TARGET_PORT, NODE_PORT)), PLAIN).split("\n")
    assert [line for line in lines if line.startswith("==>")] == [
        "==> deploy/pods.yaml: 1 warning",
        "==> deploy/web.yaml: 1 error, 1 warning",
    ]


def test_a_suppressed_finding_is_only_counted() -> None:
    text = render(Report((SUPPRESSED,), scanned=Scanned(files=1, objects={"Service": 1})), PLAIN)
    assert text == "no findings (1 suppressed) in 1 file with 1 object\n"


def test_a_suppressed_finding_is_shown_on_demand_with_its_reason_and_where_that_is_written() -> None:
    text = block(SUPPRESSED, Style(show_suppressed=True))
    assert text.startswith("warning[service-node-port] (suppressed): Service/shop/web opens")
    assert text.endswith("\n   = suppressed: a legacy client (inline, deploy/web.yaml:7:3)")


def test_a_suppression_without_a_reason_says_so() -> None:
    finding = SUPPRESSED._replace(suppressed=Suppressed("configuration", "", ".k8snet-lint.yaml:4:5"))
    assert block(finding, Style(show_suppressed=True)).endswith(
        "= suppressed: no reason given (configuration, .k8snet-lint.yaml:4:5)"
    )


def test_units_are_named_three_of_them_unless_verbose() -> None:
    finding = NODE_PORT._replace(help="", units=("a", "b", "c", "d"))
    assert block(finding).endswith("\n   = note: in a, b, c and 1 more")
    assert block(finding, Style(verbose=True)).endswith("\n   = note: in a, b, c, d")


def test_after_the_findings_come_unread_inputs_crashes_and_the_counts() -> None:
    _, tail = render(EVERYTHING, PLAIN).split("Ingress or a Gateway\n\n")
    assert tail == dedent("""\
        error: deploy/broken.yaml:3:4: the quote is never closed
           = help: close it

        error: rule policy-open-cidr crashed at rules/policy/policy_open_cidr.py:31: ValueError: no prefix
           = help: its findings are missing; report it, or leave the rule out with --ignore

        1 error, 1 warning (1 suppressed) in 14 files with 52 objects; 1 input not fully read; 1 rule crashed
    """)


def test_an_unread_input_that_a_parse_error_speaks_of_is_not_said_twice() -> None:
    broken = Source(UNREAD.name, "a\nb\nc: 'd\n")
    finding = NODE_PORT._replace(rule="parse-error", severity=Severity.ERROR, location=place(broken, 3, 4, 5))
    text = render(Report((finding,), (UNREAD,)), PLAIN)
    assert "error: deploy/broken.yaml:3:4" not in text
    assert text.endswith("; 1 input not fully read\n")


def test_an_unread_input_is_said_where_its_parse_error_is_suppressed() -> None:
    finding = SUPPRESSED._replace(rule="parse-error", location=place(Source(UNREAD.name, ""), 3, 4, 5))
    assert "error: deploy/broken.yaml:3:4" in render(Report((finding,), (UNREAD,)), PLAIN)


def test_an_unread_input_as_a_whole_has_no_line() -> None:
    assert render(Report((), (Unread("gone.yaml", "no such file"),)), PLAIN).startswith("error: gone.yaml: no such")


def test_a_clean_run_is_one_line() -> None:
    scanned = Scanned(files=1200, objects={"Service": 2500})
    assert render(Report(scanned=scanned), PLAIN) == "no findings in 1,200 files with 2,500 objects\n"


def test_colours_are_there_on_demand_only() -> None:
    assert "\x1b" not in render(EVERYTHING, PLAIN)
    colored = render(EVERYTHING, Style(color=True))
    assert "\x1b[1;31merror[service-target-port-unknown]\x1b[0m" in colored
    assert "\x1b[1;33mwarning[service-node-port]\x1b[0m" in colored
    assert "\x1b[1;33m^^^^^^^^\x1b[0m" in colored
    assert "\x1b[1;34m 8 |\x1b[0m   type: NodePort" in colored


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_a_label_and_a_colour(severity: Severity) -> None:
    text = render(Report((NODE_PORT._replace(severity=severity),)), Style(color=True))
    assert f"m{severity.label}[service-node-port]\x1b[0m" in text


@given(hostile_reports, st.booleans())
def test_nothing_in_a_manifest_reaches_the_terminal_as_a_command(report: Report, verbose: bool) -> None:
    text = render(report, Style(show_suppressed=True, verbose=verbose))
    assert not [c for c in text if c != "\n" and (ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0)]
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029")
    text.encode("utf-8")


def test_a_crash_alone_is_no_clean_run() -> None:
    assert render(Report(crashed=(CRASH,)), PLAIN).endswith("no findings in no files with no objects; 1 rule crashed\n")
