"""What listens behind ports that nobody outside should reach, by its default port (each product's documentation)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from k8snet_lint.graph.roles import Roles
    from k8snet_lint.resource import ServicePort, Workload

PORTS = {
    "Cassandra": (9042,),
    "CouchDB": (5984,),
    "Elasticsearch": (9200, 9300),
    "Kibana": (5601,),
    "MongoDB": (27017, 27018, 27019),
    "MySQL": (3306,),
    "NFS": (2049,),
    "Neo4j": (7687,),
    "Ollama": (11434,),
    "Oracle": (1521,),
    "PostgreSQL": (5432,),
    "RDP": (3389,),
    "RabbitMQ's console": (15672,),
    "Redis": (6379,),
    "SMB": (445,),
    "SQL Server": (1433,),
    "SSH": (22, 2222),
    "VNC": (5900,),
    "ZooKeeper": (2181,),
    "etcd": (2379, 2380),
    "memcached": (11211,),
    "the Docker API": (2375, 2376),
    "the kubelet": (10250, 10255),
}

OVER_UDP = frozenset({"NFS", "RDP", "memcached"})
"""What answers over UDP as well; all others do over TCP alone."""


class SensitivePorts:
    """The databases, control ports and consoles that pods serve; `ignored` are numbers, as text, that tell nothing."""

    def __init__(self, roles: Roles, ignored: Collection[str]) -> None:
        self._roles = roles
        self._products: dict[int | str | None, str] = {
            number: what for what, numbers in PORTS.items() for number in numbers if str(number) not in ignored
        }

    def served(self, protocol: str, workload: Workload | None, *numbers: int | str | None) -> str:
        """What is served, by the first of some ports that tells, or else by the pods' image; empty where nothing is."""
        what = next((self._products[number] for number in numbers if number in self._products), "")
        if not what and workload:
            what = self._roles.console(workload)
        return what if protocol == "TCP" or what in OVER_UDP else ""

    def behind(self, workload: Workload | None, number: int | None, port: ServicePort) -> str:
        """What is served by a port of a Service, `number` on the pods."""
        return self.served(port.protocol, workload, number, port.target, port.number)
