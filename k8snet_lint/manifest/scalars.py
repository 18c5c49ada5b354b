"""What scalars mean to kubectl: YAML 1.1 as Kubernetes' reader resolves it, then made fit for JSON.

Source of the semantics: `resolve.go` of goyaml.v2 and `convertToJSONableObject` of sigs.k8s.io/yaml.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from k8snet_lint.expression import expression
from k8snet_lint.manifest.problem import ScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

Scalar = str | int | float | bool | None
Resolved = TypeVar("Resolved")

_MEMO_SIZE = 32_768
_MEMO_LENGTH = 128
_INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**64)
_YAML_TAG = "tag:yaml.org,2002:"
_QUOTE_IT = "quote it if it is a text"

# A plain scalar that starts with none of these is a string; the empty one is null.
_HINTS = "+-0123456789yYnNtTfFoO~."

# No number ends in anything else, nor does a decimal one of so few digits leave 64 bits.
_ENDS = "0123456789abcdefABCDEF._"
_SHORT = 18

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}

_INTEGER = expression(r"([-+]?)(?:(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+)|0([0-7]*)|([1-9][0-9]*))")
_FLOAT = expression(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOTTED = expression(r"\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?")


def resolve(text: str) -> Scalar:
    """The value of a plain scalar, before JSON: floats stay floats, infinities and NaN are among them.

    Raises ScalarError for a whole number beyond the range of a float.
    """
    first = text[:1]
    if first not in _HINTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if first in "yYnNtTfFoO~":
        return text
    if first == ".":
        return _finite(text) if _DOTTED.fullmatch(text) else text
    return _number(text)


def _number(text: str) -> Scalar:
    if text[-1] not in _ENDS:
        return text
    if len(text) <= _SHORT and text[0] != "0" and text.isascii() and text.isdigit():
        return int(text)
    plain = text.replace("_", "")
    integer = _INTEGER.fullmatch(plain)
    if integer:
        whole = _whole(*integer.groups())
        if whole is not None:
            return whole
    if not _FLOAT.fullmatch(plain):
        return text
    value = _finite(plain)
    if isinstance(value, str) and plain.isdigit():
        raise ScalarError(f"`{text:.20}…` has {len(text)} digits, more than a number can", _QUOTE_IT)
    return text if isinstance(value, str) else value


def _whole(sign: str, prefixed: str | None, octal: str | None, decimal: str | None) -> int | float | None:
    """An integer within 64 bits; beyond, a float where it has a prefix, None where it reads as a decimal float."""
    if decimal and len(decimal) > 20:
        return None
    magnitude = int(prefixed, 0) if prefixed else int(decimal) if decimal else int(octal or "0", 8)
    value = -magnitude if sign == "-" else magnitude
    if value in _INT64 or (not sign and value in _UINT64):
        return value
    if sign or not prefixed:
        return None
    try:
        return float(value)
    except OverflowError:
        raise ScalarError(f"`{prefixed:.20}…` is larger than a number can be", _QUOTE_IT) from None


def _finite(text: str) -> float | str:
    value = float(text)
    return text if math.isinf(value) else value


def for_json(value: Scalar, text: str) -> Scalar:
    """The value as JSON carries it: a whole float is an integer; infinities and NaN raise ScalarError."""
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        raise ScalarError(f"`{text}` is no number that a manifest can hold", _QUOTE_IT)
    return int(value) if value.is_integer() and int(value) in _INT64 else value


def as_key(value: Scalar, text: str) -> str:
    """The key as JSON carries it: `80` is "80", `on` is "true"; null raises ScalarError."""
    if value is None:
        message = f"`{text}` means null, which is no key" if text else "there is no key before the `:`"
        raise ScalarError(message, "quote the key" if text else "write the key")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value not in _INT64:
        raise ScalarError(f"`{text}` is too large a number for a key", "quote the key")
    return _shortest(value) if isinstance(value, float) else str(value)


def _shortest(value: float) -> str:
    """The fewest digits that single precision tells apart, as Go's `FormatFloat(value, 'g', -1, 32)` writes them."""
    import struct  # noqa: PLC0415 - hardly a key is a fraction

    if math.isnan(value):
        return ".nan"
    try:
        single = struct.pack("f", value)
    except OverflowError:
        single = struct.pack("f", math.copysign(math.inf, value))
    (rounded,) = struct.unpack("f", single)
    if math.isinf(rounded):
        return ".inf" if rounded > 0 else "-.inf"
    digits = next(n for n in range(9) if struct.pack("f", float(f"{rounded:.{n}e}")) == single)
    scientific = f"{rounded:.{digits}e}"
    exponent = int(scientific.partition("e")[2])
    return f"{rounded:.{max(digits - exponent, 0)}f}" if -4 <= exponent < 6 else scientific


class Memo(dict[str, Resolved]):
    """What short plain scalars were resolved to, so that each is resolved once; equal texts become one object."""

    def __init__(self, resolve_text: Callable[[str], Resolved]) -> None:
        super().__init__()
        self.resolve_text = resolve_text

    def __missing__(self, text: str) -> Resolved:
        value = self.resolve_text(text)
        if len(text) <= _MEMO_LENGTH:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[text] = value
        return value


VALUES: Memo[Scalar] = Memo(lambda text: for_json(resolve(text), text))
KEYS: Memo[str] = Memo(lambda text: as_key(resolve(text), text))


def tagged(tag: str, text: str) -> Scalar:
    """The value of a scalar that carries a tag, before JSON; a tag that is not YAML's own leaves a string.

    Raises ScalarError where the text is no such thing as the tag says.
    """
    name = tag.removeprefix(_YAML_TAG) if tag.startswith(_YAML_TAG) else ""
    if name == "binary":
        return _binary(text)
    if name not in ("bool", "int", "float", "null"):
        return text
    value = resolve(text)
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if name != {bool: "bool", int: "int", float: "float", type(None): "null"}.get(type(value)):
        shown = f"`{text:.40}`" if text else "an empty value"
        raise ScalarError(f"{shown} is not what its tag `!!{name}` says", "drop the tag, or mend the value")
    return value


def _binary(text: str) -> str:
    import base64  # noqa: PLC0415 - hardly a value is tagged so

    try:
        data = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except ValueError:
        raise ScalarError("the value tagged `!!binary` is not base64", "drop the tag, or mend the value") from None
    return data.decode("utf-8", "replace")
