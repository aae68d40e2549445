import { render } from "@testing-library/react";
import { expect, it } from "vitest";

import { Marked, plain } from "./Marked";

it("marks the words that met the search", () => {
  const { container } = render(<Marked text="…双极板<em>涂层</em>寿命…" />);
  expect(container.innerHTML).toBe("…双极板<mark>涂层</mark>寿命…");
});

it("shows markup in a title as the text that it is", () => {
  const text = '&lt;img src=x onerror="alert(1)"&gt;<em>涂层</em> &amp;lt; <b>';
  const { container } = render(<Marked text={text} />);
  expect(container.textContent).toBe('<img src=x onerror="alert(1)">涂层 &lt; <b>');
  expect(container.querySelector("img, b")).toBeNull();
});

it("gives the words alone", () => {
  expect(plain("…双极板<em>涂层</em> &amp; 寿命…")).toBe("双极板涂层 & 寿命");
});
