import { expect, it } from "vitest";

import { read } from "../search/filters";
import { wordsOf } from "./words";

const NAMES: Record<string, string> = { suzhou: "苏州", nanjing: "南京", policy: "政策" };
const words = (address: string) => wordsOf(read(new URLSearchParams(address)), (_, value) => NAMES[value] ?? value);

it("a search is said in the words of its filters", () => {
  expect(words("q=涂层&jurisdiction=suzhou,nanjing&kind=policy")).toBe("“涂层”；苏州、南京；政策");
  expect(words("near=120.5,31.2&radius=2000")).toBe("选定地点周围 2 公里内");
  expect(words("")).toBe("全部内容");
});
