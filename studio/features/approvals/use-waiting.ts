/** What waits for people, as the server puts it in order: the reader's own first. */
import { query } from "../../app/api/api.ts";

const live = { meta: { live: "tenant" } } as const;

/** `throwOnError`: the page cannot be without it. */
interface Need {
  throwOnError?: boolean;
}

export function usePending(need: Need = {}) {
  return query.useQuery("get", "/releases/pending", {}, { ...live, ...need });
}

/** What one person asked for and a second one has to say as well. */
export function useConfirmations(need: Need = {}) {
  return query.useQuery("get", "/confirmations", {}, { ...live, ...need });
}

/** How much waits for whoever is signed in. */
export function useWaitingForMe(): number {
  const { data: pending = [] } = usePending();
  const { data: confirmations = [] } = useConfirmations();
  const releases = pending.filter(({ mayApprove, voted }) => mayApprove && !voted);
  return releases.length + confirmations.filter(({ yours }) => yours).length;
}
