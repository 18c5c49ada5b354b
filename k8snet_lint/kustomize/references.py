"""References by name, brought up to date once names have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.draft import NO_NAMESPACE
from k8snet_lint.kustomize.field_path import text_of
from k8snet_lint.kustomize.field_spec import slots
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from k8snet_lint.kustomize.draft import Draft, Drafts
    from k8snet_lint.kustomize.reference_fields import Target

    Sieve = Callable[[Draft], bool]


class _Names:
    """Objects by the names they had before."""

    def __init__(self, drafts: Drafts) -> None:
        self._by_name: dict[str, list[Draft]] = {}
        self.original_namespaces = {draft.original.namespace for draft in drafts}
        for draft in drafts:
            for name in {known.name for known in draft.previous}:
                self._by_name.setdefault(name, []).append(draft)

    def called(self, name: str) -> Sequence[Draft]:
        return self._by_name.get(name, ())


def update(drafts: Drafts) -> None:
    """Make every reference name its object as it is called now. Raises Refused where it may mean several."""
    names, references = _Names(drafts), drafts.config.references
    for referrer in list(drafts):
        _see_subjects(referrer)
        kind = referrer.original.kind
        for target, spec in (*references.get(kind, ()), *references.get("", ())):
            if spec.selects(referrer.original):
                for slot in slots(referrer.root, spec.path):
                    part = slot.part
                    if part is not None:
                        _update(_Reference(referrer, target, spec.path, names), part, slot.set)


def _see_subjects(referrer: Draft) -> None:
    """Refuse a RoleBinding with subjects that kustomize cannot read, be it that none of them is renamed."""
    subjects = referrer.root.peek(("subjects",)) if referrer.kind == "RoleBinding" else None
    for subject in subjects if isinstance(subjects, list) else ():
        fields = subject if isinstance(subject, dict) else {"kind": None, "namespace": None}
        if not {"kind", "namespace"} <= fields.keys():
            continue
        kind, namespace = fields["kind"], fields["namespace"]
        if not isinstance(kind, str) or (kind == "ServiceAccount" and not isinstance(namespace, str)):
            raise Refused(f"{referrer.id} has a subject whose kind or namespace is no text", referrer.root.node)


class _Reference:
    """A field that names objects of a kind."""

    def __init__(self, referrer: Draft, target: Target, path: tuple[str, ...], names: _Names) -> None:
        self.referrer = referrer
        self.target = target
        self.path = path
        self.names = names
        self.present = referrer.id

    def meant(self, part: Part, name: str, candidates: Sequence[Draft], *, by_namespace: bool) -> Draft | None:
        """The object that a name means; None where nothing has to change."""
        found = [each for each in candidates if self._may_be(each, name)]
        for lenient in (None, True, False):
            if lenient is not None:
                found = [each for each in found if _same_affixes(each, self.referrer, lenient=lenient)]
            if len(found) < 2:
                return found[0] if found else None
        if len({(each.name, each.namespace if by_namespace else "") for each in found}) > 1:
            raise Refused(f"'{name:.60}' may name {' or '.join(str(each.id) for each in found[:3])}", part.node)
        return found[0]

    def _may_be(self, candidate: Draft, name: str) -> bool:
        return (
            any(known.name == name for known in candidate.previous)
            and self._is_of_kind(candidate)
            and self._is_within_reach(candidate)
        )

    def _is_of_kind(self, candidate: Draft) -> bool:
        if not any(self.target.selects(known) for known in candidate.previous):
            return False
        if self.path[-2:] != ("roleRef", "name"):
            return True
        role = self.referrer.root.peek(("roleRef",))
        group, kind = (role.get("apiGroup"), role.get("kind")) if isinstance(role, dict) else (None, None)
        if group is None or kind is None:
            return True
        return any(known.group == group and known.kind == kind for known in candidate.previous)

    def _is_within_reach(self, candidate: Draft) -> bool:
        """Whether the two may be of one namespace; a binding also reaches accounts elsewhere."""
        if self.present.namespace == NO_NAMESPACE or candidate.is_cluster_scoped:
            return True
        if candidate.id.namespace == self.present.namespace:
            return True
        if self.referrer.kind != "RoleBinding" or candidate.kind != "ServiceAccount":
            return False
        subjects = self.referrer.root.peek(("subjects",))
        return isinstance(subjects, list) and any(
            isinstance(each, dict)
            and each.get("kind") == "ServiceAccount"
            and each.get("namespace") == candidate.namespace
            for each in subjects
        )


def _update(reference: _Reference, part: Part, replace: Callable[[Part], None]) -> None:
    """Update what names objects: a name, a mapping of name and namespace, or a list of either."""
    if part.is_mapping:
        _update_mapping(reference, part)
    elif part.is_list:
        for position, item in enumerate(part.items):

            def put(renamed: Part, position: int = position) -> None:
                part.items[position] = renamed

            _update(reference, item, put)
    else:
        name = text_of(part)
        if name:
            found = reference.meant(part, name, reference.names.called(name), by_namespace=False)
            if found is not None and found.name != name:
                replace(_renamed(part, found))


def _update_mapping(reference: _Reference, part: Part) -> None:
    if "name" not in part.fields:
        raise Refused("what names an object has no name", part.node)
    name = part.text("name")
    candidates = _of_namespace(reference.names, name, part)
    found = reference.meant(part, name, candidates, by_namespace=True)
    if found is None or (found.name == name and not found.namespace):
        return
    if found.name != name:
        part.fields["name"] = _renamed(part.fields["name"], found)
    if found.namespace and found.namespace != part.text("namespace"):
        old = part.fields.get("namespace")
        theirs = found.root.at("metadata", "namespace")
        node = theirs.node if theirs is not None else part.node
        part.fields["namespace"] = Part(node, found.namespace, (old.node,) if old is not None else ())


def _of_namespace(names: _Names, name: str, part: Part) -> Sequence[Draft]:
    """The objects of a name in the namespace that a mapping names; that may be one that objects had at first."""
    called = names.called(name)
    if "namespace" not in part.fields:
        return called
    namespace = part.text("namespace")
    if namespace in names.original_namespaces:
        return [each for each in called if each.original.namespace == namespace]
    return [each for each in called if each.id.namespace == namespace]


def _renamed(part: Part, found: Draft) -> Part:
    """A reference to an object by its new name, made of what made that name."""
    name = found.root.at("metadata", "name")
    return Part(part.node, found.name, (*part.before, *(name.before if name is not None else ())))


def _same_affixes(one: Draft, other: Draft, *, lenient: bool) -> bool:
    """Whether two objects got the same prefixes and suffixes last; with `lenient`, none agrees with any."""
    return all(
        (lenient and not (first and second)) or _ends_alike(first, second)
        for first, second in ((one.prefixes, other.prefixes), (one.suffixes, other.suffixes))
    )


def _ends_alike(first: list[str], second: list[str]) -> bool:
    shortest = min(len(first), len(second))
    if shortest == 0:
        return len(first) == len(second)
    return first[-shortest:] == second[-shortest:]
