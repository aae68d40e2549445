/** A highlight of the API, `…<em>涂层</em>…` with HTML's escapes, as text and <mark>: it is never read as markup. */
import type { ReactNode } from "react";

const ESCAPES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'" };

export function Marked({ text }: { text: string }): ReactNode {
  return pieces(text).map(({ words, met }, at) => (met ? <mark key={at}>{words}</mark> : words));
}

/** The highlight's own words, without its marks and the dots where it was cut. */
export function plain(highlight: string): string {
  const words = pieces(highlight).map((piece) => piece.words);
  return words.join("").replace(/^…|…$/g, "");
}

function pieces(highlight: string): { words: string; met: boolean }[] {
  const parts = highlight.split(/<em>(.*?)<\/em>/s);
  return parts.map((part, at) => ({ words: unescaped(part), met: at % 2 === 1 })).filter((each) => each.words);
}

function unescaped(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => ESCAPES[name] ?? whole);
}
