"""Accepted findings: by comment, by annotation or by configuration; and which of these accept nothing."""

from k8snet_lint.suppression.annotated import Annotated, files_of
from k8snet_lint.suppression.match import ANNOTATION, Entry, Lapse, Suppressions

__all__ = ["ANNOTATION", "Annotated", "Entry", "Lapse", "Suppressions", "files_of"]
