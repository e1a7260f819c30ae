/**
 * What changes on the server changes here: one stream of the tenant's events, and each event makes those answers stale
 * that it concerns. The browser comes back by itself where it was (Last-Event-ID).
 */
import type { Query } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { api } from "../api/api.ts";
import { queryClient } from "../api/query-client.ts";

declare module "@tanstack/react-query" {
  interface Register {
    /** `tenant`: any event of the tenant may change it. Else those events do whose trace its key names. */
    queryMeta: { live?: "tenant" };
  }
}

export interface LiveEvent {
  position: string | number;
  subject: { tenantId: string; traceId: string; moduleId: string };
  name: string;
  time: string;
  environment?: string;
}

/** `refused`: the server answers, and lets this person follow nothing. */
export type Connection = "connecting" | "live" | "lost" | "refused";

/** A list that everything changes is read again at once, and then at most so often. */
const listEveryMs = 1_000;
/** Agents write several events in a row: what shows one delivery is read at once, and then at most so often. */
const traceEveryMs = 40;
/** An answer that takes longer does not hold up the next question. */
const longestTurnMs = 2_000;
const givenUpMs = 3_000;

let connection: Connection = "connecting";
const watchers = new Set<() => void>();
const listeners = new Set<(event: LiveEvent) => void>();

export function useConnection(): Connection {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => connection,
  );
}

/** Calls back for each event while the component is there. */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  useEffect(() => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [listener]);
}

/** Keeps the tenant's stream open for as long as somebody is signed in. */
export function useLiveStream(tenantId: string): void {
  useEffect(() => openStream(tenantId), [tenantId]);
}

function openStream(tenantId: string): () => void {
  let source: EventSource | undefined = connect();
  const lists = inTurn(() => refresh((query) => query.meta?.live === "tenant"), listEveryMs);

  /** Traces of events whose answers are to be read again. */
  const stale = new Set<string>();
  const subjects = inTurn(() => {
    const traces = [...stale];
    stale.clear();
    return refresh(({ queryHash }) => traces.some((trace) => queryHash.includes(trace)));
  }, traceEveryMs);

  function connect(): EventSource {
    const stream = new EventSource(`/api/v1/stream?tenantId=${tenantId}`);
    stream.onopen = () => {
      // What happened before the stream was open, or while it was away, is in the answers of now.
      void queryClient.invalidateQueries();
      tell("live");
    };
    // The place is not known any more: there is no way to say what was missed.
    stream.addEventListener("reset", () => void queryClient.invalidateQueries());
    stream.onerror = async () => {
      if (stream.readyState !== EventSource.CLOSED) return tell("lost");
      // The browser has given up, as it does when the server answers with an error, and does not say with which.
      const refused = await isRefused();
      if (source !== stream) return;
      tell(refused ? "refused" : "lost");
      // Each try that is refused is on record: it is asked again when somebody looks at the window again.
      if (!refused) setTimeout(() => source === stream && again(), givenUpMs);
    };
    stream.onmessage = ({ data }) => take(JSON.parse(String(data)) as LiveEvent);
    return stream;
  }

  function take(event: LiveEvent): void {
    stale.add(event.subject.traceId);
    subjects();
    lists();
    for (const listener of listeners) listener(event);
  }

  function again(): void {
    source?.close();
    source = connect();
  }

  /** A connection that went with the network may look open for minutes: it is given up and made anew. */
  const offline = () => {
    source?.close();
    tell("lost");
  };
  const looked = () => connection === "refused" && again();
  addEventListener("offline", offline);
  addEventListener("online", again);
  addEventListener("focus", looked);
  return () => {
    removeEventListener("offline", offline);
    removeEventListener("online", again);
    removeEventListener("focus", looked);
    source?.close();
    source = undefined;
  };
}

/** The same question without the stream. */
async function isRefused(): Promise<boolean> {
  const asked = await api.GET("/stream", { params: { query: { limit: 1 } } }).catch(() => undefined);
  return asked?.response.status === 403;
}

/** An answer on its way may be of before the event: it is asked for again. */
function refresh(concerned: (query: Query) => boolean): Promise<void> {
  return queryClient.invalidateQueries({ predicate: (query) => concerned(query) });
}

function tell(next: Connection): void {
  connection = next;
  for (const watcher of watchers) watcher();
}

/** At once; and again for what came meanwhile, when the answers are there and so much time has passed. */
function inTurn(task: () => Promise<void>, everyMs: number): () => void {
  let asked = false;
  let running = false;
  const run = async () => {
    running = true;
    while (asked) {
      asked = false;
      const answered = task().catch(() => undefined);
      await Promise.all([Promise.race([answered, pause(longestTurnMs)]), pause(everyMs)]);
    }
    running = false;
  };
  return () => {
    asked = true;
    if (!running) void run();
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
