"""`huning topics`: what is declared in shared/events/topics.py, put on the broker."""

import asyncio

import typer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, TopicAlreadyExistsError
from rich.console import Console
from rich.table import Table

from shared.events.topics import TOPICS
from shared.settings import Settings

app = typer.Typer(help="Kafka 主题：查看与创建", no_args_is_help=True)


@app.command("list")
def show() -> None:
    """列出所有主题及其设置。"""
    table = Table("主题", "内容", "写入者", "分区", "保留方式")
    for topic in TOPICS.values():
        keep = "压缩，长期保留" if topic.compacted else f"{topic.retention_days} 天"
        table.add_row(topic.name, topic.holds, topic.producer, str(topic.partitions), keep)
    Console().print(table)


@app.command()
def apply(
    replication: int = typer.Option(1, help="副本数（生产集群建议 3）"),
    wait: int = typer.Option(60, help="等待 Kafka 的秒数"),
) -> None:
    """创建缺少的主题；已有的保持不变。可重复执行。"""
    created = asyncio.run(_apply(Settings(), replication, wait))
    typer.echo(f"主题就绪：新建 {created} 个，共 {len(TOPICS)} 个")


async def _apply(settings: Settings, replication: int, wait: int) -> int:
    admin = await _connected(settings, wait)
    try:
        existing = set(await admin.list_topics())
        missing = [each for each in TOPICS.values() if settings.topic(each.name) not in existing]
        for topic in missing:
            new = NewTopic(settings.topic(topic.name), topic.partitions, replication, topic_configs=topic.config)
            try:
                await admin.create_topics([new])
            except TopicAlreadyExistsError:
                continue
        return len(missing)
    finally:
        await admin.close()


async def _connected(settings: Settings, wait: int) -> AIOKafkaAdminClient:
    async with asyncio.timeout(wait):
        while True:
            admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka.split(","))
            try:
                await admin.start()
            except KafkaConnectionError:
                await admin.close()
                await asyncio.sleep(0.3)
            else:
                return admin
