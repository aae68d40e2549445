/** The record as others could see it at an instant. */
import { useQuery } from "@tanstack/react-query";
import { Descriptions } from "antd";
import type { ReactNode } from "react";

import { answer, api } from "../../api/client";
import { Answer, Outline } from "../../shared/Answer";
import { useNames } from "../../shared/labels";
import page from "../../shared/Thing.module.css";
import { flat } from "./changes";
import type { Place } from "./RecordPage";

interface Told {
  place: Place;
  at: Date;
  shown: (instant: string) => string;
}

export function AsItStood({ place, at, shown }: Told): ReactNode {
  const name = useNames();
  const instant = at.toISOString();
  const found = useQuery({
    queryKey: ["record-at", place, instant],
    queryFn: async ({ signal }) => {
      const record = await answer(
        api.GET("/api/v1/sync/records/{jurisdiction}/{kind}/{source_id}", {
          params: { path: place, query: { at: instant } },
          signal,
        }),
      );
      if ("items" in record) throw new Error("answered with a history that nobody asked for");
      return record;
    },
  });
  return (
    <Answer of={found} outline={<Outline lines={4} />}>
      {(record) => (
        <Descriptions
          bordered
          size="small"
          column={1}
          className={page.facts ?? ""}
          title={`${shown(instant)} 的内容`}
          items={Object.entries(flat(record)).map(([field, value]) => ({
            key: field,
            label: name("row_fields", field),
            children: value,
          }))}
        />
      )}
    </Answer>
  );
}
