/** What lets somebody in: access tokens, and the sessions that were begun. */
import type { components } from "../../../../client/src/schema.d.ts";

export type Token = components["schemas"]["TokenFacts"];

export type SessionLine = components["schemas"]["SessionLine"];
