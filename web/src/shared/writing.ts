/** Writes: each intent has an Idempotency-Key, which is kept for every repeat of it, so that nothing is done twice. */
import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { useRef } from "react";

import { type Asked, type Once, Writes } from "../api/client";
import { asksAgain, waits } from "./queries";

/** A write that waits while there is no network, and asks again as told where the API is busy. */
export function useWrite<Input, Body>(
  send: (input: Input, once: Once) => Promise<Asked<Body>>,
  done?: (body: Body, input: Input) => unknown,
): UseMutationResult<Body, Error, Input> {
  const writes = useRef(new Writes());
  return useMutation({
    mutationFn: (input: Input) => writes.current.once(JSON.stringify(input), (once) => send(input, once)),
    retry: asksAgain,
    retryDelay: waits,
    onSuccess: (body, input) => done?.(body, input),
  });
}

/** The version that somebody looked at, for If-Match: what changed meanwhile is refused with 412. */
export function seen(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
