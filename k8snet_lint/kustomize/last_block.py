"""The end of a document that another follows: kustomize keeps the line break before `---`, which kubectl leaves out.

It shows where a block of text stands last, as the last entry of a ConfigMap often does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.inset import inner_of
from k8snet_lint.kustomize.part import Part
from k8snet_lint.manifest import Document

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

_HEADER = re.compile(r"(?:^|[\s:-])[|>](?:[1-9]?([-+]?)|([-+])[1-9])[ \t]*(?:#.*)?$")


def keep_break(root: Part) -> None:
    """Give a block of text that ends its document the line break that follows it."""
    chomping = _chomping(root.node)
    if chomping is None or chomping == "-":
        return
    last = root
    while last.fields or last.items:
        last = list(last.fields.values())[-1] if last.is_mapping else last.items[-1]
    text = last.plain()
    if isinstance(text, str) and text and (chomping == "+" or not text.endswith("\n")):
        last.become(Part(last.node, f"{text}\n", last.before))


def _chomping(node: Node) -> str | None:
    """What the header of the block says of its last line break that a document ends in; None where it ends in none."""
    document = inner_of(node)
    if not isinstance(document, Document) or not document.is_followed or not _is_last(node):
        return None
    found, least = None, 0
    for line in reversed(document.text.rstrip("\n").split("\n")):
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip():
            continue
        header = _HEADER.search(line)
        if header is not None and indent < least:
            found = header[1] or header[2] or ""
        if indent == 0:
            break
        least = min(least or indent, indent)
    return found


def _is_last(node: Node) -> bool:
    """Whether nothing follows a value in its document: it is all of it, or the last item of a list in it."""
    while node.parent is not None:
        siblings = list(node.parent.value)
        if node.key != (siblings[-1] if node.parent.is_mapping else len(siblings) - 1):
            return False
        node = node.parent
    return True
