/** Whether decisions are this person's work: by a role, or because something waits for them now, as where they stand in for somebody. */
import { query } from "../api/api.ts";
import { queryClient } from "../api/query-client.ts";

export async function mayDecide(): Promise<boolean> {
  const rights = await queryClient.ensureQueryData(
    query.queryOptions("get", "/rights", { params: { query: {} } }),
  );
  if (rights.some(({ action, allowed }) => action === "approve" && allowed)) return true;
  const pending = await queryClient.ensureQueryData(query.queryOptions("get", "/releases/pending", {}));
  return pending.some(({ mayApprove }) => mayApprove);
}
