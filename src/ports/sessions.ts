/** Sessions of people in browsers, and links that begin one. Of what a browser or a link holds, only a hash is kept. */
import type { Origin } from "../domain/access/session.ts";
import type { Principal } from "./accounts.ts";

export interface SessionDraft extends Principal {
  origin: Origin;
  /** The browser, in its own words. */
  agent: string;
}

export interface SessionFacts extends Principal {
  id: string;
  origin: Origin;
  agent: string;
  /** ISO 8601, as all times here. */
  beganAt: string;
  /** To the minute. */
  lastUsedAt: string;
  /** At the latest; without a request it ends sooner. */
  endsAt: string;
  state: "good" | "idle" | "over" | "ended";
}

export interface Sessions {
  /** The secret is for the browser, and is shown once. */
  begin(draft: SessionDraft): Promise<{ secret: string; session: SessionFacts }>;
  /** Also of one that is over, for a month; undefined where there was none. Looking one up is a use of it. */
  find(secret: string): Promise<SessionFacts | undefined>;
  /** Those that are good, newest first: of one tenant, or one person in it. */
  list(tenantId: string, person?: string): Promise<SessionFacts[]>;
  /** False: there is none by that id, or it has ended. */
  end(tenantId: string, id: string, by: string): Promise<boolean>;
  /** A code that begins one session, if it is soon. */
  makeLink(draft: Omit<SessionDraft, "agent">): Promise<{ code: string; endsAt: string }>;
  /** Takes the code: of several at once, one gets it. Undefined where it is not good, or not any more. */
  takeLink(code: string): Promise<Omit<SessionDraft, "agent"> | undefined>;
}
