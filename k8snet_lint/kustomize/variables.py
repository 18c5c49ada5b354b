"""Variables (`vars`): values of objects that `$(NAME)` stands for in others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.kustomize import field_path
from k8snet_lint.kustomize.draft import Id
from k8snet_lint.kustomize.field_spec import slots
from k8snet_lint.kustomize.flaw import Refused, Unsupported
from k8snet_lint.kustomize.part import Part
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.manifest import Node

_REFERENCE = re.compile(r"\$(?:\$|\(([^)]*)\))")
WHOLE = 1e21
"""Numbers below this are written without an exponent."""

_INDEX = re.compile(r"\[([0-9]+)\]$")


class Variable(NamedTuple):
    """A variable and the object that it takes its value from, None where there is none yet."""

    entry: Node
    draft: Draft | None

    @property
    def name(self) -> str:
        return self.entry["name"].text


def declare(drafts: Drafts, entry: Node) -> None:
    """Add the variable of an entry of `vars`. Raises Refused where it has the name of another, or means two objects."""
    name = entry["name"].text
    if name in drafts.variables:
        raise Refused(f"there is a variable '{name:.60}' already", entry)
    found = _meant(drafts, entry["objref"])
    if len(found) > 1:
        raise Refused(f"the variable '{name:.60}' may mean {found[0].id} or {found[1].id}", entry)
    drafts.variables[name] = Variable(entry, found[0] if found else None)


def take_over(drafts: Drafts, below: Drafts) -> None:
    """Add the variables of a base."""
    for name, variable in below.variables.items():
        if name in drafts.variables:
            raise Refused(f"there is a variable '{name:.60}' already", variable.entry)
        drafts.variables[name] = variable


def resolve(drafts: Drafts) -> None:
    """Put the values of all variables where `$(NAME)` stands for them. Raises Refused for one without a value."""
    values = {name: _value(variable, drafts) for name, variable in sorted(drafts.variables.items())}
    for draft in drafts if values else ():
        for spec in drafts.config.variables:
            if spec.selects(draft):
                for slot in slots(draft.root, spec.path):
                    if slot.part is not None:
                        slot.set(_replaced(slot.part, values))


def _meant(drafts: Drafts, objref: Node) -> list[Draft]:
    """The objects that are or were what a variable names; no namespace means any."""
    group, version = objref["group"].text, objref["version"].text
    head, slash, tail = objref["apiVersion"].text.rpartition("/")
    group, version = head if slash else group, tail or version
    kind, namespace, name = (objref[key].text for key in ("kind", "namespace", "name"))
    return [
        draft
        for draft in drafts
        if any(
            known == Id(group, version, kind, namespace or known.namespace, name)
            for known in (draft.id, *draft.previous)
        )
    ]


def _value(variable: Variable, drafts: Drafts) -> Part:
    entry, draft = variable
    path = entry["fieldref"]["fieldPath"]
    if draft is None or all(each is not draft for each in drafts):
        kind = entry["objref"]["kind"].text
        if any(kind == unseen for _, unseen in drafts.unseen):
            raise Unsupported(f"the variable '{variable.name:.60}' is of a {kind:.60}, which is not read", entry)
        raise Refused(f"the variable '{variable.name:.60}' names no object that is there", entry)
    keys = [
        key
        for part in field_path.keys_of(path.text or "metadata.name")
        for key in _INDEX.sub(r"\n\1", part).split("\n")
        if key
    ]
    found = field_path.get(draft.root, keys, path)
    if found is None:
        raise Refused(f"{draft.id} has no '{path.text:.80}' that the variable '{variable.name:.60}' could take", entry)
    return found.copy()


def _replaced(part: Part, values: Mapping[str, Part]) -> Part:
    """A field with the values of variables in it: a text, or texts in a mapping or a list."""
    if part.is_mapping:
        for key, below in part.fields.items():
            part.fields[key] = _expanded(below, values)
    elif part.is_list:
        if not all(isinstance(item.plain(), str) for item in part.items):
            raise Refused("something is no text in a list where variables are looked for", part.node)
        part.hold([_expanded(item, values) for item in part.items])
    return _expanded(part, values)


def _expanded(part: Part, values: Mapping[str, Part]) -> Part:
    text = part.plain()
    if not isinstance(text, str) or "$" not in text:
        return part
    whole = _REFERENCE.fullmatch(text)
    value = values.get(whole[1] or "") if whole else None
    if value is not None and _is_scalar(value):
        held = value.plain() if not value.is_null else field_path.text_of(value)
        return Part(value.node, held, (*value.before, part.node, *part.before))
    used: list[Part] = []

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1] or "")
        if value is None or not _is_scalar(value):
            return "$" if match[1] is None else match[0]
        used.append(value)
        return _shown(value.plain(), value)

    expanded = _REFERENCE.sub(put, text)
    givers = (node for value in used for node in (value.node, *value.before))
    return part if expanded == text else Part(part.node, expanded, (*part.before, *givers))


def _is_scalar(part: Part) -> bool:
    return not part.is_mapping and not part.is_list


def _shown(value: Any, part: Part) -> str:  # noqa: ANN401 - as YAML
    """A value within a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < WHOLE else str(value)
    return str(value) if isinstance(value, int) else field_path.text_of(part)
