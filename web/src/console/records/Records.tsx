/** The way to a record by its city, kind and the city's own number. */
import { Button, Input, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";

import { useNames, useValues } from "../../shared/labels";
import { citiesOf } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { Page } from "../parts/Page";
import parts from "../parts/parts.module.css";
import { pathOf } from "./paths";

export function Records(): ReactNode {
  const name = useNames();
  const go = useNavigate();
  const own = citiesOf(useUser())[0];
  const cities = useValues("jurisdictions");
  const kinds = useValues("kinds");
  const [city, setCity] = useState(own);
  const [kind, setKind] = useState<string>();
  const [number, setNumber] = useState("");
  const [chosenCity, chosenKind] = [city ?? cities[0], kind ?? kinds[0]];
  return (
    <Page title="记录溯源">
      <p className={parts.quiet}>查看一条记录的来源、历史版本，以及它在某一时点的内容。</p>
      <form
        className={parts.card}
        aria-label="查找记录"
        onSubmit={(event) => {
          event.preventDefault();
          void go(pathOf(`${chosenCity ?? ""}/${chosenKind ?? ""}/${number.trim()}`));
        }}
      >
        <div className={parts.fields}>
          <label>
            <span>地区</span>
            <Select
              aria-label="地区"
              value={chosenCity ?? null}
              onChange={setCity}
              options={cities.map((value) => ({ value, label: name("jurisdictions", value) }))}
            />
          </label>
          <label>
            <span>类别</span>
            <Select
              aria-label="类别"
              value={chosenKind ?? null}
              onChange={setKind}
              options={kinds.map((value) => ({ value, label: name("kinds", value) }))}
            />
          </label>
          <label>
            <span>本市编号</span>
            <Input
              aria-label="本市编号"
              value={number}
              maxLength={200}
              onChange={({ target }) => {
                setNumber(target.value);
              }}
            />
          </label>
          <Button type="primary" htmlType="submit" disabled={!number.trim()}>
            查看
          </Button>
        </div>
      </form>
    </Page>
  );
}
