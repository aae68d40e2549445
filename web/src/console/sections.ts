/** The sections of the console, and who finds something in them. The API decides; this only spares people refusals. */
import { holds } from "../shared/session/roles";
import type { User } from "../shared/session/session";

type Role = "city_operator" | "alliance_operator" | "auditor";

interface Section {
  path: string;
  title: string;
  for: Role[];
}

const CITY: Role[] = ["city_operator"];
const CITY_AND_ALLIANCE: Role[] = ["city_operator", "alliance_operator"];
const ALLIANCE: Role[] = ["alliance_operator"];
const ALL: Role[] = ["city_operator", "alliance_operator", "auditor"];

const SECTIONS: Section[] = [
  { path: "/", title: "工作台", for: ALL },
  { path: "/organizations", title: "单位认证", for: CITY_AND_ALLIANCE },
  { path: "/people", title: "人员与角色", for: CITY_AND_ALLIANCE },
  { path: "/challenges", title: "榜单审核", for: CITY },
  { path: "/batches", title: "数据批次", for: CITY },
  { path: "/freshness", title: "数据新鲜度", for: CITY_AND_ALLIANCE },
  { path: "/objections", title: "数据异议", for: CITY_AND_ALLIANCE },
  { path: "/joined", title: "机构归并", for: CITY_AND_ALLIANCE },
  { path: "/records", title: "记录溯源", for: ALL },
  { path: "/agents", title: "推送密钥", for: CITY },
  { path: "/deliveries", title: "消息发送", for: CITY_AND_ALLIANCE },
  { path: "/dead-letters", title: "死信", for: CITY_AND_ALLIANCE },
  { path: "/lag", title: "消费积压", for: ALLIANCE },
  { path: "/read-models", title: "读模型", for: ALLIANCE },
  { path: "/audit", title: "审计", for: ALL },
];

export function sectionsOf(user: User): Section[] {
  return SECTIONS.filter((section) => section.for.some((role) => holds(user, role)));
}

/** Whether somebody finds something at an address, also of a page below a section. */
export function opens(user: User, address: string): boolean {
  const section = SECTIONS.find(({ path }) => path !== "/" && `${address}/`.startsWith(`${path}/`));
  return !section || sectionsOf(user).includes(section);
}
