/** What is read from, how current it is, and building it anew from the log while the present one serves. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Progress } from "antd";
import type { ReactNode } from "react";

import { answer, api, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { number } from "../../shared/format";
import { useWrite } from "../../shared/writing";
import { Act } from "../parts/Act";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import parts from "../parts/parts.module.css";
import { Plain } from "../parts/Rows";
import { ops, SERVICE_NAMES, SERVICES, type Service } from "../parts/services";

/** Why a new generation that has caught up does not take over. */
const WAITS: Record<string, string> = {
  log_not_whole: "日志尚未重新发布完，发布完后自动接替。",
  far_smaller: "文档比现有的一代少得多。",
};

type Model = View<"ReadModelView">;

export function ReadModels(): ReactNode {
  return (
    <Page title="读模型">
      <p className={parts.quiet}>重建时从日志另建一代，建成后接替；期间现有的一代照常服务。</p>
      <div className={parts.stack}>
        {SERVICE_NAMES.map((service) => (
          <OfService key={service} service={service} />
        ))}
      </div>
    </Page>
  );
}

function OfService({ service }: { service: Service }): ReactNode {
  const models = useQuery({
    queryKey: ["read-models", service],
    queryFn: ({ signal }) =>
      answer(api.GET(ops(service, "read-models"), { params: { query: { limit: 100 } }, signal })),
    refetchInterval: ({ state: { data } }) => (data?.items.some((each) => each.rebuilding) ? 1_000 : 15_000),
  });
  return (
    <Answer of={models} outline={<Outline lines={3} />}>
      {({ items }) =>
        items.length > 0 && (
          <section className={parts.stack} aria-label={SERVICES[service]}>
            <h2>{SERVICES[service]}</h2>
            <Plain
              items={items}
              id={({ name }) => name}
              label={`${SERVICES[service]}的读模型`}
              columns={[
                { title: "名称", of: ({ name }) => name },
                { title: "文档数", of: ({ documents }) => number(documents), number: true },
                { title: "代", of: ({ generation }) => generation ?? "—", number: true },
                { title: "截至", of: ({ as_of }) => <Instant at={as_of} /> },
                { title: "重建", of: (each) => <Rebuilding service={service} model={each} /> },
              ]}
            />
          </section>
        )
      }
    </Answer>
  );
}

function Rebuilding({ service, model }: { service: Service; model: Model }): ReactNode {
  const rebuilding = useRebuild(service, model, false);
  const forcing = useRebuild(service, model, true);
  return (
    <div className={parts.stack}>
      {model.rebuilding && (
        <Progress
          aria-label={`${model.name}的重建进度`}
          percent={Math.floor(100 * (model.progress ?? 0))}
          size="small"
        />
      )}
      {model.waits && <p>新的一代没有接替：{WAITS[model.waits] ?? model.waits}</p>}
      <div>
        {model.waits ? (
          <Act
            name="仍然接替"
            danger
            write={forcing}
            question={`请先查明原因。确认后，“${model.name}”新的一代不论内容多少都接替现有的一代，操作人会记入审计。`}
          />
        ) : (
          <Act
            name="重建"
            disabled={model.rebuilding}
            write={rebuilding}
            question={`从日志重新建立“${model.name}”。数据多时需要几分钟，期间查询照常。`}
          />
        )}
      </div>
    </div>
  );
}

function useRebuild(service: Service, model: Model, force: boolean) {
  const client = useQueryClient();
  return useWrite(
    (_: string, header) =>
      api.POST(ops(service, "read-models/{name}/rebuild"), {
        params: { path: { name: model.name }, header },
        body: { force },
      }),
    () => client.invalidateQueries({ queryKey: ["read-models", service] }),
  );
}
