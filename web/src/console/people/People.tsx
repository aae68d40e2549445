/** People with their roles: everybody for the alliance, those who hold a role for it for a city. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { api, type View } from "../../api/client";
import { useNames } from "../../shared/labels";
import { Filter, Filters, Typed, useFilter } from "../parts/filters";
import { Page } from "../parts/Page";
import { usePages } from "../parts/pages";
import { Rows } from "../parts/Rows";
import { GRANTABLE, type Role } from "./grantable";
import { RoleName } from "./RoleName";

export function People(): ReactNode {
  const name = useNames();
  const [asked] = useFilter("role");
  const [q] = useFilter("q");
  const role = GRANTABLE.find((each) => each === asked) ?? null;
  const found = usePages(["people", role, q], (page, signal) =>
    api.GET("/api/v1/accounts/users", {
      params: { query: { ...page, ...(role && { role }), ...(q && { q }) } },
      signal,
    }),
  );
  const choices = GRANTABLE.map((value: Role) => ({ value, label: name("roles", value) }));
  return (
    <Page title="人员与角色">
      <Filters>
        <Filter name="role" label="角色" choices={[{ value: "", label: "全部" }, ...choices]} />
        <Typed name="q" label="人员" placeholder="昵称或用户编号" />
      </Filters>
      <Rows
        of={found}
        id={({ id }) => id}
        label="人员"
        nothing="没有符合条件的人员。"
        columns={[
          { title: "昵称", of: (each) => <Link to={`/people/${each.id}`}>{called(each)}</Link> },
          { title: "电话", of: (each) => each.phone_masked ?? "—" },
          {
            title: "角色",
            of: (each) =>
              each.roles.map((held) => <RoleName key={`${held.role} ${held.jurisdiction ?? ""}`} of={held} />),
          },
          { title: "代表单位", of: (each) => each.organizations.map((own) => own.name).join("、") || "—" },
        ]}
      />
    </Page>
  );
}

/** People need not have given a name. */
export function called({ nickname, id }: Pick<View<"PersonView">, "nickname" | "id">): string {
  return nickname ?? `用户 ${id.slice(-8)}`;
}
