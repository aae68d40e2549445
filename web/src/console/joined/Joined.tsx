/** Organisations across cities: the way to one by its credit code, and the merges that stand. */
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { Link, useNavigate } from "react-router";

import { api } from "../../api/client";
import { Instant } from "../parts/Instant";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import parts from "../parts/parts.module.css";
import { Rows } from "../parts/Rows";

export const MERGES = ["merges"];

export function Joined(): ReactNode {
  const found = usePages(MERGES, (page, signal) =>
    api.GET("/api/v1/sync/organizations", { params: { query: page }, signal }),
  );
  return (
    <Page title="机构归并">
      <p className={parts.quiet}>
        各市记录按统一社会信用代码归为同一机构；一个机构有两个代码时，可以把一个并入另一个。
      </p>
      <div className={parts.stack}>
        <ByCode />
        <section aria-label="现有归并" className={parts.stack}>
          <h2>现有归并</h2>
          <Rows
            of={found}
            id={({ credit_code: code }) => code}
            label="现有归并"
            nothing="还没有归并过代码。"
            columns={[
              {
                title: "代码",
                of: ({ credit_code: code }) => <Link to={`/joined/${code}`}>{code}</Link>,
              },
              { title: "并入", of: ({ into }) => into },
              { title: "理由", of: ({ reason }) => reason },
              { title: "时间", of: ({ at }) => <Instant at={at} /> },
            ]}
          />
        </section>
      </div>
    </Page>
  );
}

function ByCode(): ReactNode {
  const go = useNavigate();
  const [code, setCode] = useState("");
  return (
    <form
      className={parts.card}
      aria-label="查找机构"
      onSubmit={(event) => {
        event.preventDefault();
        void go(`/joined/${encodeURIComponent(code.trim())}`);
      }}
    >
      <div className={parts.fields}>
        <label>
          <span>统一社会信用代码</span>
          <Input
            aria-label="统一社会信用代码"
            maxLength={40}
            value={code}
            onChange={({ target }) => {
              setCode(target.value);
            }}
          />
        </label>
        <Button type="primary" htmlType="submit" disabled={!code.trim()}>
          查看
        </Button>
      </div>
    </form>
  );
}
