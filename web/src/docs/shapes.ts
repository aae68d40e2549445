/** What a JSON Schema says, in the words in which a page shows it. Pure. */
import { lastOf, type Schema, type Schemas } from "./contracts";

export interface Field {
  name: string;
  schema: Schema;
  required: boolean;
}

export interface Shape {
  /** `string (date-time)`, `array of Claim`, `integer or null`. */
  type: string;
  description: string;
  limits: string[];
  /** What it may be, where that is a set; `grows` if more values may come. */
  values: string[];
  grows: boolean;
  /** Of an object, or of each of the objects in it. */
  fields: Field[];
}

const ANY: Shape = { type: "any", description: "", limits: [], values: [], grows: false, fields: [] };

export function shapeOf(schema: Schema, schemas: Schemas): Shape {
  const own = { limits: limitsOf(schema), description: schema.description ?? "" };
  const named = schema.$ref === undefined ? undefined : schemas[lastOf(schema.$ref)];
  if (named) return described(shapeOf(named, schemas), own);
  if (schema.anyOf) return described(either(schema.anyOf, schemas), own);
  if (schema.items || schema.prefixItems) return { ...several(schema, schemas), ...own };
  if (schema.properties) return { ...ANY, ...own, type: schema.title ?? "object", fields: fieldsOf(schema) };
  if (typeof schema.additionalProperties === "object") {
    const each = shapeOf(schema.additionalProperties, schemas);
    return { ...each, ...own, type: `object of ${each.type}` };
  }
  return { ...ANY, ...own, ...valuesOf(schema), type: plain(schema) };
}

function described(shape: Shape, own: Pick<Shape, "limits" | "description">): Shape {
  return { ...shape, description: own.description || shape.description, limits: [...own.limits, ...shape.limits] };
}

function either(options: Schema[], schemas: Schemas): Shape {
  const shapes = options.map((each) => shapeOf(each, schemas));
  const most = shapes.find(({ fields, values }) => fields.length + values.length > 0) ?? ANY;
  return {
    ...most,
    type: shapes.map(({ type }) => type).join(" or "),
    description: shapes.find(({ description }) => description)?.description ?? "",
    limits: shapes.flatMap(({ limits }) => limits),
  };
}

function several(schema: Schema, schemas: Schemas): Shape {
  const { items = {}, prefixItems } = schema;
  const places = prefixItems ?? items;
  if (Array.isArray(places)) {
    const types = places.map((each) => shapeOf(each, schemas).type);
    return { ...ANY, type: `[${types.join(", ")}]` };
  }
  const each = shapeOf(places, schemas);
  return { ...each, type: `array of ${each.type}` };
}

function fieldsOf({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) }));
}

function valuesOf(schema: Schema): Pick<Shape, "values" | "grows"> {
  const known = schema["x-extensible-enum"];
  const values = known ?? schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return { values: values.map(told), grows: known !== undefined };
}

function plain({ type, format, const: only }: Schema): string {
  const name = type === undefined ? (only === undefined ? "any" : typeof only) : [type].flat().join(" or ");
  return format ? `${name} (${format})` : name;
}

function limitsOf(schema: Schema): string[] {
  const { minimum, maximum, exclusiveMinimum, pattern } = schema;
  return [
    ...between("长度", schema.minLength, schema.maxLength),
    ...between("项数", schema.minItems, schema.maxItems),
    ...between("字段数", schema.minProperties, schema.maxProperties),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...between("数值", minimum, maximum),
    ...(pattern === undefined ? [] : [`格式 ${pattern}`]),
    ...(schema.default === undefined || schema.default === null ? [] : [`默认 ${told(schema.default)}`]),
  ];
}

function between(what: string, least: number | undefined, most: number | undefined): string[] {
  if (least !== undefined && most !== undefined)
    return [least === most ? `${what} ${most}` : `${what} ${least}–${most}`];
  if (least !== undefined) return [`${what} ≥ ${least}`];
  return most === undefined ? [] : [`${what} ≤ ${most}`];
}

function told(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
