/** One dead letter: its message, masked until somebody says why they must read it, and what can be done with it. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { type ReactNode, useState } from "react";

import { api, type View } from "../../api/client";
import { useWrite } from "../../shared/writing";
import { Act } from "../parts/Act";
import parts from "../parts/parts.module.css";
import { ops, type Service } from "../parts/services";

interface Told {
  service: Service;
  letter: View<"LetterView">;
  /** Whether this person may settle it. */
  settles: boolean;
}

export function Letter({ service, letter, settles }: Told): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <div className={parts.buttons}>
      <Button
        onClick={() => {
          setOpen(true);
        }}
      >
        查看
      </Button>
      {settles && letter.status === "open" && <Settling service={service} letter={letter} />}
      <Modal
        title={`${letter.topic} ${letter.partition}/${letter.offset}`}
        open={open}
        footer={null}
        width={720}
        destroyOnHidden
        onCancel={() => {
          setOpen(false);
        }}
      >
        <Message service={service} letter={letter} />
      </Modal>
    </div>
  );
}

/** What was read is gone once the window is closed: it is kept nowhere. */
function Message({ service, letter }: Omit<Told, "settles">): ReactNode {
  const unmasking = useWrite((reason: string, header) =>
    api.POST(ops(service, "dead-letters/{letter_id}/unmask"), {
      params: { path: { letter_id: letter.id }, header },
      body: { reason },
    }),
  );
  const { payload, masked, error } = unmasking.data ?? letter;
  return (
    <div className={parts.stack}>
      {error && (
        <pre className={parts.payload} tabIndex={0} aria-label="错误">
          {error}
        </pre>
      )}
      {payload === null ? (
        <p>消息过大，没有保留内容。</p>
      ) : (
        <pre className={parts.payload} tabIndex={0} aria-label="消息">
          {readable(payload)}
        </pre>
      )}
      {masked && payload !== null && (
        <Act
          name="查看原文"
          reason="required"
          longest={200}
          write={unmasking}
          question="原文可能含有个人信息或尚未公开的内容。查看的人和理由会记入审计。"
        />
      )}
    </div>
  );
}

/** JSON on several lines; whatever else it is as it came. */
function readable(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

function Settling({ service, letter }: Omit<Told, "settles">): ReactNode {
  const client = useQueryClient();
  const done = (): Promise<void> => client.invalidateQueries({ queryKey: ["dead-letters", service] });
  const path = { letter_id: letter.id };
  const replay = useWrite(
    (reason: string, header) =>
      api.POST(ops(service, "dead-letters/{letter_id}/replay"), { params: { path, header }, body: { reason } }),
    done,
  );
  const discard = useWrite(
    (reason: string, header) =>
      api.POST(ops(service, "dead-letters/{letter_id}/discard"), { params: { path, header }, body: { reason } }),
    done,
  );
  return (
    <>
      <Act
        name="重放"
        primary
        reason="optional"
        write={replay}
        question="用现在的程序再处理一次。成功后即为已重放；再次失败则仍待处理。"
      />
      <Act name="搁置" danger reason="required" write={discard} question="不再处理这条消息，它引起的变化不会发生。" />
    </>
  );
}
