"""What policies do, judged as a whole: the questions that rules ask of the exact analysis."""

from k8snet_lint.effects.effects import Effects

__all__ = ["Effects"]
