/** antd in the product's look and in Chinese. Pages that use its parts stand within; the first page does without. */
import { ConfigProvider, theme } from "antd";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useSyncExternalStore } from "react";

import { FONTS, palette, scheme } from "./theme";

export function Antd({ children }: { children: ReactNode }): ReactNode {
  const dark = useSyncExternalStore(scheme.subscribe, scheme.isDark);
  const colours = palette(dark);
  return (
    <ConfigProvider
      locale={zhCN}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: {
          colorPrimary: colours.river,
          colorInfo: colours.river,
          colorLink: colours.river,
          colorError: colours.danger,
          colorText: colours.ink,
          colorTextSecondary: colours.quiet,
          colorTextDescription: colours.quiet,
          colorTextPlaceholder: colours.quiet,
          colorBgContainer: colours.paper,
          colorBgLayout: colours.ground,
          colorBorder: colours.rule,
          fontFamily: FONTS,
          fontSize: 15,
          borderRadius: 8,
          motion: false, // what is there is there at once, for whoever looks, listens or presses the next key
        },
        components: { Button: { primaryColor: colours["on-river"] } }, // white cannot be read on the river by night
      }}
    >
      {children}
    </ConfigProvider>
  );
}
