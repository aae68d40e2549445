/** Who somebody is here, where they are logged in, and the ways out. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";

import { answer, api, type View } from "../../api/client";
import { Answer, Outline } from "../Answer";
import { Antd } from "../Antd";
import { time } from "../format";
import { useNames } from "../labels";
import { Outcome } from "../Outcome";
import { logOut } from "../session/leaving";
import { leave } from "../session/session";
import { useUser } from "../session/useSession";
import { Tag } from "../Tag";
import page from "../Thing.module.css";
import { useWrite } from "../writing";
import styles from "./Account.module.css";
import { SecondFactor } from "./SecondFactor";

export function Account(): ReactNode {
  return (
    <Antd>
      <title>我的账号 · 沿沪宁协同创新集市</title>
      <article className={page.thing}>
        <h1>我的账号</h1>
        <Roles />
        <h2>动态口令</h2>
        <SecondFactor />
        <h2>登录的设备</h2>
        <Sessions />
        <Leaving />
      </article>
    </Antd>
  );
}

function Roles(): ReactNode {
  const user = useUser();
  const name = useNames();
  return (
    <>
      {user.organization && (
        <p>
          代表单位：<bdi>{user.organization.name}</bdi>
        </p>
      )}
      <p className={page.tags}>
        {user.roles.map((each) => (
          <Tag key={`${each.role} ${each.jurisdiction ?? ""}`}>
            {each.jurisdiction && `${name("jurisdictions", each.jurisdiction)} · `}
            {name("roles", each.role)}
            {each.duty && `（${name("duties", each.duty)}）`}
          </Tag>
        ))}
      </p>
    </>
  );
}

function Sessions(): ReactNode {
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/accounts/sessions", { params: { query: { limit: 100 } }, signal })),
  });
  return (
    <Answer of={sessions} outline={<Outline lines={3} />}>
      {({ items }) => (
        <ul className={styles.sessions} aria-label="登录的设备">
          {items.map((each, at) => (
            <Session key={at} session={each} />
          ))}
        </ul>
      )}
    </Answer>
  );
}

function Session({ session }: { session: View<"SessionView"> }): ReactNode {
  return (
    <li>
      <strong>{session.kind === "browser" ? session.browser : "微信小程序"}</strong>
      {session.current && <Tag tone="state">本机</Tag>}
      <span className={page.source}>
        最近使用 <time dateTime={session.last_used_at}>{time(session.last_used_at)}</time>
      </span>
    </li>
  );
}

function Leaving(): ReactNode {
  const here = useMutation({ mutationFn: logOut });
  const everywhere = useWrite(
    (_: null, header) => api.POST("/api/v1/accounts/logout-all", { params: { header }, body: {} }),
    leave,
  );
  return (
    <>
      <p className={styles.buttons}>
        <Button
          loading={here.isPending}
          onClick={() => {
            here.mutate();
          }}
        >
          退出登录
        </Button>
        <Button
          danger
          loading={everywhere.isPending}
          onClick={() => {
            everywhere.mutate(null);
          }}
        >
          退出所有设备
        </Button>
      </p>
      <Outcome of={here} />
      <Outcome of={everywhere} />
    </>
  );
}
