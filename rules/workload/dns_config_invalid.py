"""Pod's DNS settings are rejected.

With `dnsPolicy: None` a pod has no name servers but those of `dnsConfig`, so the API server wants at least one; of name
servers and of search domains it takes as many as resolvers read. A workload with such a template makes no pods.

Bad:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  dnsPolicy: None  # finding: names no name servers
  containers: [{name: web, image: web}]
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop}
spec:
  dnsConfig:
    nameservers: [192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4]  # finding: 4 name servers
  containers: [{name: api, image: api}]
```

Good:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  dnsPolicy: None
  dnsConfig:
    nameservers: [192.0.2.1]
    searches: [shop.svc.cluster.local]
  containers: [{name: web, image: web}]
```

Does not fire when an operator writes the rest of the template.

References: Pod API, `spec.dnsPolicy`, `spec.dnsConfig` (API server, `ValidatePodDNSConfig`: 3 name servers, 32 search
domains of 2048 characters together); KEP-2595.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint import Graph, Problem, Severity, rule
from k8snet_lint.kinds import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_NAMESERVERS = 3
MOST_SEARCHES = 32
MOST_SEARCH_CHARACTERS = 2048


@rule(severity=Severity.ERROR, supersedes=("field-invalid",), since="0.1")
def check(graph: Graph) -> Iterator[Problem]:
    for workload in graph.select(Workload):
        if not workload.is_verbatim:
            continue
        policy, config = workload.pod_spec["dnsPolicy"], workload.pod_spec["dnsConfig"]
        servers, searches = config["nameservers"], config["searches"]
        if policy.value == "None" and not servers and (config.is_mapping or not config):
            message = f"{workload} has dnsPolicy None and names no name servers"
            yield Problem(at=policy, message=message, help="add dnsConfig.nameservers, or delete dnsPolicy")
        if len(tuple(servers)) > MOST_NAMESERVERS:
            message = f"{workload} names {len(tuple(servers))} name servers; {MOST_NAMESERVERS} are read"
            yield Problem(at=servers, message=message, help=f"keep {MOST_NAMESERVERS} of them")
        length = len(" ".join(each.text for each in searches))
        if len(tuple(searches)) > MOST_SEARCHES or length > MOST_SEARCH_CHARACTERS:
            message = (
                f"{workload} has {len(tuple(searches))} search domains of {length} characters together; "
                f"{MOST_SEARCHES} of {MOST_SEARCH_CHARACTERS} are taken"
            )
            yield Problem(at=searches, message=message, help="keep those that are looked up by short names")
