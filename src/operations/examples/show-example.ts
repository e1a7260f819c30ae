/** What somebody begins with who has nothing of their own to deliver yet. */
import { access } from "node:fs/promises";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../../../examples/booking-service");

export interface Example {
  /** On the server's host, to be handed over as it is; absent where this installation has none. */
  folder?: string;
  /** Hands over a module of one's own. */
  command: string;
}

export async function showExample(): Promise<Example> {
  const there = await access(path.join(folder, "module.yaml")).then(
    () => true,
    () => false,
  );
  return { ...(there && { folder }), command: "connectsoft deliver <folder or git address>" };
}
