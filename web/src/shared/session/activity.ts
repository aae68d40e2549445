/**
 * When somebody last did something in any tab of this browser. It is all that the browser keeps of a session beside the
 * cookie that no script reads; it is gone once the session has ended, which is how the other tabs learn of that.
 */

export const IDLE_MS = 30 * 60_000;
const KEY = "huning-active-at";
const NOTED_EVERY_MS = 5_000;

/** Milliseconds since the epoch; null where nobody is logged in, or where the browser keeps nothing for us. */
function lastActive(): number | null {
  try {
    const kept = Number(localStorage.getItem(KEY));
    return kept > 0 ? kept : null;
  } catch {
    return null; // forbidden by the person's settings, and so are cookies then
  }
}

/** Whether there may be a session to go on with. */
export function isKept(now = Date.now()): boolean {
  const at = lastActive();
  return at !== null && now - at < IDLE_MS;
}

export function noteActivity(now = Date.now()): void {
  const at = lastActive() ?? 0;
  if (now - at >= NOTED_EVERY_MS) localStorage.setItem(KEY, String(now));
}

export function forgetActivity(): void {
  localStorage.removeItem(KEY);
}

interface Watching {
  /** A person did something in this tab. */
  acted: () => void;
  /** Another tab has ended the session. */
  ended: () => void;
  /** Somebody has logged in in another tab. */
  begun: () => void;
}

export function watchActivity({ acted, ended, begun }: Watching): void {
  for (const sign of ["pointerdown", "keydown", "wheel"] as const)
    window.addEventListener(sign, acted, { capture: true, passive: true });
  window.addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (key !== KEY && key !== null) return;
    if (newValue === null) ended();
    else if (oldValue === null) begun();
  });
}
