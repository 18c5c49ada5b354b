"""A YAML text, whatever of YAML it uses → the document that it holds, by PyYAML's event stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.error import YAMLError

from k8snet_lint.manifest import ordinary, rarities

if TYPE_CHECKING:
    from json import JSONDecodeError

    from k8snet_lint.manifest.reading import Reading


def read(text: str, json_error: JSONDecodeError | None = None) -> Reading:
    """What the text holds; `json_error` tells why it is no JSON, where it looks like some. Raises Refused."""
    try:
        return ordinary.read(text) or rarities.read(text)
    except (YAMLError, UnicodeEncodeError) as error:
        from k8snet_lint.manifest.explain import explain, explain_json  # noqa: PLC0415 - for faulty files only

        raise (explain_json(json_error) if json_error else explain(error, text)) from None
