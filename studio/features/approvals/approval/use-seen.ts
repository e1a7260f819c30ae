/** What the person has looked at. What changes meanwhile is not decided before they have seen that it did. */
import { useState } from "react";
import { type ApprovalView, changedDigests, type Digests } from "./use-approval.ts";

export interface Seen {
  digests: Digests | null;
  /** Names of what is another now. */
  changed: string[];
  /** The person has seen what is there now. */
  acknowledge: () => void;
}

export function useSeen({ digests }: ApprovalView): Seen {
  const [seen, setSeen] = useState(digests);
  return {
    digests: seen ?? digests,
    changed: changedDigests(seen, digests),
    acknowledge: () => setSeen(digests),
  };
}
