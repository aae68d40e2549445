import { answer, api, type View } from "../../api/client";

export interface Versioned {
  batch: View<"BatchView">;
  version: number;
}

/** A batch with its version, which its body does not tell. */
export async function versioned(batchId: string, how: { signal?: AbortSignal } = {}): Promise<Versioned> {
  const params = { path: { batch_id: batchId } };
  const asked = api.GET("/api/v1/sync/batches/{batch_id}", { params, ...how });
  const batch = await answer(asked);
  const tag = (await asked).response.headers.get("ETag") ?? "";
  return { batch, version: Number(/\d+/.exec(tag)?.[0] ?? 0) };
}
