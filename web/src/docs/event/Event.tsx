/** One event: who sends and reads it, what it carries, and an example as it stands in Kafka. */
import type { ReactNode } from "react";
import { useParams } from "react-router";

import { Answer, Outline } from "../../shared/Answer";
import page from "../../shared/Thing.module.css";
import { type AsyncApi, type Message, type Topic, topicsOf, useAsyncApi } from "../contracts";
import { Example } from "../parts/Example";
import { Fields } from "../parts/Fields";
import { Missing } from "../parts/Missing";
import { shapeOf } from "../shapes";

const DAY_MS = 86_400_000;

export function Event(): ReactNode {
  const { type } = useParams();
  const contract = useAsyncApi();
  return (
    <Answer of={contract} outline={<Outline lines={14} />}>
      {(body) => {
        const topic = topicsOf(body).find(({ events }) => events.some(({ name }) => name === type));
        const event = topic?.events.find(({ name }) => name === type);
        return topic && event ? <Shown event={event} topic={topic} contract={body} /> : <Missing what="事件" />;
      }}
    </Answer>
  );
}

function Shown({ event, topic, contract }: { event: Message; topic: Topic; contract: AsyncApi }): ReactNode {
  const { schemas } = contract.components;
  const { description } = shapeOf(event.payload, schemas);
  return (
    <article className={page.thing}>
      <title>{`${event.name} · 接口与事件`}</title>
      <p className={page.tags}>
        <code>{topic.address}</code>
        <span lang="en">{topic.description}</span>
      </p>
      <h1>{event.name}</h1>
      <p lang="en">{event.summary}</p>
      {description && <p lang="en">{description}</p>}
      <dl className={page.figures}>
        <Figure name="由谁发出" value={event["x-producer"]} />
        <Figure name="谁来读取" value={event["x-consumers"].join("、") || "暂无"} />
        <Figure name="分区" value={String(topic.bindings.kafka.partitions)} />
        <Figure name="保留" value={kept(topic)} />
      </dl>
      <h2>内容</h2>
      <Fields of={event.payload} schemas={schemas} />
      {event.examples.map(({ payload, headers }, at) => (
        <section key={at}>
          <h2>示例</h2>
          <Example label="内容示例" value={payload} />
          <h3>消息头</h3>
          <Example label="消息头示例" value={headers} />
        </section>
      ))}
      <h2>消息头</h2>
      <Fields of={event.headers} schemas={schemas} />
    </article>
  );
}

function Figure({ name, value }: { name: string; value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Kafka's words: `cleanup.policy`, and `retention.ms`, which is -1 for ever. */
function kept({ bindings }: Topic): string {
  const settings = bindings.kafka.topicConfiguration;
  const policy = [settings["cleanup.policy"]].flat();
  const latest = policy.includes("compact") ? "每个键的最新一条" : "全部";
  const ms = Number(settings["retention.ms"] ?? -1);
  return policy.includes("delete") && ms > 0 ? `${latest}，${Math.round(ms / DAY_MS)} 天` : `${latest}，长期`;
}
