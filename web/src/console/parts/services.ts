/** What every service answers to operators about itself, under addresses of one shape. */

export const SERVICES = {
  accounts: "账号",
  challenges: "榜单",
  sync: "数据同步",
  search: "搜索",
  notifications: "通知",
} as const;

export type Service = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as Service[];

export const SERVICE_CHOICES = SERVICE_NAMES.map((value) => ({ value, label: SERVICES[value] }));

export function isService(word: string): word is Service {
  return Object.hasOwn(SERVICES, word);
}

/** The types of one stand for those of all: the contract has the same for each. */
export function ops<Rest extends string>(service: Service, rest: Rest): `/api/v1/ops/accounts/${Rest}` {
  return `/api/v1/ops/${service}/${rest}` as `/api/v1/ops/accounts/${Rest}`;
}
