"""Ingresses: their classes, the requests that they claim, and their TLS."""
