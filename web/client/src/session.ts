/** A session with tokens of its own, as mini-programs and programs have them. (Pages have a cookie instead.) */
import { createClient, type View } from "./client.js";
import { answer, Problem } from "./problem.js";
import type { Received, Sent, Transport } from "./transport.js";

export type User = View<"UserView">;

/** What is kept of a session between two starts. */
export interface Kept {
  access: string;
  refresh: string;
  /** When the access token ends, in milliseconds since the epoch. */
  until: number;
  user: User;
}

export interface Store {
  load(): Kept | null;
  save(kept: Kept | null): void;
}

/** A token that will not last until an answer: reads with an expired one are those of a visitor, without a word. */
const SOON_MS = 30_000;

export class Session {
  private readonly api;
  private refreshing: Promise<Kept> | null = null;

  /** `ended` is called when the API has ended the session: log in anew. */
  constructor(
    baseUrl: string,
    private readonly transport: Transport,
    private readonly store: Store,
    private readonly ended: (why: Problem) => void = () => undefined,
  ) {
    this.api = createClient(baseUrl, transport);
  }

  /** Who is logged in, as the last login or refresh said. */
  get user(): User | null {
    return this.store.load()?.user ?? null;
  }

  /** `code` is what `wx.login` gives. */
  async login(code: string): Promise<User> {
    return this.keep(await answer(this.api.POST("/api/v1/accounts/wechat-login", { body: { code } }))).user;
  }

  /** The same person for another of their organisations; null: in person. */
  async actAs(organizationId: string | null): Promise<User> {
    const kept = this.refreshing ? await this.refreshing : this.store.load();
    const body = { refresh_token: kept?.refresh ?? null, organization_id: organizationId };
    return this.keep(await answer(this.api.POST("/api/v1/accounts/act-as", { body }))).user;
  }

  async logout(): Promise<void> {
    const kept = this.store.load();
    this.store.save(null);
    if (kept) await answer(this.api.POST("/api/v1/accounts/logout", { body: { refresh_token: kept.refresh } }));
  }

  /**
   * Requests with the token; a visitor's go as they are. A token that is about to end, or that the API no longer takes,
   * is refreshed, by one for all that wait, and the request is sent once more. Throws the refusal of the refresh.
   */
  readonly send: Transport = async (sent) => {
    const kept = this.store.load();
    if (!kept) return this.transport(sent);
    const { access } = kept.until - Date.now() < SOON_MS ? await this.refresh(kept) : kept;
    const response = await this.signed(sent, access);
    if (response.status !== 401) return response;
    const now = this.store.load();
    // Another request may have refreshed meanwhile.
    if (now) return this.signed(sent, (now.access === access ? await this.refresh(now) : now).access);
    return response;
  };

  private signed(sent: Sent, access: string): Promise<Received> {
    return this.transport({ ...sent, headers: { ...sent.headers, authorization: `Bearer ${access}` } });
  }

  private refresh(kept: Kept): Promise<Kept> {
    this.refreshing ??= this.renew(kept).finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async renew(kept: Kept): Promise<Kept> {
    try {
      return this.keep(
        await answer(this.api.POST("/api/v1/accounts/refresh", { body: { refresh_token: kept.refresh } })),
      );
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        this.store.save(null);
        this.ended(error);
      }
      throw error;
    }
  }

  private keep(view: View<"LoginView"> | View<"BrowserSessionView">): Kept {
    if (!("refresh_token" in view)) throw new Error("a session in a cookie was answered, and none was asked for");
    const until = Date.now() + view.expires_in * 1000;
    const kept = { access: view.access_token, refresh: view.refresh_token, until, user: view.user };
    this.store.save(kept);
    return kept;
  }
}
