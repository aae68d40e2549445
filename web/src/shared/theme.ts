/** The one look: a calm blue-green of the river, one warm accent. Our own styles and antd's take their colours from here. */

const LIGHT = {
  paper: "#ffffff",
  ground: "#f2f6f6",
  raised: "#e6f0f0",
  ink: "#14282d",
  quiet: "#51666b",
  rule: "#d5e1e2",
  river: "#0b6e78",
  "river-deep": "#07525a",
  "river-pale": "#d8ecee",
  "on-river": "#ffffff",
  accent: "#a0470b",
  "accent-pale": "#fbeadb",
  danger: "#b3261e",
};

type Palette = Record<keyof typeof LIGHT, string>;

const DARK: Palette = {
  paper: "#14242a",
  ground: "#0d1a1f",
  raised: "#1c3138",
  ink: "#e6f0f1",
  quiet: "#a3b8bd",
  rule: "#2b444c",
  river: "#5cc3cc",
  "river-deep": "#8fdae0",
  "river-pale": "#173c44",
  "on-river": "#06262b",
  accent: "#f2a65a",
  "accent-pale": "#3a2a1b",
  danger: "#ff8a80",
};

export const FONTS =
  'system-ui, -apple-system, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';

export function palette(dark: boolean): Palette {
  return dark ? DARK : LIGHT;
}

const darkIsWished = window.matchMedia("(prefers-color-scheme: dark)");

export const scheme = {
  isDark: (): boolean => darkIsWished.matches,
  subscribe: (changed: () => void): (() => void) => {
    darkIsWished.addEventListener("change", changed);
    return () => {
      darkIsWished.removeEventListener("change", changed);
    };
  },
};

/** Gives the whole page its colours as variables, `--ink` and so on, and keeps to what the system wishes. */
export function paint(): void {
  const { style } = document.documentElement;
  for (const [name, colour] of Object.entries(palette(scheme.isDark()))) style.setProperty(`--${name}`, colour);
  style.setProperty("--fonts", FONTS);
}
