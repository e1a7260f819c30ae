/** The dialog that is open, if any is. */
import type { Hook } from "./typed-hook.ts";
import type { Subscription } from "./typed-subscription.ts";

export type Open =
  | { kind: "new" | "new-hook" }
  | { kind: "edit" | "test" | "pause" | "resume" | "rotate" | "remove"; subscription: Subscription }
  | { kind: "edit-hook" | "rotate-hook" | "remove-hook"; hook: Hook }
  | undefined;
