"""The commented configuration that `k8snet-lint init` writes."""

from __future__ import annotations

from k8snet_lint.facts import Facts

_VERSION = ".".join(map(str, Facts().kubernetes_version))

STARTER = f"""\
# How k8snet-lint checks this repository. Every key is optional; what is commented out shows its form.
# `k8snet-lint schema config` prints all keys and what they mean.

# Files and directories to check where the command line names none, and what in them is not read.
#paths: [deploy]
#exclude: [vendor, "**/testdata/**"]

# The rules: recommended, strict or security; then by id or subject what to run instead, and what to leave out.
preset: recommended
#select: [policy, service-node-port]
#ignore: [service-node-port]

# What findings count as, and from which severity on a run fails.
#severity:
#  service-node-port: error
fail-on: warning

# Options of rules; `k8snet-lint explain RULE` lists them.
#options: {{}}

# The cluster that the manifests are for. The version stands in quotes, as 1.30 would be the number 1.3.
#kubernetes-version: "{_VERSION}"
#namespace: shop
#cluster:
#  domain: cluster.local
#  pod-cidrs: [10.244.0.0/16]
#  service-cidrs: [10.96.0.0/12]
#  node-port-range: 30000-32767
#  default-ingress-class: nginx
#  internal-ingress-classes: [nginx-internal]
#  tls-terminated-upstream: true
#  cni: upstream
#  ingress-controller:
#    namespace: ingress-nginx
#    labels: {{app.kubernetes.io/name: ingress-nginx}}
#system-namespaces: [kube-system, kube-public, kube-node-lease]
#controller-labels: [example.com/shard]
#include-jobs: false

# How charts are applied: a unit for each entry. What the kubernetes-version is, templates are told.
#charts:
#  - path: charts/shop
#    values: [charts/shop/values-prod.yaml]
#    release: shop
#    namespace: shop
#    name: shop/prod
#render: auto

# What is applied together, and what one cluster gets together, where that is not what is discovered;
# `k8snet-lint graph` lists both.
#units:
#  - name: shop
#    paths: [deploy/common, deploy/shop]
#    namespace: shop
#worlds:
#  - name: prod
#    units: [shop, "apps/*/overlays/prod"]

# What exists in the cluster besides these files; names are namespace/name or a bare name, and may hold *.
#assume:
#  complete: false
#  namespaces:
#    - monitoring
#    - name: payments
#      labels: {{team: payments}}
#  services: [payments/gateway]
#  secrets: ["*-tls"]
#  config-maps: [kube-root-ca.crt]
#  ingress-classes: [nginx]
#  gateway-classes: [internal]
#  gateways: ["infra/*"]

# Findings that are accepted. In a manifest: a comment `# k8snet-lint: ignore[service-node-port] why`
# on the line or above it, or the annotation k8snet-lint.io/ignore: "service-node-port: why".
#suppressions:
#  - rule: service-node-port
#    resource: Service/shop/web
#    reason: moves behind the gateway in spring
#    expires: 2027-06-30
#require-reason: true
#inline: true

# Settings for a part of the files.
#overrides:
#  - paths: ["dev/**"]
#    ignore: [workload-not-isolated]
#    severity: {{ingress-without-tls: note}}

# Whether charts and other inputs that are recognised and not analysed make the exit code 3.
#strict-inputs: true
"""
