/** The filters beside what was found, each value with how many it would leave; several of one kind can be chosen. */
import { Button, Checkbox } from "antd";
import { type ReactNode, useState } from "react";

import type { View } from "../../api/client";
import { number } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { Tag } from "../../shared/Tag";
import { cleared, type Filter, type Filters, SEVERAL, toggled } from "./filters";
import { placeWords, SETS } from "./names";
import styles from "./Search.module.css";

type Counts = View<"FacetsView">;

const TITLES = { jurisdiction: "地区", kind: "类别", industry: "行业", status: "榜单状态" } as const;
const AT_FIRST = 8;

interface Told {
  counts: Counts | undefined;
  filters: Filters;
  change: (next: Filters) => void;
}

export function Facets({ counts, filters, change }: Told): ReactNode {
  const chosen = SEVERAL.flatMap((name) => filters[name].map((value) => ({ name, value })));
  const [open, setOpen] = useState(false);
  return (
    <aside aria-label="筛选" className={open ? styles.facets : styles.closed}>
      <Chosen chosen={chosen} filters={filters} change={change} />
      <Button
        block
        className={styles.open ?? ""}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {open ? "收起筛选" : "展开筛选"}
      </Button>
      <div className={styles.groups}>
        {(Object.keys(TITLES) as (keyof Counts)[]).map((name) => (
          <Facet key={name} name={name} counts={counts?.[name] ?? []} filters={filters} change={change} />
        ))}
      </div>
    </aside>
  );
}

function Chosen({
  chosen,
  filters,
  change,
}: Omit<Told, "counts"> & { chosen: { name: Filter; value: string }[] }): ReactNode {
  const name = useNames();
  const place = placeWords(filters);
  if (!chosen.length && !place) return null;
  return (
    <ul className={styles.chosen} aria-label="已选条件">
      {chosen.map((each) => (
        <li key={`${each.name} ${each.value}`}>
          <Tag>
            {name(SETS[each.name], each.value)}
            <button
              type="button"
              aria-label={`去掉 ${name(SETS[each.name], each.value)}`}
              onClick={() => {
                change(toggled(filters, each.name, each.value));
              }}
            >
              ×
            </button>
          </Tag>
        </li>
      ))}
      {place && (
        <li>
          <Tag>
            {place}
            <button
              type="button"
              aria-label={`去掉 ${place}`}
              onClick={() => {
                change({ ...filters, place: {}, sort: filters.sort === "distance" ? "relevance" : filters.sort });
              }}
            >
              ×
            </button>
          </Tag>
        </li>
      )}
      <li>
        <Button
          type="link"
          size="small"
          onClick={() => {
            change(cleared(filters));
          }}
        >
          全部清除
        </Button>
      </li>
    </ul>
  );
}

interface One {
  name: keyof Counts;
  counts: View<"CountView">[];
  filters: Filters;
  change: (next: Filters) => void;
}

function Facet({ name, counts, filters, change }: One): ReactNode {
  const label = useNames();
  const [all, setAll] = useState(false);
  // A value that was chosen stays in sight, even where nothing is left of it.
  const gone = filters[name].filter((value) => !counts.some((each) => each.value === value));
  const values = [...counts, ...gone.map((value) => ({ value, count: 0 }))];
  if (!values.length) return null;
  return (
    <div role="group" aria-label={TITLES[name]} className={styles.facet}>
      <h2>{TITLES[name]}</h2>
      {(all ? values : values.slice(0, AT_FIRST)).map(({ value, count }) => (
        <Checkbox
          key={value}
          checked={filters[name].includes(value)}
          onChange={() => {
            change(toggled(filters, name, value));
          }}
        >
          {label(SETS[name], value)} <span className={styles.count}>{number(count)}</span>
        </Checkbox>
      ))}
      {values.length > AT_FIRST && (
        <Button
          type="link"
          size="small"
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? "收起" : `其余 ${number(values.length - AT_FIRST)} 项`}
        </Button>
      )}
    </div>
  );
}
