/** What every part of a delivery's page needs: where it is, and how it is worded on the board. */
import { useParams } from "@tanstack/react-router";
import { query } from "../../../app/api/api.ts";
import { useSession } from "../../../app/session/session-gate.tsx";

/** The tenant is the session's: a delivery of another one is not there. */
export function useSubject() {
  const { tenantId } = useSession();
  const { traceId, moduleId } = useParams({ from: "/deliveries/$traceId/$moduleId" });
  return { tenantId, traceId, moduleId };
}

export function useStatus() {
  const path = useSubject();
  return query.useQuery("get", "/deliveries/{tenantId}/{traceId}/{moduleId}", { params: { path } });
}

/** What moves it on, and what of that is this person's. */
export function useActs() {
  const path = useSubject();
  const { data = [] } = query.useQuery("get", "/deliveries/{tenantId}/{traceId}/{moduleId}/acts", {
    params: { path },
  });
  return data;
}

/** The delivery as the board has it: its state in one word, and each place's. */
export function useCard() {
  const { traceId, moduleId } = useSubject();
  const asked = { traceId, moduleId, limit: 1 };
  const { data } = query.useQuery("get", "/deliveries/search", { params: { query: asked } });
  return data?.items[0];
}
