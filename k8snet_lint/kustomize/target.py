"""Which objects the `target` of a patch selects."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.draft import NO_NAMESPACE, Draft
from k8snet_lint.kustomize.flaw import Refused, Unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.kustomize.draft import Drafts
    from k8snet_lint.manifest import Node

Requirement = tuple[str, frozenset[str] | None, bool]

NAMES = ("group", "version", "kind", "name", "namespace")
FIELDS = frozenset({*NAMES, "labelSelector", "annotationSelector"})

MAX_PATTERN = 512
MAX_REPEATS = 3
"""How many stars and pluses a pattern may hold: each takes a pass over the text for each place where it may end."""

_PLAIN = re.compile(r"[\w.\-/:]*")
_REQUIREMENT = re.compile(
    r"""\s*(?: (?P<absent>!)\s*(?P<missing>[\w./-]+)
             | (?P<key>[\w./-]+)\s*(?:(?P<op>==|!=|=)\s*(?P<value>[\w.-]*)
                                    | \s(?P<set>in|notin)\s*\((?P<values>[^()]*)\))? )\s*(?:,|$)""",
    re.VERBOSE,
)


def selected(drafts: Drafts, target: Node) -> list[Draft]:
    """The objects that a target selects. Raises Refused for one that kustomize refuses.

    Its fields are regular expressions of the whole value; name and namespace may be the original ones or the present
    ones.
    """
    for key, node in target.items():
        if key not in FIELDS:
            raise Refused(f"'{key}' is no field of a target", node)
        if node.value is not None and not isinstance(node.value, str):
            raise Refused(f"'{key}' of a target is no text", node)
    patterns = {key: target[key] for key in NAMES}
    return [draft for draft in drafts if _is_named(draft, patterns) and agrees(draft, target)]


def agrees(draft: Draft, selector: Node) -> bool:
    """Whether an object's labels and annotations are what a selector wants."""
    return all(
        _agrees(_map(draft, field), _requirements(selector[key]))
        for field, key in (("labels", "labelSelector"), ("annotations", "annotationSelector"))
        if selector[key].text
    )


def may_mean(group: str, kind: str, target: Node) -> bool:
    """Whether a target may select objects of a kind, whatever they are called."""
    return fits(target["group"], group) and fits(target["kind"], kind)


def fits(pattern: Node, text: str) -> bool:
    """Whether a regular expression means a whole text; an empty one means any."""
    written = pattern.text
    if not written or written == text:
        return True
    if _PLAIN.fullmatch(written) and "." not in written:
        return False
    return compiled(written, pattern).fullmatch(text[:MAX_PATTERN]) is not None


def compiled(written: str, pattern: Node) -> re.Pattern[str]:
    """The regular expression of a text. Raises Refused for one that is none, or that may take for ever."""
    try:
        return _compiled(written)
    except (re.error, OverflowError):
        raise Unsupported(f"'{written:.60}' is no regular expression that we read", pattern) from None


@lru_cache(maxsize=256)
def _compiled(written: str) -> re.Pattern[str]:
    repeats = len(re.findall(r"(?<!\\)[*+{]", written))
    if len(written) > MAX_PATTERN or repeats > MAX_REPEATS or re.search(r"\)[*+{]|\(\?|\\[1-9]", written):
        message = "too costly"
        raise re.error(message)
    return re.compile(written)


def _is_named(draft: Draft, target: Mapping[str, Node]) -> bool:
    present, original = draft.id, draft.original
    return (
        fits(target["kind"], draft.kind)
        and fits(target["group"], draft.group)
        and fits(target["version"], draft.version)
        and (fits(target["name"], original.name) or fits(target["name"], present.name))
        and any(fits(target["namespace"], _shown(each.namespace)) for each in (original, present))
    )


def _shown(namespace: str) -> str:
    return "_non_namespaceable_" if namespace == NO_NAMESPACE else namespace


def _map(draft: Draft, field: str) -> dict[str, str]:
    """Labels or annotations as texts, as kustomize reads them."""
    found = draft.root.peek(("metadata", field))
    pairs = found.items() if isinstance(found, dict) else ()
    return {key: value if isinstance(value, str) else "" if not value else json.dumps(value) for key, value in pairs}


def _requirements(node: Node) -> list[Requirement]:
    """The parts of a selector: the key, the values that it may have (None for any), and whether they are wanted."""
    text, position = node.text.strip(), 0
    found: list[Requirement] = []
    while position < len(text):
        match = _REQUIREMENT.match(text, position)
        if match is None:
            raise Refused(f"'{text:.60}' is no selector", node)
        position = match.end()
        if match["absent"]:
            found.append((match["missing"], None, False))
        elif match["op"]:
            found.append((match["key"], frozenset({match["value"]}), match["op"] != "!="))
        elif match["set"]:
            values = frozenset(value.strip() for value in match["values"].split(","))
            found.append((match["key"], values, match["set"] == "in"))
        else:
            found.append((match["key"], None, True))
    return found


def _agrees(held: dict[str, str], requirements: list[Requirement]) -> bool:
    for key, values, wanted in requirements:
        met = key in held and (values is None or held[key] in values)
        if met is not wanted:
            return False
    return True
