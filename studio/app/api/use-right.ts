/** Whether this person may do something, and why not, as the server says; the act itself is asked again when it is done. */
import type { components } from "../../../client/src/schema.d.ts";
import { query } from "./api.ts";

type Right = components["schemas"]["Right"];

export interface MayDo {
  allowed: boolean;
  why?: string | undefined;
}

export function useRight(action: Right["action"], environment?: string): MayDo {
  const asked = environment === undefined ? {} : { environment };
  const { data } = query.useSuspenseQuery("get", "/rights", { params: { query: asked } });
  const right = data.find((one) => one.action === action);
  if (right === undefined || right.allowed) return { allowed: true };
  return { allowed: false, why: [right.why, right.next].filter(Boolean).join(" ") };
}
