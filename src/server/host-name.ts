import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { placesIn } from "./data-directory.ts";
import { createPrivateFileOnce } from "./write-private-file.ts";

/**
 * The name under which host-bound work comes here. It belongs to the data directory, because repositories
 * and processes do: two directories on one machine are two hosts, and a moved one stays the same.
 */
export async function hostNameOf(dataDirectory: string): Promise<string> {
  const machine = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  const proposed = `${machine || "host"}-${randomBytes(3).toString("hex")}`;
  return (await createPrivateFileOnce(placesIn(dataDirectory).hostName, `${proposed}\n`)).trim();
}
