/** The filters of a list stand in the address: a link shows a colleague the same, and "back" undoes one step. */
import { Input, Select } from "antd";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";

import styles from "./filters.module.css";

/** The value of a filter, and how it is changed; the empty text for none. */
export function useFilter(name: string, otherwise = ""): [string, (value: string) => void] {
  const [address, setAddress] = useSearchParams();
  const change = (value: string): void => {
    setAddress(
      (now) => {
        if (value === otherwise) now.delete(name);
        else now.set(name, value);
        return now;
      },
      { preventScrollReset: true },
    );
  };
  return [address.get(name) ?? otherwise, change];
}

export interface Choice {
  value: string;
  label: string;
}

interface Told {
  name: string;
  label: string;
  choices: Choice[];
  /** Chosen where the address says nothing. */
  otherwise?: string;
}

export function Filter({ name, label, choices, otherwise = "" }: Told): ReactNode {
  const [value, change] = useFilter(name, otherwise);
  return (
    <label className={styles.filter}>
      <span>{label}</span>
      <Select className={styles.select ?? ""} aria-label={label} value={value} options={choices} onChange={change} />
    </label>
  );
}

/** A filter that is typed; it holds once Enter is pressed or the field is left. */
export function Typed({ name, label, placeholder }: { name: string; label: string; placeholder: string }): ReactNode {
  const [value, change] = useFilter(name);
  return (
    <label className={styles.filter}>
      <span>{label}</span>
      <Input
        key={value}
        aria-label={label}
        defaultValue={value}
        placeholder={placeholder}
        maxLength={200}
        allowClear
        onPressEnter={({ currentTarget }) => {
          change(currentTarget.value.trim());
        }}
        onBlur={({ target }) => {
          change(target.value.trim());
        }}
      />
    </label>
  );
}

export function Filters({ children }: { children: ReactNode }): ReactNode {
  return (
    <div role="search" aria-label="筛选" className={styles.filters}>
      {children}
    </div>
  );
}
