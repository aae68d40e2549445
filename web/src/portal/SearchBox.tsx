/** The search box with suggestions (a combobox after the ARIA pattern): names, pinyin and initials all find. */
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useDeferredValue, useId, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";

import { answer, api } from "../api/client";
import { pathOf } from "./paths";
import styles from "./SearchBox.module.css";

const LONGEST = 300;

export function SearchBox({ large = false }: { large?: boolean }): ReactNode {
  const [parameters] = useSearchParams();
  const asked = parameters.get("q") ?? "";
  // Another search on the page begins with its own words.
  return <Box key={asked} begins={asked} large={large} />;
}

function Box({ begins, large }: { begins: string; large: boolean }): ReactNode {
  const [text, setText] = useState(begins);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const go = useNavigate();
  const list = useId();
  const suggestions = useSuggestions(open ? text : "");
  const shown = open ? suggestions : [];

  function search(event: SyntheticEvent): void {
    event.preventDefault();
    const picked = shown[chosen];
    setOpen(false);
    void go(picked ? pathOf(picked) : `/search?${new URLSearchParams({ q: text.trim() }).toString()}`);
  }

  function move(event: KeyboardEvent): void {
    if (event.key === "Escape") setOpen(false);
    if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || !shown.length) return;
    event.preventDefault();
    const stops = shown.length + 1; // the last one is the text itself
    setChosen((at) => ((at + 1 + (event.key === "ArrowDown" ? 1 : stops - 1)) % stops) - 1);
  }

  return (
    <form role="search" className={large ? styles.large : styles.box} onSubmit={search}>
      <input
        type="search"
        role="combobox"
        aria-label="搜索资源、需求与榜单"
        aria-autocomplete="list"
        aria-expanded={shown.length > 0}
        aria-controls={list}
        aria-activedescendant={chosen >= 0 && shown[chosen] ? `${list}-${chosen}` : undefined}
        placeholder="搜索院校、平台、成果、榜单，可输入拼音"
        autoComplete="off"
        maxLength={LONGEST}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(-1);
          setOpen(true);
        }}
        onKeyDown={move}
        onBlur={() => {
          setOpen(false);
        }}
      />
      <button type="submit">搜索</button>
      <ul id={list} role="listbox" aria-label="搜索建议" hidden={!shown.length}>
        {shown.map((each, at) => (
          <li
            key={each.id}
            id={`${list}-${at}`}
            role="option"
            aria-selected={at === chosen}
            // Before the box loses its focus, and with it the list.
            onMouseDown={(event) => {
              event.preventDefault();
              setOpen(false);
              void go(pathOf(each));
            }}
          >
            <span>{each.text}</span>
            {each.type === "challenge" && <small>榜单</small>}
          </li>
        ))}
      </ul>
    </form>
  );
}

function useSuggestions(text: string) {
  const q = useDeferredValue(text.trim());
  const { data } = useQuery({
    queryKey: ["suggest", q],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/search/suggest", { params: { query: { q } }, signal })),
    enabled: q !== "",
    retry: false, // the next letter asks anew
    placeholderData: (before) => before,
  });
  return q ? (data?.items ?? []) : [];
}
