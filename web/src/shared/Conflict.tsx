/** A thing was changed elsewhere while it was being changed here (412): both versions, and which of them to go on with. */
import { Button } from "antd";
import type { ReactNode } from "react";

import { Problem } from "../api/client";
import styles from "./Conflict.module.css";

interface Told<Thing> {
  /** Of the write that was refused. */
  error: Error | null;
  /** As it is on this page. */
  mine: Thing;
  /** As it is now, once it was asked for. */
  now: Thing | undefined;
  /** What may differ: what people call it, and how its value reads. */
  fields: { label: string; of: (thing: Thing) => string }[];
  /** Goes on with what is there now. */
  take: () => void;
  /** Goes on with what is on this page, where that may be. */
  keep?: () => void;
}

export function isConflict(error: Error | null): boolean {
  return error instanceof Problem && error.status === 412;
}

export function Conflict<Thing>({ error, mine, now, fields, take, keep }: Told<Thing>): ReactNode {
  if (!isConflict(error) || now === undefined) return null;
  const differing = fields.filter(({ of }) => of(mine) !== of(now));
  return (
    <section aria-label="两个版本" className={styles.conflict}>
      <p>{differing.length > 0 ? "这里的与现在的不同，请核对后选择：" : "两个版本的内容相同，可直接按现在的继续。"}</p>
      {differing.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">项目</th>
              <th scope="col">您这里的</th>
              <th scope="col">现在的</th>
            </tr>
          </thead>
          <tbody>
            {differing.map(({ label, of }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{of(mine)}</td>
                <td>{of(now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={styles.ways}>
        <Button type="primary" onClick={take}>
          按现在的版本继续
        </Button>
        {keep && differing.length > 0 && <Button onClick={keep}>用我的覆盖</Button>}
      </p>
    </section>
  );
}
