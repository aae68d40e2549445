/** The typed client of the public API, and its refusals as errors. Every type of the wire comes from schema.d.ts. */
import createClient from "openapi-fetch";

import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type View<Name extends keyof Schemas> = Schemas[Name];

/** How requests are sent. Whoever logs in puts themselves in between (shared/session). */
export const wire = {
  send: (request: Request): Promise<Response> => fetch(request), // by its name, so that tests may stand in
};

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: (request) => wire.send(request) });

/** What the API says when it refuses: problem details with a stable `code` and a `detail` that says what to do. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string,
    /** Seconds after which to ask again, where the API says so. */
    readonly retryAfter: number | null,
    /** The faults of a body, field by field. */
    readonly errors: View<"FieldErrorBody">[] = [],
  ) {
    super(`${code}: ${detail}`);
  }

  /** Too many requests, or a service that is restarting: asking again later helps. */
  get passes(): boolean {
    return this.status === 429 || this.status === 503;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {}

export interface Asked<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

/** The body of an answer. Throws a Problem for a refusal, Unreachable where no answer came. */
export async function answer<Body>(asked: Promise<Asked<Body>>): Promise<Body> {
  const { data, error, response } = await asked.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw new Unreachable();
  });
  if (data === undefined) throw problem(response, error);
  return data;
}

function problem(response: Response, body: unknown): Problem {
  const told = (body ?? {}) as Partial<View<"ProblemBody">>;
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  return new Problem(
    response.status,
    told.code ?? "unknown",
    told.title ?? "服务没有正常应答",
    told.detail ?? "请稍后重试；如果一直如此，请联系平台运营人员。",
    told.request_id ?? response.headers.get("X-Request-Id") ?? "",
    seconds > 0 ? seconds : null,
    told.errors ?? [],
  );
}
