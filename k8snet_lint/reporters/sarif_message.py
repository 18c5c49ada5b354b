"""SARIF's plain text messages: escapes, and links to related locations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.reporters.plain import plain
from k8snet_lint.reporters.sarif_model import Message
from k8snet_lint.reporters.wording import plural

if TYPE_CHECKING:
    from k8snet_lint.report import Finding

RELATED_LIMIT = 10  # a message that links to more is no longer read

_SPECIAL = re.compile(r"[\\\[\]{]")
_LINK_CHARACTERS = re.compile(r"[\\\[\]]")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def message(text: str) -> Message:
    """A message of one sentence."""
    return Message(text=_sentence(text))


def finding_message(finding: Finding) -> Message:
    """What is wrong, the related places as links to the related locations of that number, and what to do."""
    sentences = [_sentence(finding.message)]
    if finding.related:
        links = [
            f"[{_escaped(related.message or str(related.location))}]({number})"
            for number, related in enumerate(finding.related[:RELATED_LIMIT], start=1)
        ]
        if more := len(finding.related) - len(links):
            links.append(f"and {plural(more, 'more place')}")
        sentences.append(f"See {', '.join(links)}.")
    if finding.help:
        sentences.append(f"Help: {_sentence(finding.help)}")
    return Message(text=" ".join(sentences))


def _sentence(text: str) -> str:
    return f"{_escaped(text).rstrip('.')}."


def _escaped(text: str) -> str:
    """The text with nothing left that a reader would take for a link or a placeholder.

    Braces in general stay single although the specification doubles them: code scanning shows messages as
    they are, and no reader replaces what is not a number in braces.
    """
    text = plain(text)
    if not _SPECIAL.search(text):
        return text
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK_CHARACTERS.sub(r"\\\g<0>", text))
