// The pages read the very documents that the gateway serves.
import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import {
  type AsyncApi,
  lastOf,
  mentions,
  type OpenApi,
  operationsOf,
  responseOf,
  type Schema,
  type Schemas,
  topicsOf,
} from "./contracts";
import { type Shape, shapeOf } from "./shapes";

const read = (path: string): unknown => JSON.parse(readFileSync(`../docs/${path}`, "utf8"));
const openapi = read("openapi/huning.json") as OpenApi;
const asyncapi = read("asyncapi.json") as AsyncApi;

/** What the pages show, and what they rightly leave out. */
const KNOWN = new Set(
  (
    "$ref title description type format pattern enum x-extensible-enum const default anyOf items prefixItems properties required " +
    "additionalProperties minLength maxLength minItems maxItems minimum maximum exclusiveMinimum minProperties maxProperties examples propertyNames"
  ).split(" "),
);

/** The keywords of these schemas and of all that they hold. */
function formsOf(schemas: Schemas): string[] {
  return Object.values(schemas).flatMap((schema) => {
    const { properties = {}, items, prefixItems = [], anyOf = [], additionalProperties } = schema;
    const within = [...[items].flat(), additionalProperties, ...prefixItems, ...anyOf].filter(
      (each) => typeof each === "object",
    );
    return [
      ...Object.keys(schema),
      ...formsOf(properties),
      ...formsOf(Object.fromEntries(within.map((each, at) => [String(at), each]))),
    ];
  });
}

/** Every shape below this one, each named schema once. */
function shapesBelow(schema: Schema, schemas: Schemas, seen = new Set<Schema>()): Shape[] {
  const named = schema.$ref === undefined ? schema : schemas[lastOf(schema.$ref)];
  if (!named || seen.has(named)) return [];
  seen.add(named);
  const shape = shapeOf(schema, schemas);
  return [shape, ...shape.fields.flatMap((field) => shapesBelow(field.schema, schemas, seen))];
}

describe("the documents", () => {
  it("have an operation for every path, with answers that are found", () => {
    const operations = operationsOf(openapi);
    expect(operations.length).toBeGreaterThan(100);
    for (const { operationId, responses } of operations)
      for (const response of Object.values(responses)) expect(responseOf(openapi, response), operationId).toBeDefined();
  });

  it("have every event in a topic, with an example", () => {
    const events = topicsOf(asyncapi).flatMap(({ events }) => events);
    expect(events.map(({ name }) => name).sort()).toEqual(Object.keys(asyncapi.components.messages).sort());
    for (const event of events) expect(event.examples.length, event.name).toBeGreaterThan(0);
  });

  it("say nothing in a form that the pages do not know", () => {
    const forms = [...formsOf(openapi.components.schemas), ...formsOf(asyncapi.components.schemas)];
    expect([...new Set(forms)].filter((form) => !KNOWN.has(form))).toEqual([]);
  });

  it("name no type that the pages could not show", () => {
    for (const [contract, schemas] of [
      [openapi, openapi.components.schemas],
      [asyncapi, asyncapi.components.schemas],
    ] as const)
      for (const schema of Object.values(schemas))
        for (const shape of shapesBelow(schema, schemas)) expect(shape.type, contract.info.version).not.toBe("");
  });
});

describe("a shape", () => {
  it("says the type, what limits it and what it may be", () => {
    const schemas = { City: { type: "string", enum: ["suzhou", "wuxi"], description: "a city" } };
    const limited = { anyOf: [{ type: "string", maxLength: 300 }, { type: "null" }], default: "x" };
    expect(shapeOf(limited, {})).toMatchObject({ type: "string or null", limits: ["默认 x", "长度 ≤ 300"] });
    expect(
      shapeOf({ type: "array", items: { $ref: "#/components/schemas/City" }, maxItems: 8 }, schemas),
    ).toMatchObject({
      type: "array of string",
      values: ["suzhou", "wuxi"],
      limits: ["项数 ≤ 8"],
    });
    expect(shapeOf({ type: "string", "x-extensible-enum": ["a"] }, {})).toMatchObject({ values: ["a"], grows: true });
    expect(shapeOf({ type: "string", format: "date-time" }, {}).type).toBe("string (date-time)");
  });

  it("has the fields of an object, of those in a list and of one that may be null", () => {
    const place = { type: "object", title: "Place", properties: { lat: { type: "number" } }, required: ["lat"] };
    const fields = [{ name: "lat", schema: { type: "number" }, required: true }];
    expect(shapeOf({ type: "array", items: place }, {})).toMatchObject({ type: "array of Place", fields });
    expect(shapeOf({ anyOf: [place, { type: "null" }] }, {})).toMatchObject({ type: "Place or null", fields });
    expect(shapeOf({ type: "object", additionalProperties: place }, {})).toMatchObject({
      type: "object of Place",
      fields,
    });
  });
});

it("finds what all words are mentioned by", () => {
  expect(mentions("put SYNC", "PUT", "/api/v1/sync/portals")).toBe(true);
  expect(mentions("put claims", "PUT", "/api/v1/sync/portals")).toBe(false);
  expect(mentions("", "anything")).toBe(true);
});
