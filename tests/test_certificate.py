"""What is read off certificates."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8snet_lint.certificate import Certificate, leaf
from tests.certificates import OPENSSL, der, pem


def test_one_that_openssl_made() -> None:
    assert leaf(OPENSSL) == Certificate(("shop.example.com", "*.shop.example.com"), "2051-07-15")


def test_the_first_of_a_chain_is_the_servers() -> None:
    assert leaf(pem("a.example.com") + OPENSSL) == Certificate(("a.example.com",), "2099-12-31")


@pytest.mark.parametrize(
    ("last", "day"), [("490101", "2049-01-01"), ("500101", "1950-01-01"), ("20500101", "2050-01-01")]
)
def test_two_digits_of_a_year(last: str, day: str) -> None:
    found = leaf(pem("a.example.com", last=last))
    assert found is not None
    assert found.last_day == day


def test_neither_version_nor_names() -> None:
    assert leaf(pem(version=False)) == Certificate((), "2099-12-31")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n$(CERT)\n-----END CERTIFICATE-----",
        pem("a.example.com", last="noneatall"),
        pem("a.example.com", last="2050xx01"),
        "-----BEGIN CERTIFICATE-----" + "A" * 100_000 + "-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----MH8=-----END CERTIFICATE-----",  # longer than what holds it
    ],
)
def test_what_is_none(text: str) -> None:
    assert leaf(text) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for body in (data, der(0x30, der(0x30, data))):
        text = b64encode(body).decode()
        found = leaf(f"-----BEGIN CERTIFICATE-----{text}-----END CERTIFICATE-----")
        assert found is None or isinstance(found, Certificate)
