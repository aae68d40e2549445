/** Writes: each intent has an Idempotency-Key, which is kept for every repeat of it, so that nothing is done twice. */
import { answer, type Asked, Problem, Unreachable } from "./problem.js";

declare function setTimeout(run: () => void, milliseconds: number): unknown;

/** The header of a write, as its parameters name it. */
export interface Once {
  "Idempotency-Key": string;
}

const PAUSE_SECONDS = 1;

/** The writes of one form, page or program, whose keys live as long as this does. */
export class Writes {
  private readonly keys = new Map<string, string>();

  /** `attempts`: how often a write is sent while the API is busy or nobody answers, before that is told. */
  constructor(private readonly attempts = 1) {}

  /**
   * The body that a write answers. `intent` names what is meant, such as the action and its input: under the same words
   * the same key is sent, until the outcome is known. Throws what `answer` throws.
   */
  async once<Body>(intent: string, send: (once: Once) => Promise<Asked<Body>>): Promise<Body> {
    const key = this.keys.get(intent) ?? newKey();
    this.keys.set(intent, key);
    for (let attempt = 1; ; attempt++) {
      try {
        const body = await answer(send({ "Idempotency-Key": key }));
        this.keys.delete(intent);
        return body;
      } catch (error) {
        if (isFinal(error)) this.keys.delete(intent);
        if (attempt >= this.attempts || !asksAgain(error)) throw error;
        await pause(error);
      }
    }
  }
}

/** Whether the API has said no, so that the next try is another intent. Of what broke nobody knows whether it was done. */
function isFinal(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && !error.passes;
}

function asksAgain(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && error.passes);
}

function pause(error: unknown): Promise<void> {
  const told = error instanceof Problem ? error.retryAfter : null;
  return new Promise((resolve) => setTimeout(resolve, 1000 * (told ?? PAUSE_SECONDS)));
}

/** A key need not be secret, only new: mini-programs have no `crypto`. */
function newKey(): string {
  const random = () => Math.random().toString(36).slice(2);
  return `${Date.now().toString(36)}-${random()}${random()}`;
}
