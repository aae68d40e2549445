import { expect, it } from "vitest";

import { pathOf } from "./links";

it.each([
  ["/api/v1/accounts/organizations?status=pending", "/organizations?status=pending"],
  ["/api/v1/challenges?mine=true&status=approved", "/challenges?status=approved"],
  ["/api/v1/ops/sync/dead-letters?status=open", "/dead-letters?service=sync&status=open"],
  ["/api/v1/sync/batches?state=awaiting_approval", "/batches?state=awaiting_approval"],
  ["/api/v1/sync/objections?state=open", "/objections?state=open"],
  ["/api/v1/claims?mine=true", null],
])("what waits at %s is shown at %s", (link, path) => {
  expect(pathOf(link)).toBe(path);
});
