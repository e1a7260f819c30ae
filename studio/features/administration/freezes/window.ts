/** One time for which releases are held. */
import type { components } from "../../../../client/src/schema.d.ts";

export type Window = components["schemas"]["FreezeWindow"];
