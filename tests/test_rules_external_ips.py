"""Services that take over external addresses."""

from __future__ import annotations

from tests.shop import rule_lines, said, service

RULE = "service-external-ips"


def test_all_are_told_at_the_first() -> None:
    assert rule_lines(RULE, service("externalIPs: [203.0.113.10, 203.0.113.11]")) == [
        "4:22: error[service-external-ips] Service/shop/web takes over traffic for 203.0.113.10, 203.0.113.11"
    ]


def test_the_option_allows_addresses_and_networks() -> None:
    text = service("externalIPs: [203.0.113.10, 198.51.100.9, '2001:db8::1']")
    allowed = ["203.0.113.0/24", "2001:db8::/32"]
    assert said(RULE, text, options={RULE: {"allow": allowed}}) == [
        "error Service/shop/web takes over traffic for 198.51.100.9"
    ]
