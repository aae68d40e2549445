/** Within how many days each of a city's lists is expected. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, InputNumber } from "antd";
import { type ReactNode, useState } from "react";
import { useParams } from "react-router";

import { answer, api, Problem, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { Conflict } from "../../shared/Conflict";
import { FRESHNESS } from "../../shared/freshness/queries";
import { useNames, useValues } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { seen, useWrite } from "../../shared/writing";
import { Missing } from "../missing/Missing";
import type { Jurisdiction } from "../parts/City";
import { Page } from "../parts/Page";
import parts from "../parts/parts.module.css";
import styles from "./Rhythm.module.css";

type Body = View<"RhythmView">;

export function Rhythm(): ReactNode {
  const { jurisdiction = "" } = useParams();
  const path = { jurisdiction: jurisdiction as Jurisdiction };
  const found = useQuery({
    queryKey: ["rhythm", jurisdiction],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/sync/rhythms/{jurisdiction}", { params: { path }, signal })),
  });
  const name = useNames();
  if (found.error instanceof Problem && [403, 422].includes(found.error.status))
    return <Missing detail={found.error.detail} />;
  return (
    <Page title={`${name("jurisdictions", jurisdiction)}的更新周期`}>
      <p className={parts.quiet}>每类数据应在多少天内更新一次（1 至 366 天）。</p>
      <Answer of={found} outline={<Outline lines={12} />}>
        {(now) => <Form key={jurisdiction} now={now} />}
      </Answer>
    </Page>
  );
}

function Form({ now }: { now: Body }): ReactNode {
  const name = useNames();
  const kinds = useValues("kinds");
  const [looked, setLooked] = useState(now);
  const [mine, setMine] = useState(now);
  const save = useSaving((saved) => {
    setLooked(saved);
    setMine(saved);
  });
  const daysOf = (of: Body, kind: string): number => of.days[kind] ?? of.usual_days;
  const changed = kinds.some((kind) => daysOf(mine, kind) !== daysOf(looked, kind));
  return (
    <form
      className={parts.card}
      aria-label="更新周期"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ ...mine, version: looked.version });
      }}
    >
      <div className={styles.kinds}>
        {kinds.map((kind) => (
          <label key={kind}>
            <span>{name("kinds", kind)}</span>
            <InputNumber
              aria-label={name("kinds", kind)}
              min={1}
              max={366}
              precision={0}
              suffix="天"
              value={daysOf(mine, kind)}
              onChange={(days) => {
                save.reset();
                if (days !== null) setMine({ ...mine, days: { ...mine.days, [kind]: days } });
              }}
            />
          </label>
        ))}
      </div>
      <p className={parts.buttons}>
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!changed}>
          保存
        </Button>
        <span role="status">{save.isSuccess && !changed && "已保存"}</span>
      </p>
      <Outcome of={save} />
      <Conflict
        error={save.error}
        mine={mine}
        now={now.version === looked.version ? undefined : now}
        fields={kinds.map((kind) => ({ label: name("kinds", kind), of: (each: Body) => `${daysOf(each, kind)} 天` }))}
        take={() => {
          save.reset();
          setLooked(now);
          setMine(now);
        }}
        keep={() => {
          setLooked(now);
          save.mutate({ ...mine, version: now.version });
        }}
      />
    </form>
  );
}

function useSaving(done: (saved: Body) => void) {
  const client = useQueryClient();
  return useWrite(
    async ({ jurisdiction, days, version }: Body, once) => {
      const params = { path: { jurisdiction }, header: { ...once, ...(version > 0 && seen(version)) } };
      const asked = await api.PUT("/api/v1/sync/rhythms/{jurisdiction}", { params, body: { days } });
      if (asked.response.status === 412) await client.invalidateQueries({ queryKey: ["rhythm", jurisdiction] });
      return asked;
    },
    (saved) => {
      client.setQueryData(["rhythm", saved.jurisdiction], saved);
      void client.invalidateQueries({ queryKey: FRESHNESS });
      done(saved);
    },
  );
}
