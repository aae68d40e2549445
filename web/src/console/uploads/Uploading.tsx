/** A clerk's file on its way to the platform: a dry run first, whose receipt is signed before it is pushed for good. */
import { Button, Checkbox, Input, Radio, Select } from "antd";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";

import { api } from "../../api/client";
import { useNames, useValues } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { useWrite } from "../../shared/writing";
import { CityFilter, type Jurisdiction, useCity } from "../parts/City";
import { Filters } from "../parts/filters";
import { Page } from "../parts/Page";
import parts from "../parts/parts.module.css";
import { FileChoice } from "./FileChoice";
import { formOf, type Said, type Upload, upload } from "./form";
import styles from "./Uploading.module.css";

/** Labels of the API do not name them. */
const COORDINATES = [
  { value: "", label: "文件里没有经纬度" },
  { value: "bd09", label: "百度坐标 BD-09" },
  { value: "gcj02", label: "高德和腾讯坐标 GCJ-02" },
  { value: "wgs84", label: "GPS 坐标 WGS-84" },
];
const ENCODINGS = [
  { value: "", label: "由平台识别" },
  ...["UTF-8", "GBK", "GB18030", "UTF-16"].map((each) => ({ value: each.toLowerCase(), label: each })),
];
const NOTHING: Omit<Said, "jurisdiction"> = {
  kind: "",
  mode: "delta",
  dry_run: true,
  coordinates: "",
  encoding: "",
  mapping: "",
};

export function Uploading(): ReactNode {
  const jurisdiction = useCity();
  return (
    <Page title="上传文件">
      <Filters>
        <CityFilter />
      </Filters>
      <Form key={jurisdiction} jurisdiction={jurisdiction} />
    </Page>
  );
}

function Form({ jurisdiction }: { jurisdiction: Jurisdiction }): ReactNode {
  const go = useNavigate();
  const name = useNames();
  const [said, setSaid] = useState<Said>({ ...NOTHING, jurisdiction });
  const [file, setFile] = useState<File | null>(null);
  const write = useWrite(
    async (given: Upload, header) => {
      const { body, type } = await formOf(given);
      return api.POST("/api/v1/sync/uploads", { params: { header }, body, headers: { "content-type": type } });
    },
    ({ id }) => go(`/batches/${id}`),
  );
  const say = (change: Partial<Said>): void => {
    setSaid({ ...said, ...change });
    write.reset();
  };
  const kinds = useValues("kinds").map((value) => ({ value, label: name("kinds", value) }));
  return (
    <form
      className={parts.card}
      aria-label="上传文件"
      onSubmit={(event) => {
        event.preventDefault();
        if (file) write.mutate(upload(said, file));
      }}
    >
      <div className={parts.fields}>
        <label>
          类别
          <Select
            aria-label="类别"
            showSearch={{ optionFilterProp: "label" }}
            placeholder="文件里是哪一类"
            value={said.kind || null}
            options={kinds}
            onChange={(kind) => {
              say({ kind });
            }}
          />
        </label>
        <label>
          坐标系
          <Select
            aria-label="坐标系"
            value={said.coordinates}
            options={COORDINATES}
            onChange={(coordinates) => {
              say({ coordinates });
            }}
          />
        </label>
      </div>
      <Modes said={said} say={say} />
      <FileChoice
        file={file}
        choose={(chosen) => {
          setFile(chosen);
          write.reset();
        }}
      />
      <p className={styles.hint}>
        没有现成的表格？
        {said.kind ? (
          <a href={`/api/v1/sync/template?kind=${said.kind}&format=xlsx`} download>
            下载“{name("kinds", said.kind)}”模板（.xlsx）
          </a>
        ) : (
          "选好类别后可下载模板。"
        )}
      </p>
      <More said={said} say={say} />
      <Checkbox
        checked={said.dry_run}
        onChange={({ target }) => {
          say({ dry_run: target.checked });
        }}
      >
        试运行：只核验并列出差异，不发布。核对、签字后可据此正式推送，不用再上传。
      </Checkbox>
      <p className={parts.buttons}>
        <Button type="primary" htmlType="submit" loading={write.isPending} disabled={!file || !said.kind}>
          {said.dry_run ? "上传并试运行" : "上传并推送"}
        </Button>
      </p>
      {write.isPending && !write.failureReason && !write.isPaused && (
        <p role="status">正在上传并读取文件，大的文件需要一两分钟，请不要关闭页面。收下之后可以离开。</p>
      )}
      <Outcome of={write} />
    </form>
  );
}

interface Told {
  said: Said;
  say: (change: Partial<Said>) => void;
}

function Modes({ said, say }: Told): ReactNode {
  const name = useNames();
  return (
    <Radio.Group
      vertical
      aria-label="方式"
      value={said.mode}
      onChange={({ target }) => {
        say({ mode: target.value as Said["mode"] });
      }}
      options={[
        { value: "delta", label: `${name("batch_modes", "delta")}：只更新文件里有的记录` },
        {
          value: "snapshot",
          label: `${name("batch_modes", "snapshot")}：文件是完整清单，平台上有、文件里没有的记录将被撤下`,
        },
      ]}
    />
  );
}

/** What most files need not have said of them. */
function More({ said, say }: Told): ReactNode {
  return (
    <details className={styles.more}>
      <summary>文字编码、字段映射</summary>
      <div className={parts.fields}>
        <label>
          文字编码
          <Select
            aria-label="文字编码"
            value={said.encoding}
            options={ENCODINGS}
            onChange={(encoding) => {
              say({ encoding });
            }}
          />
        </label>
        <label>
          字段映射（与 huning-agent 的映射文件相同，YAML）
          <Input.TextArea
            aria-label="字段映射"
            autoSize={{ minRows: 2, maxRows: 12 }}
            maxLength={60_000}
            placeholder={"fields:\n  title: 单位名称"}
            value={said.mapping}
            onChange={({ target }) => {
              say({ mapping: target.value });
            }}
          />
        </label>
      </div>
    </details>
  );
}
