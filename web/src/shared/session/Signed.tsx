/**
 * Pages for whoever is logged in. Who is not logs in at the same address. Where a session ended by itself the page stays as
 * it was, hidden: what was written into it is there again once the same person is back.
 */
import { lazy, type ReactNode, Suspense } from "react";

import { Outline } from "../Answer";
import { useSession } from "./useSession";

const Login = lazy(async () => ({ default: (await import("../login/Login")).Login }));

const WHY = {
  idle: "已有 30 分钟没有操作，为安全起见已退出登录。请重新登录，页面内容仍在。",
  ended: "登录已失效。请重新登录，页面内容仍在。",
};

export function Signed({ children }: { children: ReactNode }): ReactNode {
  const standing = useSession();
  if (standing.is === "unknown") return <Outline lines={8} />;
  return (
    <>
      {standing.is !== "in" && (
        <Suspense fallback={<Outline lines={8} />}>
          <Login notice={standing.is === "again" ? WHY[standing.why] : null} />
        </Suspense>
      )}
      {standing.is !== "out" && <div hidden={standing.is !== "in"}>{children}</div>}
    </>
  );
}
