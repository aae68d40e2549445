/** What reaches somebody, by which way and when; and what WeChat still lets us send them. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { answer, api } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import page from "../../shared/Thing.module.css";
import { Mine } from "../mine/Mine";
import { Consents } from "./Consents";
import { PREFERENCES, PreferencesForm } from "./PreferencesForm";

export function Settings(): ReactNode {
  return (
    <Mine>
      <title>通知设置 · 沿沪宁协同创新集市</title>
      <article className={page.thing}>
        <h1>通知设置</h1>
        <Preferences />
        <h2>微信订阅消息的授权</h2>
        <Consents />
      </article>
    </Mine>
  );
}

function Preferences(): ReactNode {
  const preferences = useQuery({
    queryKey: PREFERENCES,
    queryFn: ({ signal }) => answer(api.GET("/api/v1/notifications/preferences", { signal })),
  });
  return (
    <Answer of={preferences} outline={<Outline lines={8} />}>
      {(now) => <PreferencesForm now={now} />}
    </Answer>
  );
}
