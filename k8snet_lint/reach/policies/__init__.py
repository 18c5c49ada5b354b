"""Policies of Kubernetes and of other engines, put into the one shape that the analysis knows (`reach.spec`)."""
