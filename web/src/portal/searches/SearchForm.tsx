/** The name of a saved search, and how its news are told. */
import { Button, Input, Radio } from "antd";
import { type ReactNode, useId } from "react";

import type { Wanted } from "./queries";
import styles from "./Searches.module.css";

const LONGEST = 60;
export const NOTIFY: Record<Wanted["notify"], string> = { at_once: "立即告诉我", digest: "每天汇总一次" };

interface Told {
  wanted: Wanted;
  change: (next: Wanted) => void;
  /** What is asked, in words. */
  asks: string;
  save: () => void;
  saving: boolean;
  children: ReactNode;
}

export function SearchForm({ wanted, change, asks, save, saving, children }: Told): ReactNode {
  const name = useId();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <p className={styles.asks}>{asks}</p>
      <label htmlFor={name}>名称</label>
      <Input
        id={name}
        required
        maxLength={LONGEST}
        showCount
        value={wanted.name}
        onChange={({ target }) => {
          change({ ...wanted, name: target.value });
        }}
      />
      <Radio.Group
        aria-label="有新内容时"
        value={wanted.notify}
        options={Object.entries(NOTIFY).map(([value, label]) => ({ value, label }))}
        onChange={({ target }) => {
          change({ ...wanted, notify: target.value as Wanted["notify"] });
        }}
      />
      {children}
      <p className={styles.buttons}>
        <Button type="primary" htmlType="submit" loading={saving} disabled={!wanted.name.trim()}>
          保存
        </Button>
      </p>
    </form>
  );
}
