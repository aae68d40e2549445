/** A login that waits for a phone (RFC 8628): the code to show, and what became of it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, Problem, type View } from "../../api/client";
import { begin, OWN_PAGE } from "../session/session";

type Code = View<"AskedView">;
type State = "pending" | "approved" | "second-factor" | "enrolment" | "denied" | "expired";

const STATES: Record<string, State> = {
  authorization_pending: "pending",
  slow_down: "pending",
  totp_required: "second-factor",
  totp_enrolment_required: "enrolment",
  access_denied: "denied",
  expired_token: "expired",
};
const SLOWER_SECONDS = 5;
/** What lines take differs from one request to the next, and who asks too soon waits much longer. */
const MARGIN_MS = 500;
/** So many codes follow each other by themselves: a page that nobody looks at does not ask for ever. */
const CODES = 3;

interface Polled {
  state: State;
  /** Seconds until it may be asked again. */
  interval: number;
}

export function useDeviceLogin() {
  const [turn, setTurn] = useState(0);
  const code = useQuery({
    queryKey: ["device-login", turn],
    queryFn: () => answer(api.POST("/api/v1/accounts/device-logins", { body: {} })),
    staleTime: Infinity,
    gcTime: 0,
  });
  const { data: polled } = usePolled(code.data);
  const again = (): void => {
    setTurn(turn + 1);
  };
  const state = polled?.state ?? "pending";
  if (state === "expired" && turn % CODES < CODES - 1 && !document.hidden) again();
  return { code, state, again };
}

function usePolled(code: Code | undefined) {
  return useQuery<Polled>({
    queryKey: ["device-login", "polled", code?.device_code],
    queryFn: async ({ client, queryKey }) => {
      if (!code) throw new Error("there is no code yet");
      const { interval = code.interval } = client.getQueryData<Polled>(queryKey) ?? {};
      return collect(code.device_code, interval);
    },
    enabled: code !== undefined,
    refetchInterval: ({ state: { data } }) =>
      (data?.state ?? "pending") === "pending" && 1000 * (data?.interval ?? code?.interval ?? 0) + MARGIN_MS,
    refetchIntervalInBackground: true, // the phone's page may be another tab
    gcTime: 0,
  });
}

async function collect(deviceCode: string, interval: number): Promise<Polled> {
  try {
    begin(await tokens(deviceCode));
    return { state: "approved", interval };
  } catch (error) {
    const code = error instanceof Problem ? error.code : "";
    const state = STATES[code];
    if (!state) throw error;
    return { state, interval: interval + (code === "slow_down" ? SLOWER_SECONDS : 0) };
  }
}

/** The session, once it was approved. `totp`: six digits of the second factor, where one was asked for. */
export async function tokens(deviceCode: string, totp?: string): Promise<View<"BrowserSessionView">> {
  const body = { device_code: deviceCode, cookie: true, ...(totp !== undefined && { totp }) };
  return answer(api.POST("/api/v1/accounts/device-logins/token", { params: { header: OWN_PAGE }, body }));
}
