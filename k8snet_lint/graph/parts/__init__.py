"""Worlds in parts, so that what several worlds share is worked out once."""
