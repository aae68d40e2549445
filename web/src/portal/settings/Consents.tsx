/** What WeChat lets us send to somebody, template by template. It is given in the mini-program alone, and read here. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { answer, api, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { Tag } from "../../shared/Tag";
import page from "../../shared/Thing.module.css";
import { stand } from "./consents";
import styles from "./Settings.module.css";

export function Consents(): ReactNode {
  const templates = useQuery({
    queryKey: ["templates"],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/notifications/templates", { params: { query: { limit: 100 } }, signal })),
  });
  const consents = useQuery({
    queryKey: ["consents"],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/notifications/consents", { signal })),
  });
  return (
    <>
      <p>
        微信要求您在小程序里逐项允许：一次性的，每允许一次可收到一条；长期的，允许后一直有效。没有允许的只在站内消息里，不会遗漏。
      </p>
      <Answer of={templates} outline={<Outline lines={6} />}>
        {({ items }) => (
          <Answer of={consents} outline={<Outline lines={6} />}>
            {({ credits }) => <Stands templates={items} credits={credits} />}
          </Answer>
        )}
      </Answer>
    </>
  );
}

interface Told {
  templates: View<"TemplateView">[];
  credits: View<"CreditsView">["credits"];
}

function Stands({ templates, credits }: Told): ReactNode {
  if (!templates.length) return <p className={page.notice}>平台现在没有微信消息模板，所有消息都在站内。</p>;
  return (
    <ul className={styles.consents} aria-label="微信授权">
      {templates.map(({ template_id, title, kind }) => (
        <li key={template_id}>
          <strong>{title}</strong>
          <Tag>{kind === "one_time" ? "一次性" : "长期"}</Tag>
          <span>{stand(kind, credits[template_id] ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}
