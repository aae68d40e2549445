/** Saves the search that is shown: as a new one, or as what an earlier one asks from now on. Whoever is not logged in is let in here. */
import { Button, Modal } from "antd";
import { type ReactNode, useState } from "react";

import { Answer, Outline } from "../../shared/Answer";
import { useNames } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { Signed } from "../../shared/session/Signed";
import { type Filters, savedQuery } from "../search/filters";
import { EditSearch } from "./EditSearch";
import { useSavedSearch, useSaving, type Wanted } from "./queries";
import { SearchForm } from "./SearchForm";
import { wordsOf } from "./words";

interface Told {
  filters: Filters;
  /** The saved search that the page was opened to change. */
  changes: string | null;
}

export function SaveSearch({ filters, changes }: Told): ReactNode {
  const [open, setOpen] = useState(false);
  const [saved, setSaved] = useState(false);
  const done = (): void => {
    setOpen(false);
    setSaved(true);
  };
  return (
    <>
      <span role="status">{saved && "已保存"}</span>
      <Button
        onClick={() => {
          setSaved(false);
          setOpen(true);
        }}
      >
        {changes ? "保存修改" : "保存此搜索"}
      </Button>
      <Modal
        title={changes ? "修改已存搜索" : "保存此搜索"}
        open={open}
        onCancel={() => {
          setOpen(false);
        }}
        footer={null}
        destroyOnHidden
      >
        <Signed>
          {changes ? (
            <Earlier id={changes} filters={filters} done={done} />
          ) : (
            <NewSearch filters={filters} done={done} />
          )}
        </Signed>
      </Modal>
    </>
  );
}

function NewSearch({ filters, done }: { filters: Filters; done: () => void }): ReactNode {
  const name = useNames();
  const asks = wordsOf(filters, name);
  const [wanted, setWanted] = useState<Wanted>({ name: filters.q.slice(0, 60), notify: "at_once" });
  const save = useSaving(done);
  return (
    <SearchForm
      wanted={wanted}
      change={(next) => {
        save.reset();
        setWanted(next);
      }}
      asks={asks}
      save={() => {
        save.mutate({ ...wanted, query: savedQuery(filters) });
      }}
      saving={save.isPending}
    >
      <Outcome of={save} />
    </SearchForm>
  );
}

function Earlier({ id, filters, done }: { id: string; filters: Filters; done: () => void }): ReactNode {
  const saved = useSavedSearch(id);
  return (
    <Answer of={saved} outline={<Outline lines={4} />}>
      {(now) => <EditSearch now={now} filters={filters} done={done} />}
    </Answer>
  );
}
