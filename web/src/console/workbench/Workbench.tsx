/** Where an operator begins: what waits for them, and how their city's data are. */
import { useQueries } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { answer, api, type View } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { useUser } from "../../shared/session/useSession";
import { Page } from "../parts/Page";
import { SERVICE_NAMES, SERVICES, type Service } from "../parts/services";
import { sectionsOf } from "../sections";
import { Freshness } from "./Freshness";
import { pathOf } from "./links";
import styles from "./Workbench.module.css";

const LOOKED_EVERY_MS = 30_000;

export function Workbench(): ReactNode {
  return (
    <Page title="工作台">
      <section aria-label="等待处理">
        <h2>等待处理</h2>
        <Waiting />
      </section>
      <Freshness />
    </Page>
  );
}

/** What waits in each service; of one that does not answer the others are shown all the same. */
function Waiting(): ReactNode {
  const sections = sectionsOf(useUser()).map(({ path }) => path);
  const todos = useQueries({
    queries: SERVICE_NAMES.map((service) => ({
      queryKey: ["todo", service],
      queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET(todoOf(service), { signal })),
      refetchInterval: LOOKED_EVERY_MS,
    })),
  });
  return (
    <div className={styles.todos}>
      {todos.map((todo, at) => (
        <Answer key={SERVICE_NAMES[at]} of={todo} outline={<Outline lines={2} />}>
          {({ items }) =>
            items.map((each) => {
              const path = pathOf(each.link);
              // What is no work of an operator's is done elsewhere, such as an organisation's own drafts.
              if (!path || !sections.some((section) => path.startsWith(section) && section !== "/")) return null;
              return <Todo key={each.link} todo={each} path={path} service={SERVICE_NAMES[at]} />;
            })
          }
        </Answer>
      ))}
    </div>
  );
}

interface Told {
  todo: View<"WaitingView">;
  path: string;
  service: Service | undefined;
}

function Todo({ todo, path, service }: Told): ReactNode {
  return (
    <Link to={path} className={todo.count ? styles.todo : styles.none}>
      <strong>
        {todo.count}
        {todo.more && "+"}
      </strong>
      <span>
        {todo.label}
        {todo.kind === "dead_letters" && service && `（${SERVICES[service]}）`}
      </span>
    </Link>
  );
}

function todoOf(service: Service): "/api/v1/accounts/todo" {
  return `/api/v1/${service}/todo` as "/api/v1/accounts/todo"; // each answers the same
}
