/** One organisation, and the decision on it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Descriptions } from "antd";
import type { ReactNode } from "react";
import { useParams } from "react-router";

import { answer, api, Problem, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { useNames } from "../../shared/labels";
import { citiesOf } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { seen, useWrite } from "../../shared/writing";
import { Missing } from "../missing/Missing";
import { Act } from "../parts/Act";
import { Changed, type Refused } from "../parts/Changed";
import { Instant } from "../parts/Instant";
import parts from "../parts/parts.module.css";

type Body = View<"OrganizationView">;

export function Organization(): ReactNode {
  const { organizationId = "" } = useParams();
  const found = useQuery({
    queryKey: ["organization", organizationId],
    queryFn: ({ signal }) => asked(organizationId, { signal }),
  });
  if (found.error instanceof Problem && found.error.status === 404) return <Missing detail={found.error.detail} />;
  return (
    <Answer of={found} outline={<Outline lines={10} />}>
      {(body) => <Shown organization={body} />}
    </Answer>
  );
}

function Shown({ organization: it }: { organization: Body }): ReactNode {
  const name = useNames();
  const mine = citiesOf(useUser()).includes(it.jurisdiction);
  return (
    <article className={page.thing}>
      <title>{`${it.name.slice(0, 60)} · 单位认证`}</title>
      <p className={page.tags}>
        <Tag tone="state">{name("organization_states", it.status)}</Tag>
        <Tag>{name("organization_kinds", it.kind)}</Tag>
        <span>{name("jurisdictions", it.jurisdiction)}</span>
      </p>
      <h1>{it.name}</h1>
      <Descriptions
        bordered
        size="small"
        column={1}
        className={page.facts ?? ""}
        items={[
          { key: "code", label: "统一社会信用代码", children: it.credit_code },
          { key: "contact", label: "联系人", children: `${it.contact.name}，${it.contact.phone}` },
          { key: "created", label: "登记时间", children: <Instant at={it.created_at} /> },
          { key: "decided", label: "审核时间", children: <Instant at={it.decided_at} /> },
          ...(it.reason ? [{ key: "reason", label: "未通过的原因", children: it.reason }] : []),
        ]}
      />
      {it.status === "pending" && mine && <Decision organization={it} />}
    </article>
  );
}

function Decision({ organization: it }: { organization: Body }): ReactNode {
  const client = useQueryClient();
  const path = { organization_id: it.id };
  const done = (body: Body): void => {
    client.setQueryData(["organization", it.id], body);
    void client.invalidateQueries({ queryKey: ["organizations"] });
  };
  const approval = useWrite(
    (_: string, header) =>
      api.POST("/api/v1/accounts/organizations/{organization_id}/approve", {
        params: { path, header: { ...header, ...seen(it.version) } },
        body: {},
      }),
    done,
  );
  const rejection = useWrite(
    (reason: string, header) =>
      api.POST("/api/v1/accounts/organizations/{organization_id}/reject", {
        params: { path, header: { ...header, ...seen(it.version) } },
        body: { reason },
      }),
    done,
  );
  return (
    <p className={parts.buttons}>
      <Act
        name="通过"
        primary
        write={approval}
        question={`确认已核对“${it.name}”的证照。通过后，申请人成为该单位的管理员，可以发榜和揭榜。`}
      >
        <ChangedOrganization organization={it} write={approval} />
      </Act>
      <Act
        name="不通过"
        danger
        reason="required"
        write={rejection}
        question="请写明原因和应当怎样改正，申请人会收到通知。"
      >
        <ChangedOrganization organization={it} write={rejection} />
      </Act>
    </p>
  );
}

function ChangedOrganization({ organization: it, write }: { organization: Body; write: Refused }): ReactNode {
  const name = useNames();
  return (
    <Changed
      of={["organization", it.id]}
      mine={it}
      write={write}
      ask={() => asked(it.id)}
      fields={[
        { label: "状态", of: ({ status }) => name("organization_states", status) },
        { label: "名称", of: (body) => body.name },
        { label: "未通过的原因", of: ({ reason }) => reason ?? "" },
      ]}
    />
  );
}

function asked(organizationId: string, how: { signal?: AbortSignal } = {}): Promise<Body> {
  const params = { path: { organization_id: organizationId } };
  return answer(api.GET("/api/v1/accounts/organizations/{organization_id}", { params, ...how }));
}
