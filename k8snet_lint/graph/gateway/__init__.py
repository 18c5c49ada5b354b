"""The Gateway API: listeners, routes that attach to them, and references that are granted."""
