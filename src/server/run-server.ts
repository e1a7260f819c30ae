/** `connectsoft serve` as a process: tells its parent how it went, and takes its signals. */
import { RefusalError } from "../domain/refusal.ts";
import type { Composition, CompositionOptions } from "./composition.ts";
import { type RunningServer, type ServeOptions, startServer } from "./serve.ts";

/** What a server that was started by another process tells it, once. */
export type ServerMessage =
  | { kind: "ready"; url: string }
  | { kind: "refused"; refusal: RefusalError["refusal"] };

const unavailable = 5;

/** Resolves with the exit code when the server has ended. */
export async function runServer(
  options: Omit<ServeOptions, "onTakenOver">,
  compose: (options: CompositionOptions) => Promise<Composition>,
  onReady: (server: RunningServer) => void,
): Promise<number> {
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const server = await startServer({ ...options, onTakenOver: () => end(unavailable) }, compose).catch(
    (error) => {
      if (error instanceof RefusalError) tellParent({ kind: "refused", refusal: error.refusal });
      throw error;
    },
  );
  const onSignal = (): void => {
    // The second one does not wait for anything: the database gives back what was under way.
    process.once("SIGTERM", () => process.exit(1));
    process.once("SIGINT", () => process.exit(1));
    end(0);
  };
  process.once("SIGTERM", onSignal);
  process.once("SIGINT", onSignal);
  process.on("SIGHUP", () => undefined);
  tellParent({ kind: "ready", url: server.url });
  onReady(server);
  const code = await ended;
  await server.close();
  return code;
}

function tellParent(message: ServerMessage): void {
  if (process.send === undefined) return;
  process.send(message, () => process.disconnect?.());
}
