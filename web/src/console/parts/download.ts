/** A table of the API as a file: it needs the token, and so cannot be a link. */
import { useMutation } from "@tanstack/react-query";

import { answer, type Asked } from "../../api/client";

/** Without it spreadsheets take the file for another encoding; reading an answer as text takes it away. */
const BYTE_ORDER_MARK = "\uFEFF";
const WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function useDownload(name: string, ask: () => Promise<Asked<string>>) {
  return useMutation({
    mutationFn: () => answer(ask()),
    onSuccess: (text) => {
      save(name, new Blob([BYTE_ORDER_MARK, text], { type: "text/csv;charset=utf-8" }));
    },
  });
}

export function useWorkbook(name: string, ask: () => Promise<Asked<ArrayBuffer>>) {
  return useMutation({
    mutationFn: () => answer(ask()),
    onSuccess: (bytes) => {
      save(name, new Blob([bytes], { type: WORKBOOK }));
    },
  });
}

function save(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
