/** Refusals of the API as errors. */
import type { View } from "./client.js";
import type { Received } from "./transport.js";

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

/** An answer of the API: `data` of one that it gave, `error` of a refusal. */
export interface Asked<Body> {
  data?: Body;
  error?: unknown;
  response: Received;
}

/** The body of an answer. Throws a Problem for a refusal, Unreachable where no answer came. */
export async function answer<Body>(asked: Promise<Asked<Body>>): Promise<Body> {
  const { data, error, response } = await asked.catch((reason: unknown) => {
    if (reason instanceof Problem || (reason instanceof Error && reason.name === "AbortError")) throw reason;
    throw new Unreachable(reason instanceof Error ? reason.message : String(reason));
  });
  if (data === undefined) throw problem(response, error);
  return data;
}

function problem(response: Received, body: unknown): Problem {
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
