"""`huning topics`: what is declared in shared/events/topics.py, put on the broker."""

import asyncio
from dataclasses import dataclass
from typing import Any

import typer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    InvalidReplicationFactorError,
    KafkaConnectionError,
    KafkaError,
    NoError,
    TopicAlreadyExistsError,
    for_code,
)
from rich.console import Console
from rich.table import Table

from shared.cli.topic_settings import set_anew
from shared.events.topics import TOPICS, Topic, topics_kept
from shared.settings import Settings
from shared.values.retention import chosen_days, in_words

_CANNOT = 3
_AGAIN_SECONDS = 0.3

app = typer.Typer(help="Kafka 主题：查看与创建", no_args_is_help=True)


@app.command("list")
def show() -> None:
    """列出所有主题及其设置。"""
    table = Table("主题", "内容", "写入者", "分区", "保留方式")
    for name, kept in topics_kept(chosen_days(Settings().keep_days)).items():
        topic = TOPICS[name]
        keep = "、".join([*(["压缩"] if topic.compacted else []), in_words(kept.after)])
        table.add_row(name, kept.holds, topic.producer, str(topic.partitions), keep)
    Console().print(table)


@app.command()
def apply(
    replication: int = typer.Option(1, help="副本数（生产集群建议 3）"),
    wait: int = typer.Option(60, help="等待 Kafka 的秒数"),
) -> None:
    """创建缺少的主题，直到 Kafka 全部列出；已有主题的保留设置改为现在声明的。可重复执行。"""
    applying = Applying(Settings(), replication)
    try:
        created, changed = asyncio.run(applying.within(wait))
    except (KafkaError, OSError, TimeoutError) as error:
        typer.echo(f"主题没有建好：{applying.refused or f'Kafka 没有应答（{type(error).__name__}）'}", err=True)
        raise typer.Exit(_CANNOT) from error
    anew = f"，更新设置 {changed} 个" if changed else ""
    typer.echo(f"主题就绪：新建 {created} 个{anew}，共 {len(TOPICS)} 个")


@dataclass
class Applying:
    """Makes what is missing, and gives the rest the settings that are declared. The client raises nothing where the broker
    refuses to: `refused` is what it said last.

    A broker that has only just come back is not registered yet, and has no place for any topic.
    """

    settings: Settings
    replication: int
    refused: str = ""

    def __post_init__(self) -> None:
        self._kept = topics_kept(chosen_days(self.settings.keep_days))

    async def within(self, seconds: float) -> tuple[int, int]:
        """How many were made and how many were set anew, once the broker lists all. TimeoutError when it does not by then;
        KafkaError for what waiting does not mend."""
        async with asyncio.timeout(seconds):
            admin = await _connected(self.settings)
            try:
                missing = first = await self._missing(admin)
                while missing:
                    for topic in missing:
                        await self._create(admin, topic)
                    await asyncio.sleep(_AGAIN_SECONDS)
                    missing = await self._missing(admin)
                there = [each for each in TOPICS.values() if each not in first]
                wanted = {self.settings.topic(each.name): self._config(each) for each in there}
                return len(first), await set_anew(admin, wanted)
            finally:
                await admin.close()

    async def _missing(self, admin: AIOKafkaAdminClient) -> list[Topic]:
        existing = set(await admin.list_topics())
        return [each for each in TOPICS.values() if self.settings.topic(each.name) not in existing]

    def _config(self, topic: Topic) -> dict[str, str]:
        return topic.config_for(self._kept[topic.name].after)

    async def _create(self, admin: AIOKafkaAdminClient, topic: Topic) -> None:
        new = NewTopic(
            self.settings.topic(topic.name), topic.partitions, self.replication, topic_configs=self._config(topic)
        )
        answer: Any = await admin.create_topics([new])
        for name, code, said in answer.topic_errors:
            kind = for_code(code)
            if kind in (NoError, TopicAlreadyExistsError):
                continue
            self.refused = f"{name}：{said or kind.__name__}"
            if not kind.retriable and kind is not InvalidReplicationFactorError:
                raise kind(said)


async def _connected(settings: Settings) -> AIOKafkaAdminClient:
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka.split(","))
        try:
            await admin.start()
        except KafkaConnectionError:
            await admin.close()
            await asyncio.sleep(_AGAIN_SECONDS)
        else:
            return admin
