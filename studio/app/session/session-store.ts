/** Who is signed in, outside of React, because requests and the live stream need it too. */
import type { components } from "../../../client/src/schema.d.ts";

export type Session = components["schemas"]["SessionAnswer"];

export const csrfHeader = "x-csrf-token";

type Listener = () => void;
const listeners = new Set<Listener>();

export interface SessionState {
  /** Absent before the first answer and while nobody is signed in. */
  session?: Session;
  /** `ended`: there was a session in this window; what stands in its fields is kept until somebody signs in again. */
  phase: "asking" | "nobody" | "signed-in" | "ended";
}

let state: SessionState = { phase: "asking" };

export function sessionState(): SessionState {
  return state;
}

export function subscribeSession(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function csrfToken(): string {
  return state.session?.csrfToken ?? "";
}

export function sessionEnded(): void {
  if (state.phase === "signed-in") set({ ...state, phase: "ended" });
}

/** Asks the server who this is. */
export async function loadSession(): Promise<void> {
  const response = await fetch("/session", { credentials: "same-origin" });
  if (response.ok) set({ phase: "signed-in", session: (await response.json()) as Session });
  else
    set({
      phase: state.session === undefined ? "nobody" : "ended",
      ...(state.session && { session: state.session }),
    });
}

/** Throws the server's problem where the token or the code is not good. */
export async function signIn(proof: { token: string } | { code: string }): Promise<void> {
  const response = await fetch("/session", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(proof),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw answer;
  set({ phase: "signed-in", session: answer as Session });
}

export async function signOut(): Promise<void> {
  await fetch("/session", {
    method: "DELETE",
    credentials: "same-origin",
    headers: { [csrfHeader]: csrfToken() },
  });
  set({ phase: "nobody" });
}

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}
