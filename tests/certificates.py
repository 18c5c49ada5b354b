"""A certificate that OpenSSL made, and others that say what a test wants them to say."""

from __future__ import annotations

from base64 import b64encode

OPENSSL = """
-----BEGIN CERTIFICATE-----
MIIBrjCCAVSgAwIBAgIUahg553bh1/aVbQmnLb38lPrHHJ8wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEc2hvcDAgFw0yNjExMjMwNjU5NTBaGA8yMDUxMDcxNTA2NTk1
MFowDzENMAsGA1UEAwwEc2hvcDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAtc
3w05JGbjCGvnnG8NFsvO6uRUzw5duLgL7BwnhgnyMNdNnaBgHafkeSxfkCwwUv2s
sAyOanTS6UMGAjI/Cu2jgYswgYgwHQYDVR0OBBYEFABw4h6C9a0pKoqRfe/E6IR9
5GYTMB8GA1UdIwQYMBaAFABw4h6C9a0pKoqRfe/E6IR95GYTMA8GA1UdEwEB/wQF
MAMBAf8wNQYDVR0RBC4wLIIQc2hvcC5leGFtcGxlLmNvbYISKi5TaG9wLmV4YW1w
bGUuY29thwTAAAIHMAoGCCqGSM49BAMCA0gAMEUCIHFnIAbgUdUeYT6jNR9NiOjl
Oor33rZGn4os59K0lZc/AiEA88/X6+6Px2jOXEsy1sLJKkOIv3EwUVW+bJIWi4fV
x7o=
-----END CERTIFICATE-----
"""
"""For shop.example.com, *.Shop.example.com and 192.0.2.7, until 2051-07-15."""


def pem(*hosts: str, last: str = "20991231", version: bool = True) -> str:
    """A certificate of that shape (RFC 5280), signed by nobody; `last` is a GeneralizedTime's or a UTCTime's date."""
    tag = 0x18 if len(last) == 8 else 0x17
    first = "20200101" if tag == 0x18 else "200101"
    names = b"".join(der(0x82, host.encode()) for host in hosts)
    extension = der(0x30, der(0x06, b"\x55\x1d\x11") + der(0x01, b"\xff") + der(0x04, der(0x30, names)))
    parts = [
        der(0xA0, der(0x02, b"\x02")) if version else b"",
        der(0x02, b"\x01"),
        der(0x30, b""),
        der(0x30, b""),
        der(0x30, der(tag, f"{first}000000Z".encode()) + der(tag, f"{last}235959Z".encode())),
        der(0x30, b""),
        der(0x30, b""),
        der(0xA3, der(0x30, extension)) if hosts else b"",
    ]
    whole = der(0x30, der(0x30, b"".join(parts)) + der(0x30, b"") + der(0x03, b"\x00"))
    return f"-----BEGIN CERTIFICATE-----\n{b64encode(whole).decode()}\n-----END CERTIFICATE-----\n"


def der(tag: int, body: bytes) -> bytes:
    """An element, its length in as few bytes as it takes."""
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body
