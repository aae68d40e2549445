/** A list of the API as a table; on a telephone each row is a card, so that nothing has to be pushed sideways. */
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";

import { Answer, Fault, Outline } from "../../shared/Answer";
import type { Paged } from "./pages";
import styles from "./Rows.module.css";

export interface Column<Item> {
  title: string;
  of: (item: Item) => ReactNode;
  /** Numbers stand on the right. */
  number?: boolean;
}

interface Told<Item> {
  of: UseInfiniteQueryResult<InfiniteData<Paged<Item>>>;
  columns: Column<Item>[];
  id: (item: Item) => string;
  /** What the list is of, for who does not see it. */
  label: string;
  /** Said where there is nothing. */
  nothing: string;
}

export function Rows<Item>({ of: query, columns, id, label, nothing }: Told<Item>): ReactNode {
  return (
    <Answer of={query} outline={<Outline lines={8} />}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        return (
          <>
            {items.length === 0 ? (
              <p className={styles.nothing}>{nothing}</p>
            ) : (
              <Plain items={items} columns={columns} id={id} label={label} />
            )}
            <More of={query} />
          </>
        );
      }}
    </Answer>
  );
}

type Whole<Item> = Pick<Told<Item>, "columns" | "id" | "label"> & { items: Item[] };

/** The table of a list that is there as a whole. */
export function Plain<Item>({ items, columns, id, label }: Whole<Item>): ReactNode {
  return (
    <table className={styles.rows} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, number }) => (
            <th key={title} scope="col" className={number ? styles.number : ""}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={id(item)}>
            {columns.map((column) => (
              <td key={column.title} data-title={column.title} className={column.number ? styles.number : ""}>
                <div>{column.of(item)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function More<Item>({ of: query }: Pick<Told<Item>, "of">): ReactNode {
  if (query.isFetchNextPageError) return <Fault error={query.error} again={() => void query.fetchNextPage()} />;
  if (!query.hasNextPage) return null;
  return (
    <p className={styles.more}>
      <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        显示更多
      </Button>
    </p>
  );
}
