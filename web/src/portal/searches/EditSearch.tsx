/** A saved search as it is being edited: its name, how it tells, and what it asks where the page shows another search. */
import { type ReactNode, useState } from "react";

import { Conflict } from "../../shared/Conflict";
import { useNames } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { asked, type Filters, read, savedQuery } from "../search/filters";
import { type Saved, useEditing, type Wanted } from "./queries";
import { NOTIFY, SearchForm } from "./SearchForm";
import { wordsOf } from "./words";

interface Told {
  now: Saved;
  /** The search that it is to ask from now on; as before where it is left out. */
  filters?: Filters;
  done: () => void;
}

export function EditSearch({ now, filters, done }: Told): ReactNode {
  const name = useNames();
  const [seen, setSeen] = useState(now);
  const [mine, setMine] = useState<Wanted>({
    name: now.name,
    notify: now.notify,
    ...(filters && { query: savedQuery(filters) }),
  });
  const edit = useEditing(now.id, done);
  const fields = [
    { label: "名称", of: (each: Version) => each.name },
    { label: "有新内容时", of: (each: Version) => NOTIFY[each.notify] },
    { label: "搜索条件", of: (each: Version) => wordsOf(each.filters, name) },
  ];
  const theirs = version(now);
  return (
    <SearchForm
      wanted={mine}
      change={(next) => {
        edit.reset();
        setMine(next);
      }}
      asks={wordsOf(filters ?? theirs.filters, name)}
      save={() => {
        edit.mutate({ ...mine, version: seen.version });
      }}
      saving={edit.isPending}
    >
      <Outcome of={edit} />
      <Conflict
        error={edit.error}
        mine={{ ...mine, filters: filters ?? version(seen).filters }}
        now={now.version === seen.version ? undefined : theirs}
        fields={fields}
        take={done}
        keep={() => {
          setSeen(now);
          edit.mutate({ ...mine, version: now.version });
        }}
      />
    </SearchForm>
  );
}

type Version = Pick<Wanted, "name" | "notify"> & { filters: Filters };

function version(saved: Saved): Version {
  return { name: saved.name, notify: saved.notify, filters: read(asked(saved.query)) };
}
