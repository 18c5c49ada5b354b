"""Objects against schemas: what the API server will not take, where, and what it expects there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.validation.shipped_schemas import glance_of, validator_of

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node
    from k8snet_lint.validation.fields import FieldError

__all__ = ["errors_of"]


def errors_of(root: Node, api_version: str, kind: str) -> tuple[FieldError, ...]:
    """What is wrong with the fields of an object; nothing where no schema is known for its kind and version."""
    glance = glance_of(api_version, kind)
    if glance is None or glance.accepts(root.value):
        return ()
    from k8snet_lint.validation.fields import field_errors  # noqa: PLC0415 - most objects are right

    validator = validator_of(api_version, kind)
    return () if validator is None else field_errors(root, validator)
