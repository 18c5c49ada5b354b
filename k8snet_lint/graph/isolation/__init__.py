"""Which pods policies isolate, of Kubernetes and of other engines."""
