/** One person: their roles, and for whom may do it, granting and revoking them and taking a lost second factor away. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Descriptions } from "antd";
import type { ReactNode } from "react";
import { useParams } from "react-router";

import { answer, api, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { useNames } from "../../shared/labels";
import { holds } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import page from "../../shared/Thing.module.css";
import { useWrite } from "../../shared/writing";
import { Missing } from "../missing/Missing";
import { Act } from "../parts/Act";
import parts from "../parts/parts.module.css";
import { Plain } from "../parts/Rows";
import { Granting } from "./Granting";
import { called } from "./People";
import { RoleName } from "./RoleName";

type Body = View<"PersonView">;
type Grant = View<"RoleGrant">;

export function Person(): ReactNode {
  const { userId = "" } = useParams();
  const found = useQuery({
    queryKey: ["person", userId],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/accounts/users", { params: { query: { q: userId } }, signal })),
  });
  return (
    <Answer of={found} outline={<Outline lines={8} />}>
      {({ items }) => {
        const it = items.find(({ id }) => id === userId);
        return it ? <Shown person={it} /> : <Missing detail="没有找到此人，或者不归您的地区。" />;
      }}
    </Answer>
  );
}

function Shown({ person: it }: { person: Body }): ReactNode {
  const user = useUser();
  const grants = holds(user, "alliance_operator");
  return (
    <article className={page.thing}>
      <title>{`${called(it).slice(0, 60)} · 人员与角色`}</title>
      <h1>{called(it)}</h1>
      <Descriptions
        bordered
        size="small"
        column={1}
        className={page.facts ?? ""}
        items={[
          { key: "id", label: "用户编号", children: it.id },
          { key: "phone", label: "电话", children: it.phone_masked ?? "—" },
          {
            key: "organizations",
            label: "代表单位",
            children: it.organizations.map((own) => own.name).join("、") || "—",
          },
        ]}
      />
      <h2>角色</h2>
      <Plain
        items={it.roles}
        id={({ role, jurisdiction }) => `${role} ${jurisdiction ?? ""}`}
        label="角色"
        columns={[
          { title: "角色", of: (held) => <RoleName of={held} /> },
          {
            title: "操作",
            of: (held) => (grants && held.role !== "member" ? <Revoking person={it} held={held} /> : "—"),
          },
        ]}
      />
      {grants && <Granting personId={it.id} />}
      {user.id !== it.id && <SecondFactor person={it} />}
    </article>
  );
}

function Revoking({ person, held }: { person: Body; held: Grant }): ReactNode {
  const client = useQueryClient();
  const name = useNames();
  const role = held.role as View<"Role">;
  const jurisdiction = held.jurisdiction ?? null;
  const write = useWrite(
    (_: string, header) =>
      api.DELETE("/api/v1/accounts/users/{user_id}/roles/{role}", {
        params: { path: { user_id: person.id, role }, query: { ...(jurisdiction && { jurisdiction }) }, header },
      }),
    () => client.invalidateQueries({ queryKey: ["person", person.id] }),
  );
  return (
    <Act
      name={`撤销${name("roles", role)}`}
      danger
      write={write}
      question={`撤销后，“${called(person)}”在几秒内失去这个角色能做的一切。`}
    />
  );
}

/** Whoever has lost their telephone enrols again at the next login. */
function SecondFactor({ person }: { person: Body }): ReactNode {
  const write = useWrite((_: string, header) =>
    api.DELETE("/api/v1/accounts/users/{user_id}/totp", { params: { path: { user_id: person.id }, header } }),
  );
  return (
    <section aria-label="动态口令" className={parts.stack}>
      <h2>动态口令</h2>
      <p>此人更换或丢失手机时，请先核实是本人，再解除绑定；下次在浏览器登录时重新绑定。</p>
      <div>
        <Act
          name="解除动态口令"
          danger
          write={write}
          question={`确认已核实“${called(person)}”本人的请求。解除后，其所有登录随即失效。`}
        />
      </div>
      <p role="status">{write.data && "已解除，其所有登录已失效。"}</p>
    </section>
  );
}
