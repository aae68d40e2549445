/** What a city can do with a challenge now, from the challenge's own `actions`: what is refused says why. */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { answer, api, type View } from "../../api/client";
import { useNames } from "../../shared/labels";
import page from "../../shared/Thing.module.css";
import { seen, useWrite } from "../../shared/writing";
import { Act } from "../parts/Act";
import { Changed, type Refused } from "../parts/Changed";
import parts from "../parts/parts.module.css";
import { FIELDS } from "./fields";
import { ReturnForm } from "./ReturnForm";

type Body = View<"ChallengeView">;

const STEPS = {
  approve: {
    path: "/api/v1/challenges/{challenge_id}/approve",
    question: "审核通过后，榜单可以发布；需要修改时请退回并写明意见。",
  },
  publish: {
    path: "/api/v1/challenges/{challenge_id}/publish",
    question: "发布后所有人都能看到本榜单，内容不能再改，到截止时间自动结束。",
  },
} as const;

export function Decision({ challenge: it }: { challenge: Body }): ReactNode {
  const offers = it.actions.filter(({ action }) => action in STEPS || action === "return");
  // A step forward stands before the form of the way back.
  const allowed = offers.filter((each) => each.allowed).sort((one) => (one.action === "return" ? 1 : -1));
  const why = [...new Set(offers.flatMap((each) => (each.allowed ? [] : [each.reason ?? ""])))];
  if (!offers.length) return null;
  return (
    <section aria-label="审核" className={parts.stack}>
      <h2>审核</h2>
      {allowed.map(({ action }) =>
        action === "return" ? (
          <ReturnForm key={action} challenge={it} />
        ) : (
          <Step key={action} action={action as keyof typeof STEPS} challenge={it} />
        ),
      )}
      {!allowed.length && <p className={page.source}>{why.join(" ")}</p>}
    </section>
  );
}

function Step({ action, challenge: it }: { action: keyof typeof STEPS; challenge: Body }): ReactNode {
  const name = useNames();
  const taken = useTaken(it.id);
  const write = useWrite(
    (_: string, header) =>
      api.POST(STEPS[action].path, {
        params: { path: { challenge_id: it.id }, header: { ...header, ...seen(it.version) } },
        body: {},
      }),
    taken,
  );
  return (
    <div>
      <Act name={name("actions", action)} primary write={write} question={STEPS[action].question}>
        <ChangedChallenge challenge={it} write={write} />
      </Act>
    </div>
  );
}

/** The same for both ways on. */
export function ChangedChallenge({ challenge: it, write }: { challenge: Body; write: Refused }): ReactNode {
  return (
    <Changed
      of={["challenge", it.id]}
      mine={it}
      write={write}
      ask={() => answer(api.GET("/api/v1/challenges/{challenge_id}", { params: { path: { challenge_id: it.id } } }))}
      fields={Object.entries({ state: "状态", ...FIELDS }).map(([field, label]) => ({
        label,
        of: (body: Body) => shown(body[field as keyof Body]),
      }))}
    />
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The page goes on with this answer, and lists are asked for anew. */
export function useTaken(challengeId: string): (body: Body) => void {
  const client = useQueryClient();
  return (body) => {
    client.setQueryData(["challenge", challengeId], body);
    void client.invalidateQueries({ queryKey: ["challenges"] });
  };
}
