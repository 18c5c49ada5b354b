"""Service meshes: what Istio and Linkerd make of their kinds."""
