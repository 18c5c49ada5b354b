"""Source ranges of load balancers that keep nobody out."""

from __future__ import annotations

import pytest

from tests.shop import said, service
from tests.support import lint_text

RULE = "service-source-ranges-ineffective"


def ranges_of(*ranges: str, kind: str = "LoadBalancer") -> str:
    return service(f"type: {kind}, loadBalancerSourceRanges: [{', '.join(ranges)}]")


@pytest.mark.parametrize(
    ("ranges", "version"),
    [
        (["0.0.0.0/0"], 4),
        (["198.51.100.0/24", "0.0.0.0/0"], 4),
        (["'::/0'"], 6),
        (["0.0.0.0/1", "128.0.0.0/1"], 4),
        (["128.0.0.0/2", "192.0.0.0/2", "0.0.0.0/1"], 4),
    ],
)
def test_ranges_that_hold_every_address(ranges: list[str], version: int) -> None:
    assert said(RULE, ranges_of(*ranges)) == [
        f"warning Service/shop/web limits nobody: its source ranges hold every IPv{version} address"
    ]


@pytest.mark.parametrize("ranges", [["10.0.0.0/8"], ["0.0.0.0/1"], ["0.0.0.0/1", "128.0.0.0/2"], ["$RANGE"], []])
def test_ranges_that_limit(ranges: list[str]) -> None:
    assert said(RULE, ranges_of(*ranges)) == []


def test_ranges_may_have_spaces_around_them_as_the_api_server_takes_them_off() -> None:
    assert lint_text(ranges_of("' 10.0.0.0/8 '"), select=[RULE, "field-invalid"]) == []


@pytest.mark.parametrize("text", ["198.51.100.7", "198.51.100.0/33", "everyone", "198.51.100.0/255.255.255.0"])
def test_what_is_no_range_is_an_error(text: str) -> None:
    (found,) = said(RULE, ranges_of(text))
    assert found.startswith(f"error Service/shop/web gives source range '{text}', which is no address range")


def test_only_a_load_balancer_has_ranges() -> None:
    assert said(RULE, ranges_of("10.0.0.0/8", kind="NodePort")) == [
        "error Service/shop/web gives source ranges, which a Service of type NodePort does not have"
    ]


def test_the_field_goes_before_the_annotation() -> None:
    annotation = "annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: 0.0.0.0/0}"
    text = service("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]", metadata=annotation)
    assert said(RULE, text) == []
