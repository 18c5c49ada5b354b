"""Configuration: found, read and checked, merged with the command line's flags."""

from k8snet_lint.config.file import discover, load
from k8snet_lint.config.model import Config, Flags, Override, Suppression, kubernetes_version

__all__ = ["Config", "Flags", "Override", "Suppression", "discover", "kubernetes_version", "load"]
