/** Preferences as they are being edited. What was changed elsewhere meanwhile is shown beside it, and nothing is lost. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Switch } from "antd";
import { type ReactNode, useState } from "react";

import { api, type View } from "../../api/client";
import { Conflict } from "../../shared/Conflict";
import { useNames } from "../../shared/labels";
import { Outcome } from "../../shared/Outcome";
import { seen, useWrite } from "../../shared/writing";
import styles from "./Settings.module.css";

export const PREFERENCES = ["preferences"];

type Preferences = View<"PreferencesView">;
type Change = (changes: Partial<Preferences>) => void;

export function PreferencesForm({ now }: { now: Preferences }): ReactNode {
  const [seen, setSeen] = useState(now);
  const [mine, setMine] = useState(now);
  const save = useSaving((saved) => {
    setSeen(saved);
    setMine(saved);
  });
  const change: Change = (changes) => {
    save.reset();
    setMine({ ...mine, ...changes });
  };
  const fields = useFields(Object.keys(now.channels));
  const changed = fields.some(({ of }) => of(mine) !== of(seen));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ ...mine, version: seen.version });
      }}
    >
      <Groups channels={mine.channels} change={change} />
      <Quiet hours={mine.quiet_hours} change={change} />
      <Checkbox
        checked={mine.digest === "daily"}
        onChange={({ target }) => {
          change({ digest: target.checked ? "daily" : "off" });
        }}
      >
        每天早上把可以稍后看的内容汇总成一条微信消息
      </Checkbox>
      <p className={styles.buttons}>
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!changed}>
          保存
        </Button>
        <span role="status">{save.isSuccess && !changed && "已保存"}</span>
      </p>
      <Outcome of={save} />
      <Conflict
        error={save.error}
        mine={mine}
        now={now.version === seen.version ? undefined : now}
        fields={fields}
        take={() => {
          save.reset();
          setSeen(now);
          setMine(now);
        }}
        keep={() => {
          setSeen(now);
          save.mutate({ ...mine, version: now.version });
        }}
      />
    </form>
  );
}

function useSaving(done: (saved: Preferences) => void) {
  const client = useQueryClient();
  return useWrite(
    async ({ channels, digest, quiet_hours, version }: Preferences, once) => {
      const header = { ...once, ...seen(version) };
      const body = { channels: channels as View<"PreferencesBody">["channels"], digest, quiet_hours };
      const asked = await api.PUT("/api/v1/notifications/preferences", { params: { header }, body });
      if (asked.response.status === 412) await client.invalidateQueries({ queryKey: PREFERENCES });
      return asked;
    },
    (saved) => {
      client.setQueryData(PREFERENCES, saved);
      done(saved);
    },
  );
}

/** What may differ between two versions, in words. */
function useFields(groups: string[]) {
  const name = useNames();
  const channels = groups.map((group) => ({
    label: name("notification_groups", group),
    of: (each: Preferences) => (each.channels[group] ?? []).map((channel) => name("channels", channel)).join("、"),
  }));
  const hours = ({ quiet_hours }: Preferences) => (quiet_hours ? `${quiet_hours.from} 至 ${quiet_hours.to}` : "不设");
  return [
    ...channels,
    { label: "免打扰", of: hours },
    { label: "每日汇总", of: ({ digest }: Preferences) => (digest === "daily" ? "每天一条" : "不发") },
  ];
}

function Groups({ channels, change }: { channels: Preferences["channels"]; change: Change }): ReactNode {
  const name = useNames();
  return (
    <table className={styles.table}>
      <caption>消息从哪里到达</caption>
      <thead>
        <tr>
          <th scope="col">消息类别</th>
          <th scope="col">{name("channels", "inbox")}</th>
          <th scope="col">{name("channels", "wechat")}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(channels).map(([group, chosen]) => (
          <tr key={group}>
            <th scope="row">{name("notification_groups", group)}</th>
            <td>始终接收</td>
            <td>
              <Switch
                aria-label={`${name("notification_groups", group)}：微信`}
                checked={chosen.includes("wechat")}
                onChange={(on) => {
                  change({ channels: { ...channels, [group]: on ? ["inbox", "wechat"] : ["inbox"] } });
                }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const NIGHT = { from: "22:00", to: "08:00" };

function Quiet({ hours, change }: { hours: Preferences["quiet_hours"]; change: Change }): ReactNode {
  const at = hours ?? NIGHT;
  return (
    <fieldset className={styles.quiet}>
      <legend>免打扰（北京时间）</legend>
      <Checkbox
        checked={hours !== null}
        onChange={({ target }) => {
          change({ quiet_hours: target.checked ? NIGHT : null });
        }}
      >
        这段时间不发微信，到点后再发
      </Checkbox>
      {(["from", "to"] as const).map((end) => (
        <label key={end}>
          {end === "from" ? "从" : "到"}
          <Input
            type="time"
            required
            disabled={hours === null}
            value={at[end]}
            onChange={({ target }) => {
              change({ quiet_hours: { ...at, [end]: target.value } });
            }}
          />
        </label>
      ))}
    </fieldset>
  );
}
