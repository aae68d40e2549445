/** One's saved searches: what each asks, the way to its results, and changing or removing it. */
import { Button, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";

import { Answer, Outline } from "../../shared/Answer";
import { day } from "../../shared/format";
import { useNames } from "../../shared/labels";
import { More } from "../../shared/More";
import { Outcome } from "../../shared/Outcome";
import { Tag } from "../../shared/Tag";
import { Mine } from "../mine/Mine";
import { asked, read } from "../search/filters";
import { EditSearch } from "./EditSearch";
import { type Saved, useRemoving, useSavedSearches } from "./queries";
import { NOTIFY } from "./SearchForm";
import styles from "./Searches.module.css";
import { wordsOf } from "./words";

export function Searches(): ReactNode {
  return (
    <Mine>
      <title>已存搜索 · 沿沪宁协同创新集市</title>
      <h1>已存搜索</h1>
      <p className={styles.quiet}>有新内容符合时会告诉您，可在“通知设置”里选择方式。</p>
      <List />
    </Mine>
  );
}

function List(): ReactNode {
  const list = useSavedSearches();
  return (
    <Answer of={list} outline={<Outline lines={8} />}>
      {({ pages }) =>
        pages[0]?.items.length ? (
          <>
            <ul className={styles.searches} aria-label="已存搜索">
              {pages.flatMap((page) => page.items.map((each) => <Row key={each.id} saved={each} />))}
            </ul>
            <More of={list} />
          </>
        ) : (
          <Nothing />
        )
      }
    </Answer>
  );
}

function Row({ saved }: { saved: Saved }): ReactNode {
  const name = useNames();
  const [editing, setEditing] = useState(false);
  const close = (): void => {
    setEditing(false);
  };
  const address = asked(saved.query).toString();
  return (
    <li className={styles.search}>
      <h2>
        <Link to={`/search?${address}`}>{saved.name}</Link>
      </h2>
      <p className={styles.asks}>{wordsOf(read(asked(saved.query)), name)}</p>
      <p className={styles.facts}>
        <Tag>{NOTIFY[saved.notify]}</Tag>
        <span>保存于 {day(saved.created_at)}</span>
        <Link to={`/search?${address}${address && "&"}saved=${saved.id}`}>修改条件</Link>
        <Button
          size="small"
          aria-label={`修改：${saved.name}`}
          onClick={() => {
            setEditing(true);
          }}
        >
          修改
        </Button>
        <Remove saved={saved} />
      </p>
      <Modal title="修改已存搜索" open={editing} onCancel={close} footer={null} destroyOnHidden>
        <EditSearch now={saved} done={close} />
      </Modal>
    </li>
  );
}

/** Asks once more, where it stands. */
function Remove({ saved }: { saved: Saved }): ReactNode {
  const [sure, setSure] = useState(false);
  const remove = useRemoving();
  if (!sure)
    return (
      <Button
        size="small"
        danger
        aria-label={`删除：${saved.name}`}
        onClick={() => {
          setSure(true);
        }}
      >
        删除
      </Button>
    );
  return (
    <span role="group" aria-label={`确定删除：${saved.name}`} className={styles.sure}>
      <span>不再通知，确定删除？</span>
      <Button
        size="small"
        danger
        type="primary"
        autoFocus
        loading={remove.isPending}
        onClick={() => {
          remove.mutate(saved.id);
        }}
      >
        确定删除
      </Button>
      <Button
        size="small"
        onClick={() => {
          setSure(false);
        }}
      >
        取消
      </Button>
      <Outcome of={remove} />
    </span>
  );
}

function Nothing(): ReactNode {
  return (
    <div className={styles.nothing}>
      <h2>还没有已存搜索</h2>
      <p>在搜索页选好条件后点“保存此搜索”，有新内容符合时会告诉您。</p>
      <Link to="/search">去搜索</Link>
    </div>
  );
}
