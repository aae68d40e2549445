/** Sending a challenge back: what is to be changed, field by field. */
import { Button, Input, Select } from "antd";
import { type ReactNode, useState } from "react";

import { api, type View } from "../../api/client";
import { useNames } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { seen, useWrite } from "../../shared/writing";
import parts from "../parts/parts.module.css";
import { ChangedChallenge, useTaken } from "./Decision";
import { FIELDS } from "./fields";
import styles from "./ReturnForm.module.css";

const CHOICES = [{ value: "", label: "整体" }, ...Object.entries(FIELDS).map(([value, label]) => ({ value, label }))];
const EMPTY: View<"ReasonWritten"> = { field: "", message: "" };

export function ReturnForm({ challenge: it }: { challenge: View<"ChallengeView"> }): ReactNode {
  const name = useNames();
  const [reasons, setReasons] = useState([EMPTY]);
  const taken = useTaken(it.id);
  const write = useWrite(
    (given: View<"ReasonWritten">[], header) =>
      api.POST("/api/v1/challenges/{challenge_id}/return", {
        params: { path: { challenge_id: it.id }, header: { ...header, ...seen(it.version) } },
        body: { reasons: given },
      }),
    taken,
  );
  const written = reasons.filter(({ message }) => message.trim());
  const put = (at: number, change: Partial<View<"ReasonWritten">>): void => {
    setReasons(reasons.map((each, place) => (place === at ? { ...each, ...change } : each)));
  };
  return (
    <fieldset className={styles.form}>
      <legend>{name("actions", "return")}</legend>
      <p>写明哪一项要怎样修改，发榜单位会逐项看到。</p>
      {reasons.map((each, at) => (
        <div key={at} className={styles.reason}>
          <Select
            aria-label={`第 ${at + 1} 条意见针对的内容`}
            value={each.field}
            options={CHOICES}
            onChange={(field) => {
              put(at, { field });
            }}
          />
          <Input.TextArea
            aria-label={`第 ${at + 1} 条意见`}
            autoSize={{ minRows: 1, maxRows: 6 }}
            maxLength={500}
            placeholder="需要怎样修改"
            value={each.message}
            onChange={({ target }) => {
              put(at, { message: target.value });
            }}
          />
        </div>
      ))}
      <p className={parts.buttons}>
        <Button
          onClick={() => {
            setReasons([...reasons, EMPTY]);
          }}
        >
          再加一条
        </Button>
        <Button
          danger
          disabled={!written.length}
          loading={write.isPending}
          onClick={() => {
            write.mutate(written);
          }}
        >
          {name("actions", "return")}
        </Button>
      </p>
      <Outcome of={write} />
      <ChangedChallenge challenge={it} write={write} />
    </fieldset>
  );
}
