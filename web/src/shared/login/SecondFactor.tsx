/** The six digits of the authenticator app; who has none yet connects one first, with a QR code of its own. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import type { ReactNode } from "react";

import { answer, api, Problem } from "../../api/client";
import { Answer, Outline } from "../Answer";
import { Outcome } from "../Outcome";
import { begin } from "../session/session";
import { QrCode } from "../QrCode";
import styles from "./Login.module.css";
import { tokens } from "./waiting";

const DIGITS = 6;
/** After these this login is over, whatever code follows. */
const FINAL = ["access_denied", "expired_token"];

interface Told {
  deviceCode: string;
  enrols: boolean;
  /** A new login is needed. */
  over: () => void;
}

export function SecondFactor({ deviceCode, enrols, over }: Told): ReactNode {
  const login = useMutation({
    mutationFn: (totp: string) => tokens(deviceCode, totp),
    onSuccess: (view) => {
      begin(view);
    },
  });
  const ended = login.error instanceof Problem && FINAL.includes(login.error.code);
  return (
    <>
      {enrols && <Enrolment deviceCode={deviceCode} />}
      <p id="totp">
        {enrols ? "然后输入身份验证器显示的六位动态口令：" : "手机已确认。请输入身份验证器显示的六位动态口令："}
      </p>
      <Input.OTP
        length={DIGITS}
        size="large"
        autoFocus
        inputMode="numeric"
        disabled={login.isPending || ended}
        aria-labelledby="totp"
        onChange={(totp) => {
          login.mutate(totp);
        }}
      />
      <Outcome of={login} />
      {ended && (
        <Button type="primary" size="large" onClick={over}>
          重新扫码
        </Button>
      )}
    </>
  );
}

function Enrolment({ deviceCode }: { deviceCode: string }): ReactNode {
  const secret = useQuery({
    queryKey: ["device-login", "secret", deviceCode],
    queryFn: () => answer(api.POST("/api/v1/accounts/device-logins/totp", { body: { device_code: deviceCode } })),
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <Answer of={secret} outline={<Outline lines={6} />}>
      {({ uri, secret: letters }) => (
        <>
          <p>运营人员登录需要动态口令。请用手机上的身份验证器扫描下面的二维码；它只显示这一次。</p>
          <figure className={styles.code}>
            <QrCode value={uri} size={200} />
            <figcaption>
              不能扫码时手动输入：<strong>{letters}</strong>
            </figcaption>
          </figure>
        </>
      )}
    </Answer>
  );
}
