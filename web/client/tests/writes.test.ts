// @vitest-environment node
import { expect, it, vi } from "vitest";

import { type Asked, Problem, Unreachable, Writes } from "../src";

/** Keys as they were sent; the answers are given in turn, `null` for a line that breaks. */
function sending(...statuses: (number | null)[]) {
  const keys: string[] = [];
  const send = ({ "Idempotency-Key": key }: { "Idempotency-Key": string }): Promise<Asked<string>> => {
    keys.push(key);
    const status = statuses.shift();
    if (status == null) return Promise.reject(new Error("request:fail"));
    const response = new Response(null, { status, headers: { "Retry-After": "2" } });
    return Promise.resolve(status < 300 ? { data: "done", response } : { error: { status }, response });
  };
  return { keys, send };
}

it("a write is repeated under its key while the API is busy or nobody answers", async () => {
  vi.useFakeTimers();
  const { keys, send } = sending(503, null, 200);
  const done = new Writes(3).once("submit", send);
  await vi.advanceTimersByTimeAsync(1999);
  expect(keys).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1 + 1000);
  expect(await done).toBe("done");
  expect(new Set(keys).size).toBe(1);
  vi.useRealTimers();
});

it("who presses the button again after a broken line repeats, and does not double", async () => {
  const { keys, send } = sending(null, 500, 200, 200);
  const writes = new Writes();
  await expect(writes.once("submit", send)).rejects.toBeInstanceOf(Unreachable);
  await expect(writes.once("submit", send)).rejects.toBeInstanceOf(Problem);
  await writes.once("submit", send);
  expect(new Set(keys).size).toBe(1);
  await writes.once("submit", send);
  expect(new Set(keys).size).toBe(2);
});

it("after a refusal the same words are another intent, and so are other words", async () => {
  const { keys, send } = sending(422, null, null);
  const writes = new Writes(3);
  await expect(writes.once("submit", send)).rejects.toMatchObject({ status: 422 });
  const once = new Writes();
  await once.once("submit", send).catch(() => undefined);
  await once.once("withdraw", send).catch(() => undefined);
  expect(new Set(keys).size).toBe(3);
});
