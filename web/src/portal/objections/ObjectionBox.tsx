/** 对此数据提出异议: for whoever sees that a record is wrong. Whoever is not logged in is let in here. */
import { Button, Input, Modal } from "antd";
import { type ReactNode, useId, useState } from "react";

import { Answer, Outline } from "../../shared/Answer";
import type { Objection } from "../../shared/objections";
import { Outcome } from "../../shared/Outcome";
import { Signed } from "../../shared/session/Signed";
import { useSession } from "../../shared/session/useSession";
import { ObjectionState } from "./ObjectionState";
import styles from "./Objections.module.css";
import { useObjecting, useObjectionTo } from "./queries";

export function ObjectionBox({ recordId }: { recordId: string }): ReactNode {
  const [open, setOpen] = useState(false);
  const standing = useSession();
  return (
    <section aria-label="数据异议" className={styles.box}>
      {standing.is === "in" && <Own recordId={recordId} />}
      <p className={styles.ask}>
        <span>内容有误？可以告诉发布城市。</span>
        <Button
          onClick={() => {
            setOpen(true);
          }}
        >
          对此数据提出异议
        </Button>
      </p>
      <Modal
        title="对此数据提出异议"
        open={open}
        onCancel={() => {
          setOpen(false);
        }}
        footer={null}
        destroyOnHidden
      >
        <Signed>
          <Asked
            recordId={recordId}
            done={() => {
              setOpen(false);
            }}
          />
        </Signed>
      </Modal>
    </section>
  );
}

function Own({ recordId }: { recordId: string }): ReactNode {
  const mine = useObjectionTo(recordId);
  return mine.data ? <ObjectionState of={mine.data} /> : null;
}

/** One at a time: while one waits for its answer, that is said instead. */
function Asked({ recordId, done }: { recordId: string; done: () => void }): ReactNode {
  const mine = useObjectionTo(recordId);
  return (
    <Answer of={mine} outline={<Outline lines={4} />}>
      {(earlier: Objection | null) =>
        earlier?.state === "open" ? <ObjectionState of={earlier} /> : <Form recordId={recordId} done={done} />
      }
    </Answer>
  );
}

function Form({ recordId, done }: { recordId: string; done: () => void }): ReactNode {
  const [statement, setStatement] = useState("");
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  const save = useObjecting();
  const id = useId();
  const contact = { name: name.trim() || null, phone: phone.trim() || null };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        const asked = { record_id: recordId, statement: statement.trim() };
        save.mutate({ ...asked, contact: contact.name || contact.phone ? contact : null }, { onSuccess: done });
      }}
    >
      <label htmlFor={`${id}-statement`}>哪里有误，应当是什么（必填）</label>
      <Input.TextArea
        id={`${id}-statement`}
        rows={4}
        maxLength={1000}
        showCount
        value={statement}
        onChange={({ target }) => {
          setStatement(target.value);
        }}
      />
      <label htmlFor={`${id}-name`}>联系人（选填）</label>
      <Input
        id={`${id}-name`}
        maxLength={50}
        autoComplete="name"
        value={name}
        onChange={({ target }) => {
          setName(target.value);
        }}
      />
      <label htmlFor={`${id}-phone`}>联系电话（选填，只有发布城市能看到）</label>
      <Input
        id={`${id}-phone`}
        type="tel"
        maxLength={40}
        autoComplete="tel"
        value={phone}
        onChange={({ target }) => {
          setPhone(target.value);
        }}
      />
      <p className={styles.buttons}>
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!statement.trim()}>
          提交异议
        </Button>
      </p>
      <Outcome of={save} />
    </form>
  );
}
