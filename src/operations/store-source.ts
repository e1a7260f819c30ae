/** Takes what was handed over into the module's repository: a folder, a git address, or a folder of either. */
import { basename, join } from "node:path";
import type { Source } from "../domain/delivery/hand-over.ts";
import { withoutCredentials } from "../domain/delivery/source-address.ts";
import { refuse } from "../domain/refusal.ts";
import type { System } from "./system.ts";

export type SourceInput =
  | { kind: "folder"; path: string; folder?: string | undefined }
  | { kind: "git"; url: string; ref?: string | undefined; folder?: string | undefined };

/** The folder on this host that is handed over; refuses a sub-folder that leads out of it. */
export function folderOf(source: Extract<SourceInput, { kind: "folder" }>): string {
  return join(source.path, subFolder(source));
}

/** What names a module that is in a git repository and does not name itself. */
export function nameOfAddress(source: Extract<SourceInput, { kind: "git" }>): string {
  return basename(subFolder(source) || withoutCredentials(source.url)).replace(/\.git$/, "");
}

export async function storeSource(
  { sourceControl }: Pick<System, "sourceControl">,
  repository: string,
  source: SourceInput,
): Promise<Source> {
  if (source.kind === "folder") {
    const path = folderOf(source);
    const { tree } = await sourceControl.importFolder({ repository, folder: path });
    return { kind: "folder", path, tree };
  }
  const folder = subFolder(source);
  const { url, ref } = source;
  const { commit, tree, addresses } = await sourceControl.importRemote({
    ...{ repository, url },
    ...(ref !== undefined && { ref }),
    ...(folder !== "" && { folder }),
  });
  const recorded = { kind: "git" as const, url: withoutCredentials(url), commit, tree, addresses };
  return folder === "" ? recorded : { ...recorded, folder };
}

function subFolder({ folder = "" }: SourceInput): string {
  const path = folder.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  const parts = path.split("/");
  if (path === "" || path === ".") return "";
  if (!parts.includes("..") && !parts.includes("") && !parts.includes(".git") && !path.includes("\0"))
    return path;
  throw refuse(
    "InputInvalid",
    `folder: ${JSON.stringify(folder)} was given; expected a folder inside the source, such as services/booking-service.`,
    "Name it relative to the source's root.",
  );
}
