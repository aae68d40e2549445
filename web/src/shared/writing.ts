/** Writes: each intent has an Idempotency-Key, which is kept for every repeat of it, so that nothing is done twice. */
import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { useRef } from "react";

import { answer, type Asked, Problem } from "../api/client";
import { asksAgain, waits } from "./queries";

interface Once {
  "Idempotency-Key": string;
}

/** A write that waits while there is no network, and asks again as told where the API is busy. */
export function useWrite<Input, Body>(
  send: (input: Input, once: Once) => Promise<Asked<Body>>,
  done?: (body: Body, input: Input) => unknown,
): UseMutationResult<Body, Error, Input> {
  const keys = useRef(new Map<string, string>());
  return useMutation({
    mutationFn: async (input: Input) => {
      const intent = JSON.stringify(input);
      const key = keys.current.get(intent) ?? crypto.randomUUID();
      keys.current.set(intent, key);
      try {
        const body = await answer(send(input, { "Idempotency-Key": key }));
        keys.current.delete(intent);
        return body;
      } catch (error) {
        if (isFinal(error)) keys.current.delete(intent);
        throw error;
      }
    },
    retry: asksAgain,
    retryDelay: waits,
    onSuccess: (body, input) => done?.(body, input),
  });
}

/** Whether the API has said no, so that the next try is another intent. Of what broke nobody knows whether it was done. */
function isFinal(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && !error.passes;
}
