/**
 * The two contracts as the gateway serves them. Of their formats (OpenAPI 3.1, AsyncAPI 3.0, JSON Schema) no more is named here
 * than these pages show; contracts.test.ts reads the real documents with it.
 */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { answer, type Asked } from "../api/client";

export interface Schema {
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  /** Values that are known now; more may come. */
  "x-extensible-enum"?: unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: Schema[];
  /** Of a tuple in AsyncAPI's JSON Schema (draft 7) a list, where OpenAPI has `prefixItems`. */
  items?: Schema | Schema[];
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minProperties?: number;
  maxProperties?: number;
}

export type Schemas = Record<string, Schema>;
interface Ref {
  $ref: string;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required: boolean;
  description?: string;
  schema: Schema;
}

export interface Media {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface Response {
  description: string;
  content?: Record<string, Media>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  description: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Response | Ref>;
  security: Record<string, unknown>[];
}

export interface OpenApi {
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Schemas; responses: Record<string, Response> };
}

export interface Message {
  name: string;
  summary: string;
  payload: Schema;
  headers: Schema;
  examples: { headers: unknown; payload: unknown }[];
  "x-producer": string;
  "x-consumers": string[];
}

export interface Channel {
  address: string;
  description: string;
  bindings: { kafka: { partitions: number; topicConfiguration: Record<string, unknown> } };
  messages: Record<string, Ref>;
}

export interface AsyncApi {
  info: { version: string };
  channels: Record<string, Channel>;
  components: { messages: Record<string, Message>; schemas: Schemas };
}

export const OPENAPI = "/api/v1/openapi.json";
export const ASYNCAPI = "/api/v1/asyncapi.json";

export function useOpenApi(): UseQueryResult<OpenApi> {
  return useContract<OpenApi>(OPENAPI);
}

export function useAsyncApi(): UseQueryResult<AsyncApi> {
  return useContract<AsyncApi>(ASYNCAPI);
}

function useContract<Contract>(path: string): UseQueryResult<Contract> {
  return useQuery({
    queryKey: [path],
    queryFn: async ({ signal }) => (await answer(read(path, signal))) as Contract,
    staleTime: Infinity,
  });
}

async function read(path: string, signal: AbortSignal): Promise<Asked<unknown>> {
  const response = await fetch(path, { signal });
  const body: unknown = await response.json().catch(() => undefined);
  return response.ok ? { data: body, response } : { error: body, response };
}

/** An operation with where it is. */
export interface Placed extends Operation {
  method: string;
  path: string;
}

export function operationsOf(contract: OpenApi): Placed[] {
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

export function responseOf(contract: OpenApi, response: Response | Ref): Response | undefined {
  return "$ref" in response ? contract.components.responses[lastOf(response.$ref)] : response;
}

/** A topic with its events. */
export interface Topic extends Channel {
  events: Message[];
}

export function topicsOf(contract: AsyncApi): Topic[] {
  return Object.values(contract.channels).map((channel) => ({
    ...channel,
    events: Object.keys(channel.messages).flatMap((name) => contract.components.messages[name] ?? []),
  }));
}

/** The name at the end of a reference. */
export function lastOf(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}

/** What is meant where the words of a search stand in these texts, all of them. */
export function mentions(words: string, ...texts: string[]): boolean {
  const within = texts.join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}
