/** The roles that an operator of the alliance grants; administering an organisation comes with its verification. */
import type { View } from "../../api/client";

export type Role = View<"Role">;

export const GRANTABLE: Role[] = ["city_operator", "alliance_operator", "auditor", "reviewer", "technology_manager"];

/** Operators have a duty. */
export const WITH_DUTY: Role[] = ["city_operator", "alliance_operator"];

/** Of these it is known for whom they work: nobody reviews their employer's claims. */
export const WITH_EMPLOYER: Role[] = ["reviewer", "technology_manager"];
