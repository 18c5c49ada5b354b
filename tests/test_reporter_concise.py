from __future__ import annotations

from hypothesis import given

from k8snet_lint.report import Report
from k8snet_lint.reporters import Style
from k8snet_lint.reporters.concise import render
from tests.sample_report import EVERYTHING, NODE_PORT, TARGET_PORT, UNREAD, hostile_reports, place


def test_each_finding_unread_input_and_crash_is_one_line() -> None:
    assert render(EVERYTHING, Style()).splitlines() == [
        f"deploy/web.yaml:11:19: error[service-target-port-unknown] {TARGET_PORT.message}",
        "deploy/web.yaml:8:9: warning[service-node-port] Service/shop/web opens a port on every node",
        "deploy/broken.yaml:3:4: error the quote is never closed",
        "rules/policy/policy_open_cidr.py:31: error rule policy-open-cidr crashed: ValueError: no prefix",
    ]


def test_an_unread_input_as_a_whole_has_no_line() -> None:
    assert render(Report(unread=(UNREAD._replace(line=0),)), Style()).startswith("deploy/broken.yaml: error the quote")


def test_suppressed_findings_are_shown_on_demand() -> None:
    assert "(suppressed)" not in render(EVERYTHING, Style())
    assert "warning[service-node-port] (suppressed) Service" in render(EVERYTHING, Style(show_suppressed=True))


def test_line_breaks_are_folded_and_controls_left_out() -> None:
    finding = NODE_PORT._replace(
        message="two\r\n\tlines\x1b[31m, \u202eone \ud800half",
        location=place(NODE_PORT.location.source, 1, 1, 2),
    )
    assert render(Report((finding,)), Style()) == (
        "deploy/web.yaml:1:1: warning[service-node-port] two lines[31m, one \ufffdhalf\n"
    )


def test_a_clean_run_says_so() -> None:
    assert render(Report(), Style()) == "no findings\n"


@given(hostile_reports)
def test_there_are_as_many_lines_as_findings_unread_inputs_and_crashes(report: Report) -> None:
    lines = render(report, Style(show_suppressed=True)).splitlines()
    assert len(lines) == max(1, len(report.findings) + len(report.unread) + len(report.crashed))
