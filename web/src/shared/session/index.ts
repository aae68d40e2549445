/** Sessions begin here: every program calls `beginSession` once, before it draws anything. */
import type { QueryClient, QueryFilters } from "@tanstack/react-query";

import { wire } from "../../api/client";
import { isKept, noteActivity, watchActivity } from "./activity";
import { endWhenIdle } from "./leaving";
import { sending } from "./sending";
import { current, keepUp, lapse, refresh, start, subscribe } from "./session";

const LOOKED_EVERY_MS = 15_000;
/** What pages show; a login is asked for once. */
const SEEN: QueryFilters = { predicate: ({ queryKey }) => queryKey[0] !== "device-login" };

export function beginSession(client: QueryClient): void {
  subscribe((now, before) => {
    if (before.is === "unknown" || now.is === "again") return;
    // Who is back goes on with what they had.
    if (before.is === "again" && now.is === "in") void client.invalidateQueries(SEEN);
    // What a visitor was told is not what this one sees, and the other way round; asked once the page has let go of it.
    else if (now.is !== before.is) setTimeout(() => void client.resetQueries(SEEN));
  });
  wire.send = sending(start());
  watchActivity({
    acted,
    ended: () => {
      lapse("ended");
    },
    begun: () => void refresh().catch(() => undefined),
  });
  setInterval(() => void endWhenIdle(), LOOKED_EVERY_MS);
  document.addEventListener("visibilitychange", () => void endWhenIdle());
}

function acted(): void {
  if (current().is !== "in") return;
  if (isKept()) {
    noteActivity();
    void keepUp();
  } else void endWhenIdle(); // after a sleep, say, before anybody has looked
}
