/** Where a login's QR code leads whoever scans it with anything but the mini-program: back into WeChat. */
import { type ReactNode, useEffect } from "react";
import { useLocation, useNavigate } from "react-router";

import page from "../../shared/Thing.module.css";

export function Scan(): ReactNode {
  const { search } = useLocation();
  const navigate = useNavigate();
  useEffect(() => {
    // The code is for the mini-program alone: it stays neither on the screen nor in the browser's history.
    if (search) void navigate("/scan", { replace: true });
  }, [search, navigate]);
  return (
    <section className={page.thing}>
      <title>请用微信打开 · 沿沪宁协同创新集市</title>
      <meta name="robots" content="noindex" />
      <h1>请用微信扫一扫打开小程序</h1>
      <p>您扫描的是网页登录的二维码，需要由小程序来扫：</p>
      <ol className={page.list}>
        <li>打开微信，进入小程序“沿沪宁协同创新集市”。</li>
        <li>在“我的”里点“扫码登录”，扫描电脑上的二维码。</li>
        <li>核对手机上显示的代码、时间和浏览器，与您面前的一致，再点确认。</li>
      </ol>
      <p className={page.notice}>不是您本人在登录？请关闭本页，不要确认任何登录，也不要把登录代码告诉别人。</p>
    </section>
  );
}
