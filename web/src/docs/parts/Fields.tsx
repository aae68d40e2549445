/** The fields of an object, one below the other; what is within one of them opens where it stands. */
import { type ReactNode, useState } from "react";

import type { Schema, Schemas } from "../contracts";
import { type Field as Told, shapeOf } from "../shapes";
import styles from "./parts.module.css";

interface Shown {
  of: Schema;
  schemas: Schemas;
}

/** Of a schema that is no object, the one thing that it is. */
export function Fields({ of, schemas }: Shown): ReactNode {
  const { fields, type, limits } = shapeOf(of, schemas);
  if (fields.length === 0) return <p className={styles.type}>{[type, ...limits].join("，")}</p>;
  return <FieldList fields={fields} schemas={schemas} />;
}

export function FieldList({ fields, schemas }: { fields: Told[]; schemas: Schemas }): ReactNode {
  return (
    <ul className={styles.fields}>
      {fields.map((each) => (
        <Field key={each.name} field={each} schemas={schemas} />
      ))}
    </ul>
  );
}

function Field({ field: { name, schema, required }, schemas }: { field: Told; schemas: Schemas }): ReactNode {
  const { type, description, limits, values, grows, fields } = shapeOf(schema, schemas);
  return (
    <li>
      <p className={styles.field}>
        <code>{name}</code>
        <span className={styles.type}>{type}</span>
        {required && <strong className={styles.required}>必有</strong>}
        {limits.map((limit) => (
          <span key={limit} className={styles.limit}>
            {limit}
          </span>
        ))}
      </p>
      {description && <p lang="en">{description}</p>}
      {values.length > 0 && (
        <p className={styles.values}>
          {grows ? "已知取值（今后会增加）" : "取值"}
          {values.map((value) => (
            <code key={value}>{value}</code>
          ))}
        </p>
      )}
      {fields.length > 0 && <Within fields={fields} schemas={schemas} />}
    </li>
  );
}

/** Drawn once it is opened: what holds itself would never end. */
function Within({ fields, schemas }: { fields: Told[]; schemas: Schemas }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={styles.within}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>其中 {fields.length} 个字段</summary>
      {open && <FieldList fields={fields} schemas={schemas} />}
    </details>
  );
}
