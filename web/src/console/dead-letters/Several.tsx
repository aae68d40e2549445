/** Several letters handled again at once, each key's in the order in which they came; what became of each. */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { api, type View } from "../../api/client";
import { number } from "../../shared/format";
import { useWrite } from "../../shared/writing";
import { Act } from "../parts/Act";
import parts from "../parts/parts.module.css";
import { ops, type Service } from "../parts/services";
import { OUTCOMES } from "./reasons";

const MOST = 100;

interface Told {
  service: Service;
  ids: string[];
  done: () => void;
}

export function Several({ service, ids, done }: Told): ReactNode {
  const client = useQueryClient();
  const write = useWrite(
    (input: { ids: string[]; reason: string }, header) =>
      api.POST(ops(service, "dead-letters/replay"), { params: { header }, body: input }),
    () => {
      done();
      return client.invalidateQueries({ queryKey: ["dead-letters", service] });
    },
  );
  return (
    <div className={parts.stack}>
      <div>
        <Act
          name={`重放所选（${number(ids.length)}）`}
          disabled={!ids.length || ids.length > MOST}
          reason="optional"
          write={{
            ...write,
            mutate: (reason, options) => {
              write.mutate({ ids, reason }, options);
            },
          }}
          question="同一对象的消息按发生的先后重放；其中一条再次失败时，其后的暂缓，仍待处理。"
        />
      </div>
      <div role="status">{write.data && <Became items={write.data.items} />}</div>
    </div>
  );
}

function Became({ items }: { items: View<"ReplayView">[] }): ReactNode {
  const failed = items.filter(({ outcome }) => outcome !== "replayed");
  return (
    <>
      <p>
        已重放 {number(items.length - failed.length)} 条
        {failed.length > 0 && `，另有 ${number(failed.length)} 条未重放：`}
      </p>
      <ul>
        {failed.map(({ id, outcome, detail }) => (
          <li key={id}>
            {id}：{OUTCOMES[outcome]}
            {detail && `（${detail}）`}
          </li>
        ))}
      </ul>
    </>
  );
}
