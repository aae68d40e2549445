/** Logging out: here, everywhere, and by doing nothing for half an hour. */
import { answer, api, Problem } from "../../api/client";
import { isKept } from "./activity";
import { current, lapse, leave, OWN_PAGE } from "./session";

/** Ends the session of this browser. */
export async function logOut(): Promise<void> {
  await answer(api.POST("/api/v1/accounts/logout", { params: { header: OWN_PAGE }, body: {} })).catch(
    (error: unknown) => {
      if (!(error instanceof Problem && error.status === 401)) throw error; // it had ended before
    },
  );
  leave();
}

/** Ends the session of whoever has done nothing in any tab for as long as a session lasts. */
export async function endWhenIdle(): Promise<void> {
  if (current().is !== "in" || isKept()) return;
  lapse("idle");
  // Where this does not arrive, the API ends it by itself.
  await api.POST("/api/v1/accounts/logout", { params: { header: OWN_PAGE }, body: {} }).catch(() => undefined);
}
