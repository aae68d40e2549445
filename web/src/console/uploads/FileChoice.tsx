/** Where a file is dropped or chosen. */
import { type ReactNode, useState } from "react";

import { number } from "../../shared/format";
import styles from "./Uploading.module.css";

const ACCEPTED = ".xlsx,.csv,.tsv,.txt,.json,.ndjson,.jsonl,.gz";

interface Told {
  file: File | null;
  choose: (file: File) => void;
}

export function FileChoice({ file, choose }: Told): ReactNode {
  const [over, setOver] = useState(false);
  const take = (files: FileList | null): void => {
    const [first] = files ?? [];
    if (first) choose(first);
  };
  return (
    <label
      className={`${styles.drop ?? ""} ${over ? (styles.over ?? "") : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <input
        type="file"
        aria-label="要上传的文件"
        accept={ACCEPTED}
        onChange={({ target }) => {
          take(target.files);
        }}
      />
      <strong>{file ? file.name : "把文件拖到这里，或点击选择"}</strong>
      <small>
        {file
          ? `${size(file.size)}，点击可换一个文件`
          : "Excel 工作簿（.xlsx）、CSV、JSON 等，至多 16 MiB；文本格式也可以是 .gz 压缩的"}
      </small>
    </label>
  );
}

/** 1.5 MB, 12 kB. */
export function size(bytes: number): string {
  return bytes >= 1_000_000 ? `${number(bytes / 1_000_000)} MB` : `${number(Math.ceil(bytes / 1_000))} kB`;
}
