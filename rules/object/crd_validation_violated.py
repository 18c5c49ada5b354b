"""Custom resource breaks the definition of its kind.

A CustomResourceDefinition says which fields objects of its kind have, of which sort, and which rules hold between them
(`x-kubernetes-validations`). What breaks it is rejected; a field that it does not know is dropped or rejected, so that
what was meant never happens. Follow the message at the given field.

Definitions are taken from the checked files, and from the files and directories that `--crd` or `crds` in the
configuration names. Where one is at hand, it decides for its kind in place of what k8snet-lint knows itself
(`field-invalid`); where a tree holds several for one version, an object is told of only if none accepts it.

Bad:

```yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: tunnels.example.com}
spec:
  group: example.com
  names: {kind: Tunnel, plural: tunnels}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [peer]
              properties:
                peer: {type: string}
                port: {type: integer, minimum: 1, maximum: 65535}
                mode: {type: string, enum: [Encrypted, Plain]}
---
apiVersion: example.com/v1
kind: Tunnel
metadata: {name: west, namespace: shop}
spec:  # finding: no peer in spec
  port: 70000  # finding: spec.port 70000; expected a whole number from 1 to 65535
  mode: encrypted  # finding: did you mean 'Encrypted'?
  prot: 8080  # finding: unknown key 'prot' in spec; did you mean 'port'?
```

Good:

```yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: tunnels.example.com}
spec:
  group: example.com
  names: {kind: Tunnel, plural: tunnels}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                port: {x-kubernetes-int-or-string: true}
                options: {type: object, x-kubernetes-preserve-unknown-fields: true}
---
apiVersion: example.com/v1
kind: Tunnel
metadata: {name: west, namespace: shop}
spec:
  port: ssh
  options: {anything: goes}
```

Does not fire when:

* no definition of the kind and version is at hand
* the only definition at hand lies among data of tests (`testdata`, `fixtures`), where no such object is
* a text holds what is still to be filled in (`${PORT}`)
* what is wrong stands in `status`, which the API server drops where the definition has it as a subresource
* fields are missing of an object that has a `status` and no `spec`, or nothing but a name: a test expects that of a
  cluster, nobody applies it

Does not see: rules in CEL unless the extra `k8snet-lint[cel]` is installed, which `check --verbose` says; rules that
compare with the object as it was, or use Kubernetes' own CEL functions; definitions that only a chart's templates make.

References: apiextensions API, `JSONSchemaProps`; Kubernetes documentation, *Custom Resources*, *Validation rules*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(severity=Severity.ERROR, since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for resource, definition, error in graph.fields.undefined:
        yield Problem(
            at=error.at,
            message=f"{resource} has {error.what}" if error.by_schema else f"{resource} breaks a rule: {error.what}",
            help=error.help,
            at_key=error.at_key,
            related=((definition["kind"], "the definition of its kind"),),
        )
