import type { components } from "../../../client/src/schema.d.ts";
import { query } from "../../app/api/api.ts";

export type Alert = components["schemas"]["ShownAlert"];

/** Nothing of the tenant's stream tells of them: they are asked for again. */
const everyMs = 30_000;

export function useAlerts() {
  return query.useQuery("get", "/alerts", {}, { refetchInterval: everyMs });
}
