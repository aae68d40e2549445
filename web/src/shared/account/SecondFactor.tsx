/** Whether somebody has a second factor, and connecting one. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import type { ReactNode } from "react";

import { answer, api, type View } from "../../api/client";
import { Answer, Outline } from "../Answer";
import { Outcome } from "../Outcome";
import page from "../Thing.module.css";
import { useWrite } from "../writing";
import { QrCode } from "../QrCode";
import styles from "./Account.module.css";

const KEY = ["totp"];

export function SecondFactor(): ReactNode {
  const factor = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => answer(api.GET("/api/v1/accounts/totp", { signal })),
  });
  return (
    <Answer of={factor} outline={<Outline lines={2} />}>
      {({ state, required }) =>
        state === "confirmed" ? (
          <p>已绑定。在浏览器登录时，除扫码外还要输入动态口令；更换手机时请另一位运营人员解除绑定。</p>
        ) : (
          <>
            <p>
              {required ? "您的角色要求绑定动态口令。" : "未绑定。绑定后，在浏览器登录时除扫码外还要输入动态口令。"}
            </p>
            <Enrolment />
          </>
        )
      }
    </Answer>
  );
}

function Enrolment(): ReactNode {
  const begun = useWrite((_: null, header) => api.POST("/api/v1/accounts/totp", { params: { header }, body: {} }));
  if (begun.data) return <Secret secret={begun.data} />;
  return (
    <>
      <Button
        className={page.own ?? ""}
        loading={begun.isPending}
        onClick={() => {
          begun.mutate(null);
        }}
      >
        绑定动态口令
      </Button>
      <Outcome of={begun} />
    </>
  );
}

function Secret({ secret: { uri, secret } }: { secret: View<"SecretView"> }): ReactNode {
  const client = useQueryClient();
  const confirmed = useWrite(
    (totp: string, header) => api.POST("/api/v1/accounts/totp/confirm", { params: { header }, body: { totp } }),
    (factor) => client.setQueryData(KEY, factor),
  );
  return (
    <div className={styles.secret}>
      <div className={styles.code}>
        <QrCode value={uri} size={180} />
      </div>
      <p>请用身份验证器扫描；不能扫码时手动输入：{secret}</p>
      <p id="confirm">然后输入它显示的六位动态口令：</p>
      <Input.OTP
        length={6}
        inputMode="numeric"
        disabled={confirmed.isPending}
        aria-labelledby="confirm"
        onChange={(totp) => {
          confirmed.mutate(totp);
        }}
      />
      <Outcome of={confirmed} />
    </div>
  );
}
