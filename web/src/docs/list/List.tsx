/** All that there is: the operations by service, the events by topic, and one box that narrows both. */
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";

import { Answer, Outline } from "../../shared/Answer";
import { mentions, operationsOf, topicsOf, useAsyncApi, useOpenApi } from "../contracts";
import { Method } from "../parts/Method";
import styles from "./List.module.css";

const SERVICES: Record<string, string> = {
  accounts: "账号与单位",
  challenges: "揭榜挂帅",
  notifications: "通知",
  search: "搜索",
  sync: "城市数据",
};

export function List(): ReactNode {
  const [address, setAddress] = useSearchParams();
  const words = address.get("q") ?? "";
  return (
    <>
      <title>接口与事件 · 沿沪宁协同创新集市</title>
      <h1>接口与事件</h1>
      <p className={styles.about}>
        HTTP
        接口供小程序、网页和合作单位的程序使用，事件供平台内部各服务使用。本页直接读取网关提供的契约，与当前运行的版本一致。
      </p>
      <input
        type="search"
        className={styles.box}
        aria-label="查找接口或事件"
        placeholder="按路径、名称或说明查找，如 portals"
        value={words}
        onChange={({ target }) => {
          setAddress(target.value ? { q: target.value } : {}, { replace: true, preventScrollReset: true });
        }}
      />
      <Operations words={words} />
      <Events words={words} />
    </>
  );
}

function Operations({ words }: { words: string }): ReactNode {
  const contract = useOpenApi();
  return (
    <section aria-labelledby="operations" className={styles.part}>
      <h2 id="operations">HTTP 接口</h2>
      <Answer of={contract} outline={<Outline lines={10} />}>
        {(body) => {
          const found = operationsOf(body).filter(({ method, path, operationId, description }) =>
            mentions(words, method, path, operationId, description),
          );
          return (
            <>
              <Count of={found.length} />
              {[...new Set(found.flatMap(({ tags }) => tags))].map((tag) => (
                <Group key={tag} name={SERVICES[tag] ?? tag} note={tag}>
                  {found
                    .filter(({ tags }) => tags.includes(tag))
                    .map(({ operationId, method, path, description }) => (
                      <li key={operationId}>
                        <Method of={method} />
                        <Link to={`/operations/${operationId}`}>{path}</Link>
                        <span lang="en">{description}</span>
                      </li>
                    ))}
                </Group>
              ))}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function Events({ words }: { words: string }): ReactNode {
  const contract = useAsyncApi();
  return (
    <section aria-labelledby="events" className={styles.part}>
      <h2 id="events">事件</h2>
      <Answer of={contract} outline={<Outline lines={10} />}>
        {(body) => {
          const found = topicsOf(body)
            .map(({ events, ...topic }) => ({
              ...topic,
              events: events.filter(({ name, summary }) => mentions(words, name, summary, topic.address)),
            }))
            .filter(({ events }) => events.length > 0);
          return (
            <>
              <Count of={found.flatMap(({ events }) => events).length} />
              {found.map(({ address, description, events }) => (
                <Group key={address} name={address} note={description}>
                  {events.map(({ name, summary }) => (
                    <li key={name}>
                      <Link to={`/events/${name}`}>{name}</Link>
                      <span lang="en">{summary}</span>
                    </li>
                  ))}
                </Group>
              ))}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function Count({ of }: { of: number }): ReactNode {
  return (
    <p role="status" className={styles.count}>
      共 {of} 个
    </p>
  );
}

function Group({ name, note, children }: { name: string; note: string; children: ReactNode }): ReactNode {
  return (
    <section className={styles.group}>
      <h3>
        {name} <small lang="en">{note}</small>
      </h3>
      <ul>{children}</ul>
    </section>
  );
}
