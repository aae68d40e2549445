/** A heat map of how fresh the data are, city by kind, and the way to each city's rhythm. */
import type { ReactNode } from "react";
import { Link } from "react-router";

import { Answer, Outline } from "../../shared/Answer";
import { Matrix } from "../../shared/freshness/Matrix";
import { useFreshness } from "../../shared/freshness/queries";
import { citiesOf, holds } from "../../shared/session/roles";
import { useUser } from "../../shared/session/useSession";
import { Page } from "../parts/Page";
import parts from "../parts/parts.module.css";

export function FreshnessPage(): ReactNode {
  const user = useUser();
  const found = useFreshness();
  const sets = (city: string): boolean => holds(user, "alliance_operator") || citiesOf(user).includes(city);
  return (
    <Page title="数据新鲜度">
      <p className={parts.quiet}>距最近一次有效批次的天数。超过更新周期的清单标为“断更”，该市运营人员会收到提醒。</p>
      <Answer of={found} outline={<Outline lines={12} />}>
        {({ items }) => (
          <Matrix
            cities={items}
            label="各市各类数据的新鲜度"
            below={({ jurisdiction, name }) =>
              sets(jurisdiction) && (
                <>
                  <br />
                  <Link to={`/freshness/${jurisdiction}`} aria-label={`${name}的更新周期`}>
                    更新周期
                  </Link>
                </>
              )
            }
          />
        )}
      </Answer>
    </Page>
  );
}
