import type { SessionView } from "../../operations/sessions/show-session.ts";

/** Who is signed in, as the pages of a session read it. */
export interface SessionAnswer extends SessionView {
  /** To be sent as `x-csrf-token` with whatever is no GET. */
  csrfToken: string;
  server: { version: string };
}
