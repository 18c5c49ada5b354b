"""Ports: of pods, of nodes, and those that nobody serves."""
