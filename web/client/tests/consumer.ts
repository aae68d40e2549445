/** What a mini-program in TypeScript sees of the packed client: the types must hold there, where there is no DOM. */
import { answer, connect, type View, wxStore, wxTransport, type WxRequest, type WxStorage } from "huning-client";

declare const wx: WxRequest & WxStorage;

const { api, writes } = connect({
  baseUrl: "https://api.test",
  transport: wxTransport(wx),
  store: wxStore(wx),
  ended: ({ detail }) => detail.trim(),
});

export async function rename(id: string, title: string): Promise<View<"ChallengeView">> {
  return writes.once(`rename ${id} ${title}`, (header) =>
    api.PATCH("/api/v1/challenges/{challenge_id}", { params: { path: { challenge_id: id }, header }, body: { title } }),
  );
}

export async function wrong(): Promise<void> {
  // @ts-expect-error there is no such path
  await api.GET("/api/v1/challanges");
  // @ts-expect-error a write needs its key
  await api.POST("/api/v1/challenges", { body: { title: "涂层" } });
  // @ts-expect-error a title is text
  await writes.once("x", (header) => api.POST("/api/v1/challenges", { params: { header }, body: { title: 7 } }));
  const { items } = await answer(api.GET("/api/v1/notifications/inbox"));
  // @ts-expect-error an item has no such field
  items[0]?.subject;
}
