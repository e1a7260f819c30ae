/** What every dialog of an act is given. */
import type { ApprovalView } from "../use-approval.ts";
import type { Seen } from "../use-seen.ts";

export interface ActProps {
  view: ApprovalView;
  seen: Seen;
  readAgain: () => Promise<unknown>;
  onClose: () => void;
  /** It is done: `note` says what happens next, in the server's words. */
  onDone: (note: string) => void;
}
