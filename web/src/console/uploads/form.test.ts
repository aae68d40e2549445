// @vitest-environment node
import { expect, it } from "vitest";

import { formOf, type Said, upload } from "./form";

const SAID: Said = {
  jurisdiction: "nantong",
  kind: "platform",
  mode: "delta",
  dry_run: true,
  coordinates: "",
  encoding: "",
  mapping: "",
};
const FILE = new File(["a,b\n"], "清单.csv");

it("the form holds what was said and the file under its name", async () => {
  const { body, type } = await formOf(upload(SAID, FILE));
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  expect([form.get("dry_run"), form.get("kind"), form.get("coordinates")]).toEqual(["true", "platform", ""]);
  const file = form.get("file") as File;
  expect([file.name, await file.text()]).toEqual(["清单.csv", "a,b\n"]);
});

it("two files are two intents, although a file itself is written as nothing", () => {
  const other = upload(SAID, new File(["a,b,c\n"], "清单.csv"));
  expect(JSON.stringify(other)).not.toBe(JSON.stringify(upload(SAID, FILE)));
});
