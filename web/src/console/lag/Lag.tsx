/** How far each consumer is behind, by service and group. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { answer, api, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { number } from "../../shared/format";
import { Page } from "../parts/Page";
import parts from "../parts/parts.module.css";
import { Plain } from "../parts/Rows";
import { ops, SERVICE_NAMES, SERVICES, type Service } from "../parts/services";

const LOOKED_EVERY_MS = 10_000;

export function Lag(): ReactNode {
  return (
    <Page title="消费积压">
      <p className={parts.quiet}>还没有处理的消息数，每 10 秒更新一次。持续不降说明有消费者停住了。</p>
      <div className={parts.stack}>
        {SERVICE_NAMES.map((service) => (
          <OfService key={service} service={service} />
        ))}
      </div>
    </Page>
  );
}

function OfService({ service }: { service: Service }): ReactNode {
  const lag = useQuery({
    queryKey: ["lag", service],
    queryFn: ({ signal }) => answer(api.GET(ops(service, "lag"), { params: { query: { limit: 100 } }, signal })),
    refetchInterval: LOOKED_EVERY_MS,
  });
  return (
    <section className={parts.stack} aria-label={SERVICES[service]}>
      <h2>{SERVICES[service]}</h2>
      <Answer of={lag} outline={<Outline lines={3} />}>
        {({ items }) => (
          <Plain
            items={together(items)}
            id={({ group, topic }) => `${group} ${topic}`}
            label={`${SERVICES[service]}的积压`}
            columns={[
              { title: "消费组", of: ({ group }) => group },
              { title: "主题", of: ({ topic }) => topic },
              { title: "积压", of: (each) => number(each.lag), number: true },
            ]}
          />
        )}
      </Answer>
    </section>
  );
}

/** The partitions of a topic as one row. */
export function together(items: View<"LagView">[]): Omit<View<"LagView">, "partition">[] {
  const sums = new Map<string, Omit<View<"LagView">, "partition">>();
  for (const { group, topic, lag } of items) {
    const key = `${group} ${topic}`;
    sums.set(key, { group, topic, lag: lag + (sums.get(key)?.lag ?? 0) });
  }
  return [...sums.values()];
}
