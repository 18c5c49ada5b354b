"""What operators make of their custom resources: labelled pods, Services and Secrets that no manifest shows.

Sources: each operator's own documentation of the names and labels it generates.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.resource.base import Resource


MONITORING = "monitoring.coreos.com"
"""The group of the Prometheus operator's kinds."""


class Operated(NamedTuple):
    """What becomes of a custom resource; `{name}` stands for the resource's name.

    Shapes: `labels` are the pods' labels; `prefixes` are label-key prefixes whose values the operator chooses;
    `services` and `secrets` are names it creates.
    """

    labels: Mapping[str, str] = MappingProxyType({})
    prefixes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


def _prometheus(kind: str) -> Operated:
    return Operated(
        labels={
            kind: "{name}",
            "app.kubernetes.io/name": kind,
            "app.kubernetes.io/instance": "{name}",
            "app.kubernetes.io/managed-by": "prometheus-operator",
        },
        prefixes=("operator.prometheus.io/", "app.kubernetes.io/version"),
        services=(f"{kind}-operated",),
    )


def _elastic(short: str, purpose: str) -> Operated:
    """What Elastic's operator calls the Service of a kind and labels its pods with."""
    return Operated(prefixes=(f"{short}.k8s.elastic.co/", _OF_ELASTIC), services=(f"{{name}}-{short}-{purpose}",))


_OF_ELASTIC = "common.k8s.elastic.co/"

REDIS = "redis.redis.opstreelabs.in"
"""The group of the kinds of OT-Container-Kit's operator, whose pods take over the labels of their resource, too."""

_OF_REDIS = ("redis_setup_type", "role")
_APP = "app.kubernetes.io/"

OPERATED: Mapping[tuple[str, str], Operated] = {
    ("apps.openshift.io", "DeploymentConfig"): Operated(labels={"deploymentconfig": "{name}"}),
    ("flagger.app", "Canary"): Operated(services=("{name}", "{name}-canary", "{name}-primary")),
    (MONITORING, "Prometheus"): _prometheus("prometheus"),
    (MONITORING, "Alertmanager"): _prometheus("alertmanager"),
    (MONITORING, "ThanosRuler"): _prometheus("thanos-ruler"),
    ("kafka.strimzi.io", "Kafka"): Operated(
        prefixes=("strimzi.io/", _APP),
        services=(
            "{name}-kafka-bootstrap",
            "{name}-kafka-brokers",
            "{name}-zookeeper-client",
            "{name}-zookeeper-nodes",
        ),
        secrets=("{name}-cluster-ca-cert", "{name}-clients-ca-cert"),
    ),
    ("kafka.strimzi.io", "KafkaConnect"): Operated(prefixes=("strimzi.io/", _APP), services=("{name}-connect-api",)),
    ("kafka.strimzi.io", "KafkaBridge"): Operated(prefixes=("strimzi.io/", _APP), services=("{name}-bridge-service",)),
    ("postgresql.cnpg.io", "Cluster"): Operated(
        labels={"postgresql": "{name}", "cnpg.io/cluster": "{name}"},
        prefixes=("cnpg.io/", "role"),
        services=("{name}-rw", "{name}-ro", "{name}-r"),
        secrets=("{name}-app", "{name}-superuser", "{name}-ca", "{name}-server"),
    ),
    ("postgresql.cnpg.io", "Pooler"): Operated(
        labels={"cnpg.io/poolerName": "{name}"}, prefixes=("cnpg.io/",), services=("{name}",)
    ),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): Operated(
        prefixes=("elasticsearch.k8s.elastic.co/", "common.k8s.elastic.co/"),
        services=("{name}-es-http", "{name}-es-transport", "{name}-es-internal-http"),
        secrets=("{name}-es-elastic-user", "{name}-es-http-certs-public", "{name}-es-http-certs-internal"),
    ),
    ("kibana.k8s.elastic.co", "Kibana"): Operated(
        prefixes=("kibana.k8s.elastic.co/", "common.k8s.elastic.co/"),
        services=("{name}-kb-http",),
        secrets=("{name}-kb-http-certs-public",),
    ),
    ("apm.k8s.elastic.co", "ApmServer"): _elastic("apm", "http"),
    ("agent.k8s.elastic.co", "Agent"): _elastic("agent", "http"),
    ("enterprisesearch.k8s.elastic.co", "EnterpriseSearch"): _elastic("ent", "http"),
    ("maps.k8s.elastic.co", "ElasticMapsServer"): _elastic("ems", "http"),
    ("logstash.k8s.elastic.co", "Logstash"): _elastic("ls", "api"),
    ("postgres-operator.crunchydata.com", "PostgresCluster"): Operated(
        prefixes=("postgres-operator.crunchydata.com/",),
        services=("{name}-primary", "{name}-replicas", "{name}-ha", "{name}-pods", "{name}-pgbouncer"),
        secrets=("{name}-pguser-*", "{name}-cluster-cert"),
    ),
    ("acid.zalan.do", "postgresql"): Operated(
        labels={"cluster-name": "{name}", "application": "spilo"},
        prefixes=("spilo-role",),
        services=("{name}", "{name}-repl", "{name}-pooler"),
    ),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"): Operated(
        labels={"app": "{name}-svc"}, services=("{name}-svc",)
    ),
    (REDIS, "Redis"): Operated(
        labels={"app": "{name}"},
        prefixes=(*_OF_REDIS, _APP),
        services=("{name}", "{name}-additional", "{name}-headless"),
    ),
    (REDIS, "RedisReplication"): Operated(
        labels={"app": "{name}"},
        prefixes=(*_OF_REDIS, _APP),
        services=("{name}", "{name}-additional", "{name}-headless", "{name}-master", "{name}-replica"),
    ),
    (REDIS, "RedisSentinel"): Operated(
        labels={"app": "{name}-sentinel"},
        prefixes=(*_OF_REDIS, _APP),
        services=("{name}-sentinel", "{name}-sentinel-additional", "{name}-sentinel-headless"),
    ),
    (REDIS, "RedisCluster"): Operated(
        prefixes=("app", *_OF_REDIS),
        services=("{name}-leader*", "{name}-follower*", "{name}-master"),
    ),
    ("databases.spotahome.com", "RedisFailover"): Operated(
        labels={f"{_APP}name": "{name}"}, prefixes=(_APP, "redisfailovers"), services=("rfs-{name}", "rfr-{name}")
    ),
    ("rabbitmq.com", "RabbitmqCluster"): Operated(
        labels={f"{_APP}name": "{name}"},
        prefixes=(_APP,),
        services=("{name}", "{name}-nodes"),
        secrets=("{name}-default-user",),
    ),
    ("minio.min.io", "Tenant"): Operated(
        labels={"v1.min.io/tenant": "{name}"},
        prefixes=("v1.min.io/",),
        services=("minio", "{name}-console", "{name}-hl"),
    ),
    ("monitoring.grafana.com", "GrafanaAgent"): Operated(
        labels={"grafana-agent": "{name}", f"{_APP}name": "grafana-agent"},
        prefixes=(_APP, "operator.agent.grafana.com/"),
        services=("{name}-operated",),
    ),
    ("grafana.integreatly.org", "Grafana"): Operated(labels={"app": "{name}"}, services=("{name}-service",)),
    ("jaegertracing.io", "Jaeger"): Operated(
        labels={"app": "jaeger", f"{_APP}instance": "{name}"},
        prefixes=(_APP,),
        services=("{name}-query", "{name}-collector", "{name}-agent", "{name}-collector-headless"),
    ),
    ("opentelemetry.io", "OpenTelemetryCollector"): Operated(
        labels={f"{_APP}name": "{name}-collector"},
        prefixes=(_APP,),
        services=("{name}-collector", "{name}-collector-headless"),
    ),
    ("k8s.mariadb.com", "MariaDB"): Operated(
        labels={f"{_APP}instance": "{name}"}, prefixes=(_APP, "k8s.mariadb.com/"), services=("{name}", "{name}-primary")
    ),
    ("k8s.keycloak.org", "Keycloak"): Operated(
        labels={"app": "keycloak", f"{_APP}instance": "{name}"}, prefixes=(_APP,), services=("{name}-service",)
    ),
    ("serving.knative.dev", "Service"): Operated(
        labels={"serving.knative.dev/service": "{name}"}, prefixes=("serving.knative.dev/",), services=("{name}",)
    ),
}


def operated(resource: Resource) -> Operated | None:
    """What an operator makes of the resource, with its name filled in; None for kinds not known."""
    known = OPERATED.get((resource.group, resource.kind))
    if known is None:
        return None

    def named(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text.replace("{name}", resource.name) for text in texts)

    return Operated(
        labels={key: value.replace("{name}", resource.name) for key, value in known.labels.items()},
        prefixes=known.prefixes,
        services=named(known.services),
        secrets=named(known.secrets),
    )
