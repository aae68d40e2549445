/** The keys with which a city's programs sign what they push. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";

import { api, type View } from "../../api/client";
import { Outcome } from "../../shared/Outcome";
import { Tag } from "../../shared/Tag";
import { useWrite } from "../../shared/writing";
import { Act } from "../parts/Act";
import { CityFilter, type Jurisdiction, useCity } from "../parts/City";
import { Filters } from "../parts/filters";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import parts from "../parts/parts.module.css";
import { Rows } from "../parts/Rows";

type Agent = View<"AgentView">;

export function Agents(): ReactNode {
  const jurisdiction = useCity();
  const found = usePages(["agents", jurisdiction], (page, signal) =>
    api.GET("/api/v1/sync/agents", { params: { query: { ...page, jurisdiction } }, signal }),
  );
  return (
    <Page title="推送密钥">
      <Filters>
        <CityFilter />
      </Filters>
      <div className={parts.stack}>
        <Registration key={jurisdiction} jurisdiction={jurisdiction} />
        <Rows
          of={found}
          id={({ id }) => id}
          label="密钥"
          nothing="还没有登记密钥。"
          columns={[
            { title: "名称", of: (each) => each.name },
            { title: "密钥编号", of: (each) => each.key_id },
            {
              title: "状态",
              of: (each) => (each.removed_at ? <Tag>已移除</Tag> : <Tag tone="state">使用中</Tag>),
            },
            { title: "登记时间", of: (each) => <Instant at={each.created_at} /> },
            { title: "操作", of: (each) => (each.removed_at ? "—" : <Removal agent={each} />) },
          ]}
        />
      </div>
    </Page>
  );
}

function Registration({ jurisdiction }: { jurisdiction: Jurisdiction }): ReactNode {
  const [name, setName] = useState("");
  const [key, setKey] = useState("");
  const refresh = useRefresh();
  const write = useWrite(
    (body: View<"NewAgent">, header) => api.POST("/api/v1/sync/agents", { params: { header }, body }),
    () => {
      setName("");
      setKey("");
      return refresh();
    },
  );
  return (
    <form
      className={parts.card}
      aria-label="登记密钥"
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate({ jurisdiction, name: name.trim(), public_key: key.trim() });
      }}
    >
      <h2>登记密钥</h2>
      <p>
        在推送数据的机器上运行 <code>huning-agent keygen 密钥文件</code>，把它显示的公钥填在这里。私钥不离开那台机器。
      </p>
      <div className={parts.fields}>
        <label>
          名称
          <Input
            value={name}
            maxLength={100}
            required
            placeholder="如：科技局数据交换服务器"
            onChange={({ target }) => {
              setName(target.value);
            }}
          />
        </label>
        <label>
          公钥
          <Input
            value={key}
            maxLength={100}
            required
            onChange={({ target }) => {
              setKey(target.value);
            }}
          />
        </label>
        <Button type="primary" htmlType="submit" loading={write.isPending} disabled={!name.trim() || !key.trim()}>
          登记
        </Button>
      </div>
      <Outcome of={write} />
    </form>
  );
}

function Removal({ agent }: { agent: Agent }): ReactNode {
  const write = useWrite(
    (_: string, header) =>
      api.DELETE("/api/v1/sync/agents/{agent_id}", { params: { path: { agent_id: agent.id }, header } }),
    useRefresh(),
  );
  return (
    <Act
      name="移除"
      danger
      write={write}
      question={`移除后，用“${agent.name}”签名的请求会立即被拒绝，且不能恢复，只能登记新的密钥。`}
    />
  );
}

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["agents"] });
}
