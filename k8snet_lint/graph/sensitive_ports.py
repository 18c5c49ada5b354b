"""What listens behind ports that nobody outside should reach, by its default port (each product's documentation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SSH = "SSH"
_PORTS = {
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
    SSH: (22, 2222),
    "VNC": (5900,),
    "ZooKeeper": (2181,),
    "etcd": (2379, 2380),
    "memcached": (11211,),
    "the Docker API": (2375, 2376),
    "the kubelet": (10250, 10255),
}
PRODUCTS: Mapping[int | str | None, str] = {number: what for what, numbers in _PORTS.items() for number in numbers}
"""A database, a control port or a console, by number."""


class Sensitive(NamedTuple):
    """What is served at a port, for a message: `Redis`, or what the pods run that whoever connects can command."""

    what: str

    @property
    def asks_who_connects(self) -> bool:
        """Whether it lets nobody in without a key or a password, as a rule."""
        return self.what == SSH
