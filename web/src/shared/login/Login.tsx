/** Logging in by a phone: a QR code and what to do with it, then the second factor where one is demanded. */
import { Button } from "antd";
import type { ReactNode } from "react";

import { Antd } from "../Antd";
import { Answer, Outline } from "../Answer";
import type { View } from "../../api/client";
import { QrCode } from "../QrCode";
import styles from "./Login.module.css";
import { SecondFactor } from "./SecondFactor";
import { useDeviceLogin } from "./waiting";

const OVER = {
  denied: "手机上没有同意这次登录，或动态口令输错次数过多。",
  expired: "二维码已过期。",
};

export function Login({ notice = null }: { notice?: string | null }): ReactNode {
  const { code, state, again } = useDeviceLogin();
  return (
    <Antd>
      <title>登录 · 沿沪宁协同创新集市</title>
      <section className={styles.panel} aria-label="登录">
        <h1>登录</h1>
        {notice && (
          <p role="alert" className={styles.notice}>
            {notice}
          </p>
        )}
        <Answer of={code} outline={<Outline lines={7} />}>
          {(asked) => {
            if (state === "denied" || state === "expired") return <Over why={OVER[state]} again={again} />;
            if (state === "second-factor" || state === "enrolment")
              return <SecondFactor deviceCode={asked.device_code} enrols={state === "enrolment"} over={again} />;
            return <Scan asked={asked} />;
          }}
        </Answer>
      </section>
    </Antd>
  );
}

function Scan({ asked }: { asked: View<"AskedView"> }): ReactNode {
  const { origin } = new URL(asked.scan);
  return (
    <>
      <p>请用手机微信打开小程序“沿沪宁协同创新集市”，在“我的”里点“扫码登录”，扫描下面的二维码并确认。</p>
      <figure className={styles.code}>
        <QrCode value={asked.scan} size={220} />
        <figcaption>
          登录代码 <strong>{asked.user_code}</strong>
        </figcaption>
      </figure>
      <p className={styles.quiet}>
        确认前请核对：手机上显示的代码、时间和浏览器应与您面前的一致。二维码 5 分钟内有效。
      </p>
      <p role="status" className={styles.quiet}>
        正在等待手机确认……
      </p>
      {origin !== window.location.origin && (
        <a href={asked.scan} target="_blank" rel="noopener">
          没有手机？在本机打开确认页面
        </a>
      )}
    </>
  );
}

function Over({ why, again }: { why: string; again: () => void }): ReactNode {
  return (
    <>
      <p role="status">{why}</p>
      <Button type="primary" size="large" onClick={again}>
        换一个二维码
      </Button>
    </>
  );
}
