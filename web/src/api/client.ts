/** The API as pages use it: the client of web/client, at the origin that the page came from. */
import { createClient, fetchTransport } from "../../client/src";

export { answer, type Asked, type Once, Problem, Unreachable, type View, Writes } from "../../client/src";

/** How requests are sent. Whoever logs in puts themselves in between (shared/session). */
export const wire = {
  send: (request: Request): Promise<Response> => fetch(request), // by its name, so that tests may stand in
};

export const api = createClient(
  window.location.origin,
  fetchTransport((url, sent) => wire.send(new Request(url, sent))),
);
