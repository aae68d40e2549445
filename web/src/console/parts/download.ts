/** A table of the API as a file: it needs the token, and so cannot be a link. */
import { useMutation } from "@tanstack/react-query";

import { answer, type Asked } from "../../api/client";

/** Without it spreadsheets take the file for another encoding; reading an answer as text takes it away. */
const BYTE_ORDER_MARK = "\uFEFF";

export function useDownload(name: string, ask: () => Promise<Asked<string>>) {
  return useMutation({
    mutationFn: () => answer(ask()),
    onSuccess: (text) => {
      const file = new Blob([BYTE_ORDER_MARK, text], { type: "text/csv;charset=utf-8" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
}
