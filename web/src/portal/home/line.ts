/** The line as it is drawn, west on the left: six stations along the Shanghai–Nanjing railway, two on the northern bank. */
import type { View } from "../../api/client";

type Jurisdiction = View<"Jurisdiction">;

interface Station {
  city: Jurisdiction;
  /** Percent of the drawing's width. */
  at: number;
  bank: "south" | "north";
}

/** From Putuo, which leads, along the railway; then those across the river. Read and tabbed through in this order. */
export const STATIONS: readonly Station[] = [
  { city: "putuo", at: 92, bank: "south" },
  { city: "suzhou", at: 75, bank: "south" },
  { city: "wuxi", at: 58, bank: "south" },
  { city: "changzhou", at: 41, bank: "south" },
  { city: "zhenjiang", at: 24, bank: "south" },
  { city: "nanjing", at: 8, bank: "south" },
  { city: "nantong", at: 80, bank: "north" },
  { city: "taizhou", at: 36, bank: "north" },
];

/** The bridges that lead across: the station on the northern bank, and where its way meets the line. */
export const CROSSINGS: readonly { from: number; to: number }[] = [
  { from: 80, to: 75 },
  { from: 36, to: 41 },
];
