import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { Problem } from "../api/client";
import { Conflict } from "./Conflict";

afterEach(cleanup);

const CHANGED = new Problem(412, "version_conflict", "内容已被修改", "内容已被修改，请刷新。", "r-1", null);
const FIELDS = [
  { label: "名称", of: (thing: { name: string; city: string }) => thing.name },
  { label: "地区", of: (thing: { name: string; city: string }) => thing.city },
];
const MINE = { name: "双极板", city: "苏州" };

it("both versions stand beside each other, where they differ, and one of them is chosen", async () => {
  const [take, keep] = [vi.fn(), vi.fn()];
  const now = { ...MINE, name: "<b>涂层</b>" };
  render(<Conflict error={CHANGED} mine={MINE} now={now} fields={FIELDS} take={take} keep={keep} />);
  const row = screen.getByRole("row", { name: /名称/ });
  expect(
    within(row)
      .getAllByRole("cell")
      .map((cell) => cell.textContent),
  ).toEqual(["双极板", "<b>涂层</b>"]);
  expect(screen.queryByRole("row", { name: /地区/ })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "用我的覆盖" }));
  await userEvent.click(screen.getByRole("button", { name: "按现在的版本继续" }));
  expect([take.mock.calls.length, keep.mock.calls.length]).toEqual([1, 1]);
});

it("where both say the same, nothing needs to be overwritten", () => {
  render(<Conflict error={CHANGED} mine={MINE} now={{ ...MINE }} fields={FIELDS} take={vi.fn()} keep={vi.fn()} />);
  expect(screen.queryByRole("button", { name: "用我的覆盖" })).toBeNull();
});

it.each([null, new Problem(409, "too_many", "", "", "", null)])(
  "of another outcome there is nothing to say",
  (error) => {
    const { container } = render(<Conflict error={error} mine={MINE} now={MINE} fields={FIELDS} take={vi.fn()} />);
    expect(container.textContent).toBe("");
  },
);
