/** Search: words and filters on the left, what is found on the right, page after page. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";

import { answer, api } from "../../api/client";
import { Antd } from "../../shared/Antd";
import { Answer, Outline } from "../../shared/Answer";
import { number } from "../../shared/format";
import { More } from "../../shared/More";
import { SaveSearch } from "../searches/SaveSearch";
import { Facets } from "./Facets";
import { cleared, type Filters, isSort, read, SORTS, written } from "./filters";
import { Found } from "./Found";
import styles from "./Search.module.css";

export function Search(): ReactNode {
  const [address, setAddress] = useSearchParams();
  const filters = read(address);
  const found = useFound(filters);
  const saved = address.get("saved");
  const change = (next: Filters): void => {
    setAddress({ ...written(next), ...(saved && { saved }) }, { preventScrollReset: true });
  };
  return (
    <Antd>
      <title>{filters.q ? `${filters.q} · 搜索` : "搜索 · 沿沪宁协同创新集市"}</title>
      <h1 className={styles.words}>{filters.q ? `“${filters.q}”的搜索结果` : "全部资源、需求与榜单"}</h1>
      <div className={styles.sides}>
        <Facets counts={found.data?.pages[0]?.facets} filters={filters} change={change} />
        <section
          className={found.isPlaceholderData ? styles.old : ""}
          aria-label="搜索结果"
          aria-busy={found.isFetching}
        >
          <div className={styles.summary}>
            <p role="status">
              {found.data && (
                <>
                  共 <strong>{number(found.data.pages[0]?.total ?? 0)}</strong> 条
                </>
              )}
            </p>
            {/* Beside the answer, which is asked for anew when somebody logs in here. */}
            <SaveSearch filters={filters} changes={saved} />
            <Select
              aria-label="排序"
              value={filters.sort}
              options={sortsOf(filters)}
              onChange={(sort: string) => {
                if (isSort(sort)) change({ ...filters, sort });
              }}
            />
          </div>
          <Answer of={found} outline={<Outline lines={12} />}>
            {({ pages }) => (
              <>
                {pages[0]?.total === 0 ? (
                  <Nothing filters={filters} change={change} />
                ) : (
                  <ol className={styles.found}>
                    {pages.flatMap((page) => page.items.map((item) => <Found key={item.id} item={item} />))}
                  </ol>
                )}
                <More of={found} />
              </>
            )}
          </Answer>
        </section>
      </div>
    </Antd>
  );
}

/** By distance only where there is a place to be far from. */
function sortsOf({ place }: Filters) {
  const all = Object.entries(SORTS).map(([value, label]) => ({ value, label }));
  return all.filter(({ value }) => value !== "distance" || place.near);
}

function useFound(filters: Filters) {
  const query = written(filters);
  return useInfiniteQuery({
    queryKey: ["search", query],
    queryFn: ({ pageParam: cursor, signal }) =>
      answer(api.GET("/api/v1/search", { params: { query: { ...query, limit: 20, cursor } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

function Nothing({ filters, change }: { filters: Filters; change: (next: Filters) => void }): ReactNode {
  const narrowed = Object.keys(written(cleared(filters))).length < Object.keys(written(filters)).length;
  return (
    <div className={styles.nothing}>
      <h2>没有符合条件的内容</h2>
      <p>{narrowed ? "筛选条件可能太多，去掉一些再试。" : "换个说法试试：更短的词、全称、拼音或首字母都可以。"}</p>
      {narrowed && (
        <Button
          onClick={() => {
            change(cleared(filters));
          }}
        >
          清除筛选
        </Button>
      )}
    </div>
  );
}
