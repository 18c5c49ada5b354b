"""Object has a key or a value that the API server rejects.

One misspelt key, one number in quotes or one word in the wrong case, and the object is not created; an apply of a whole
directory stops half way. Where an unknown key is let through (`kubectl apply --validate=false`, older servers), it is
dropped, which is worse: a selector, a port or a policy type that was meant is not there, and nothing says so.
The finding names what is expected at that place, and the nearest spelling.

Bad:

```yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: Nodeport  # finding: did you mean 'NodePort'?
  selectors: {app: web}  # finding: unknown key 'selectors' in spec; did you mean 'selector'?
  ports:
    - port: "80"  # finding: spec.ports[0].port '80', a string; expected a whole number from 1 to 65535
      protocol: tcp  # finding: did you mean 'TCP'?
```

```yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
    - host: "*"  # finding: expected a host name
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              serviceName: web  # finding: which this version calls service.name
              servicePort: 80  # finding: which this version calls service.port.number
```

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels:
        app: web
        version: 1.2  # finding: expected a string
    spec:
      hostNetwrok: true  # finding: did you mean 'hostNetwork'?
      containers:
        - name: web
          image: example/web
          ports: [{containerPort: 8080}]
```

Good:

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels: {version: "1.2"}
spec:
  type: NodePort
  selector: {app: web}
  externalTrafficPolicy: null
  ports:
    - {port: 80, targetPort: http, protocol: TCP}
```

Does not fire when:

* a rule that knows more of the place speaks there, such as `service-ports-invalid` or `policy-field-invalid`
* the definition of a custom resource is at hand, which then decides (`crd-validation-violated`)
* a text holds what is still to be filled in (`${PORT}`, `{{ .Values.port }}`, `<your-domain>`)
* a key is missing that whatever builds the object may still add

It is a note where a chart that is rendered with its own values leaves the value empty: those are for its users to give.
Say under `charts` with which values it is applied, and it is judged with these.

Does not see: fields without a bearing on networking; kinds that no schema describes; what spans several fields, which
is for the rules on those fields.

References: Kubernetes API reference; apimachinery `validation`; KEP-2885 (server side unknown field validation).
"""

from __future__ import annotations

from collections.abc import Iterator

from k8snet_lint import Graph, Problem, Severity, rule

LEAVE_OUT = "have the template require the value, or leave the key out where there is none"


@rule(
    severity=Severity.ERROR,
    may_give=(Severity.NOTE,),
    supersedes=("probe-host-field", "service-external-ips", "service-traffic-policy-ineffective"),
    since="0.1",
)
def check(graph: Graph) -> Iterator[Problem]:
    for resource, error in graph.fields.invalid:
        awaited = resource.awaits_value(error.at)
        yield Problem(
            at=error.at,
            message=f"{resource} has {error.what}" + ("; the chart's own values leave it empty" if awaited else ""),
            help=LEAVE_OUT if awaited else error.help,
            severity=Severity.NOTE if awaited else None,
            at_key=error.at_key,
        )
