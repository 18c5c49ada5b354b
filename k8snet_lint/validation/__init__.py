"""Objects against schemas: what the API server will not take, where, and what it expects there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.validation.fields import FieldError, field_errors
from k8snet_lint.validation.shipped_schemas import validator_of

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

__all__ = ["FieldError", "errors_of"]


def errors_of(root: Node, api_version: str, kind: str) -> tuple[FieldError, ...]:
    """What is wrong with the fields of an object; nothing where no schema is known for its kind and version."""
    validator = validator_of(api_version, kind)
    return () if validator is None else field_errors(root, validator)
