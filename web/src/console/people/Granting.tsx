/** A role for somebody: of a city's operator with the city, of operators with the duty, of reviewers with the employer. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { type ReactNode, useState } from "react";

import { api, type View } from "../../api/client";
import { useNames, useValues } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { useWrite } from "../../shared/writing";
import parts from "../parts/parts.module.css";
import { GRANTABLE, type Role, WITH_DUTY, WITH_EMPLOYER } from "./grantable";

type Wanted = View<"RoleWritten">;
type City = View<"Jurisdiction">;
type Duty = View<"Duty">;

export function Granting({ personId }: { personId: string }): ReactNode {
  const client = useQueryClient();
  const cities = useValues("jurisdictions") as City[];
  const duties = useValues("duties") as Duty[];
  const name = useNames();
  const [role, setRole] = useState<Role>("city_operator");
  const [city, setCity] = useState<City | null>(null);
  const [duty, setDuty] = useState<Duty>("business");
  const [employer, setEmployer] = useState("");
  const write = useWrite(
    (body: Wanted, header) =>
      api.POST("/api/v1/accounts/users/{user_id}/roles", { params: { path: { user_id: personId }, header }, body }),
    () => client.invalidateQueries({ queryKey: ["person", personId] }),
  );
  const ofCity = role === "city_operator";
  const wanted: Wanted = {
    role,
    ...(ofCity && { jurisdiction: city }),
    ...(WITH_DUTY.includes(role) && { duty }),
    ...(WITH_EMPLOYER.includes(role) && employer.trim() && { employer_credit_code: employer.trim() }),
  };
  return (
    <form
      aria-label="授予角色"
      className={parts.stack}
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate(wanted);
      }}
    >
      <h2>授予角色</h2>
      <div className={parts.fields}>
        <Choice label="角色" value={role} values={GRANTABLE} called={(each) => name("roles", each)} choose={setRole} />
        {ofCity && (
          <Choice
            label="地区"
            value={city}
            values={cities}
            called={(each) => name("jurisdictions", each)}
            choose={setCity}
          />
        )}
        {WITH_DUTY.includes(role) && (
          <Choice label="岗位" value={duty} values={duties} called={(each) => name("duties", each)} choose={setDuty} />
        )}
        {WITH_EMPLOYER.includes(role) && (
          <label>
            任职单位统一社会信用代码（选填）
            <Input
              value={employer}
              maxLength={64}
              onChange={({ target }) => {
                setEmployer(target.value);
              }}
            />
          </label>
        )}
        <Button type="primary" htmlType="submit" loading={write.isPending} disabled={ofCity && !city}>
          授予
        </Button>
      </div>
      <Outcome of={write} />
      <p role="status">{write.data && "已授予。此人重新登录后即可使用。"}</p>
    </form>
  );
}

interface Told<Value> {
  label: string;
  value: Value | null;
  values: Value[];
  called: (value: Value) => string;
  choose: (value: Value) => void;
}

function Choice<Value extends string>({ label, value, values, called, choose }: Told<Value>): ReactNode {
  return (
    <label>
      {label}
      <Select
        aria-label={label}
        value={value}
        placeholder="请选择"
        options={values.map((each) => ({ value: each, label: called(each) }))}
        onChange={choose}
      />
    </label>
  );
}
