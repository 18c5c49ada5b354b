"""ReferenceGrant opens every Secret of a namespace, or nothing at all.

A grant for Secrets without a `name` lets whoever may write a Gateway in the trusted namespace use any certificate of
this one, those that are added later among them, and so answer in the name of its hosts. Name the Secret that is meant.
A grant that nothing uses is a door left open: take it out.

Bad:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: certificates, namespace: vault}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: infra}]
  to:
  - {group: "", kind: Secret}  # finding: lets Gateways of 'infra' use every Secret of 'vault'
```

Good:

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: certificates, namespace: vault}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: infra}]
  to: [{group: "", kind: Secret, name: shop-tls}]
```

Does not fire when:

* the grant is for Services: a route that is allowed in may as well have all of them;
* the option `allow` names the grant, as `namespace/name` or a name, `*` for any letters.

That nothing uses a grant is a note, and said only where the files are all there is (`--assume-complete`).

References:

* Gateway API: `ReferenceGrantTo.name`; GEP-709
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Preset, Problem, Severity, rule
from k8snet_lint.kinds import ReferenceGrant
from k8snet_lint.record import NamedTuple


class Options(NamedTuple):
    """`allow` are grants that may be as broad as they are, by `namespace/name` or name."""

    allow: tuple[str, ...] = ()


@rule(
    severity=Severity.WARNING,
    may_give=(Severity.NOTE,),
    since="0.1",
    presets=(Preset.RECOMMENDED, Preset.SECURITY),
    options=Options,
)
def check(graph: Graph, options: Options) -> Iterator[Problem]:
    for grant in graph.select(ReferenceGrant):
        if grant.is_among(options.allow):
            continue
        who = sorted({f"{each.kind}s of '{each.namespace}'" for each in grant.trusted})
        for granted in grant.granted:
            if (granted.group, granted.kind) == ("", "Secret") and not granted.name and who:
                yield Problem(
                    at=granted.node,
                    message=f"{grant} lets {' and '.join(who)} use every Secret of '{grant.namespace}'",
                    help="add the `name` of the Secret that is meant",
                )
    for grant in graph.grants.unused if graph.facts.assumed.complete and graph.select(ReferenceGrant) else ():
        if not grant.is_among(options.allow):
            yield Problem(
                at=grant.name_node,
                message=f"{grant} allows nothing that the files hold",
                help="delete it",
                severity=Severity.NOTE,
            )
