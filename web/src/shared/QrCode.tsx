/** A QR code that cameras read in dark mode too: dark on white, whatever the page is. */
import { QRCode } from "antd";
import type { ReactNode } from "react";

export function QrCode({ value, size }: { value: string; size: number }): ReactNode {
  return (
    <QRCode
      type="svg"
      aria-label="二维码"
      value={value}
      size={size}
      bordered={false}
      color="#14282d"
      bgColor="#ffffff"
    />
  );
}
