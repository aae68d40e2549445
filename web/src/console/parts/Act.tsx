/** A button that does something for good: it asks first, takes a reason where one is wanted, and says what became of it. */
import type { UseMutationResult } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { type ReactNode, useId, useState } from "react";

import { Outcome } from "../../shared/Outcome";
import styles from "./parts.module.css";

/** A write that takes the reason. */
type Write = Pick<
  UseMutationResult<unknown, Error, never>,
  "error" | "isPaused" | "isPending" | "failureReason" | "failureCount" | "reset"
> & { mutate: (reason: string, options: { onSuccess: () => void }) => void };

interface Told {
  /** The button, and the heading of the question. */
  name: string;
  question: ReactNode;
  write: Write;
  /** Whether a reason is taken, and whether it must be given. */
  reason?: "optional" | "required";
  danger?: boolean;
  primary?: boolean;
  disabled?: boolean;
  longest?: number;
  /** What a refusal needs beside its words. */
  children?: ReactNode;
}

export function Act({
  name,
  question,
  write,
  reason,
  danger,
  primary,
  disabled,
  longest = 500,
  children,
}: Told): ReactNode {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const label = useId();
  const cancel = (): void => {
    setOpen(false);
    write.reset(); // what was refused is not said again at the next try
  };
  // What a write answered stays: the page may show it.
  const done = (): void => {
    setOpen(false);
    setText("");
  };
  return (
    <>
      <Button
        danger={danger ?? false}
        type={primary ? "primary" : "default"}
        disabled={disabled ?? false}
        onClick={() => {
          setOpen(true);
        }}
      >
        {name}
      </Button>
      <Modal
        title={name}
        open={open}
        okText={name}
        okButtonProps={{ danger: danger ?? false, disabled: reason === "required" && !text.trim() }}
        confirmLoading={write.isPending}
        onOk={() => {
          write.mutate(text.trim(), { onSuccess: done });
        }}
        onCancel={cancel}
      >
        <div className={styles.question}>
          <div>{question}</div>
          {reason && (
            <>
              <label htmlFor={label}>{reason === "required" ? "理由（必填）" : "理由（选填）"}</label>
              <Input.TextArea
                id={label}
                rows={3}
                maxLength={longest}
                showCount
                value={text}
                onChange={({ target }) => {
                  setText(target.value);
                }}
              />
            </>
          )}
          <Outcome of={write} />
          {children}
        </div>
      </Modal>
    </>
  );
}
