/** A freeze as it was set. */
import type { components } from "../../../../client/src/schema.d.ts";

export type Freeze = components["schemas"]["ListedFreeze"];
