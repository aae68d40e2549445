/** The typed client: paths, parameters and bodies are those of the OpenAPI document, and none is written by hand. */
import type { Asked } from "./problem.js";
import type { components, paths } from "./schema.js";
import type { Received, Sent, Transport } from "./transport.js";

type Schemas = components["schemas"];
/** A body of the API by its name in the document. */
export type View<Name extends keyof Schemas> = Schemas[Name];

type Verb = "get" | "post" | "put" | "patch" | "delete";
/** Whether nothing in it must be given. */
type Optional<T, Yes, No> = Partial<T> extends T ? Yes : No;
type PathsWith<V extends Verb> = {
  [P in keyof paths]: paths[P] extends Record<V, { responses: unknown }> ? P : never;
}[keyof paths];

type Params<Operation> = Operation extends { parameters: infer P }
  ? Optional<P, { params?: P }, { params: P }>
  : unknown;
type Body<Operation> = Operation extends { requestBody: { content: infer C } }
  ? { body: Written<C> }
  : Operation extends { requestBody?: { content: infer C } }
    ? { body?: Written<C> }
    : unknown;
/** A form with a file is written as bytes by whoever has both, since only they know its boundary. */
type Written<C> = C extends { "multipart/form-data": unknown } ? ArrayBuffer : C[keyof C];

/** What an answer is read as, instead of JSON: text, such as CSV, or (where the transport can) bytes, such as a workbook. */
type Form = "text" | "bytes";

/** What a request is made of. */
type Init<Operation> = Params<Operation> &
  Body<Operation> & { headers?: Record<string, string>; signal?: AbortSignal; parseAs?: Form };

type Content<Response> = Response extends { content: infer C }
  ? C extends { "application/json": infer Json }
    ? Json
    : C[keyof C]
  : null;
type Success<Operation> = Operation extends { responses: infer R }
  ? Content<R[keyof R & (200 | 201 | 202 | 204)]>
  : never;

type Call<V extends Verb> = <P extends PathsWith<V>, I extends Init<paths[P][V]>>(
  path: P,
  ...init: Optional<Init<paths[P][V]>, [init?: I], [init: I]>
) => Promise<
  Asked<I extends { parseAs: "text" } ? string : I extends { parseAs: "bytes" } ? ArrayBuffer : Success<paths[P][V]>>
>;

export interface Client {
  GET: Call<"get">;
  POST: Call<"post">;
  PUT: Call<"put">;
  PATCH: Call<"patch">;
  DELETE: Call<"delete">;
}

/** The parts of a request before they are put together: what `Init` is once its types are gone. */
interface Parts {
  params?: { path?: Values; query?: Values; header?: Record<string, Value> };
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
  parseAs?: Form;
}
type Value = string | number | boolean | null | undefined;
type Values = Record<string, Value | Value[]>;

/** `baseUrl` is the gateway's address, without `/api/v1`. */
export function createClient(baseUrl: string, transport: Transport): Client {
  const call =
    (method: Sent["method"]) =>
    async (path: string, parts: Parts = {}): Promise<Asked<unknown>> => {
      const url = baseUrl.replace(/\/$/, "") + filled(path, parts.params?.path) + queried(parts.params?.query);
      return read(await transport(sent(method, url, parts)), parts.parseAs);
    };
  return {
    GET: call("GET"),
    POST: call("POST"),
    PUT: call("PUT"),
    PATCH: call("PATCH"),
    DELETE: call("DELETE"),
  } as unknown as Client;
}

function filled(path: string, values: Values = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
}

function queried(values: Values = {}): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(values))
    for (const each of Array.isArray(value) ? value : [value])
      if (each != null) pairs.push(`${name}=${encodeURIComponent(String(each))}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

/** Text and bytes go as they are, under the type that the caller names; everything else is JSON. */
function sent(method: Sent["method"], url: string, { params, headers = {}, body, signal }: Parts): Sent {
  const raw = typeof body === "string" || body instanceof ArrayBuffer;
  const named: [string, Value][] = [
    ...(body === undefined || raw ? [] : ([["content-type", "application/json"]] as [string, Value][])),
    ...Object.entries(params?.header ?? {}),
    ...Object.entries(headers),
  ];
  const all: Record<string, string> = {};
  for (const [name, value] of named) if (value != null) all[name.toLowerCase()] = String(value);
  return {
    method,
    url,
    headers: all,
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  };
}

async function read(response: Received, parseAs?: Form): Promise<Asked<unknown>> {
  const ok = response.status >= 200 && response.status < 300;
  if (ok && parseAs === "bytes" && response.arrayBuffer) return { data: await response.arrayBuffer(), response };
  const text = await response.text();
  if (ok && parseAs === "text") return { data: text, response };
  if (ok && text === "") return { data: null, response };
  const body = parsed(text);
  // What is no JSON comes from somebody in between, whatever status they give it.
  return ok && body !== undefined ? { data: body, response } : { error: body, response };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
