/** Reading a repository without a clone. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { hiddenBranches, permitReading } from "../repository-rights.ts";
import type { Caller, System } from "../system.ts";
import { findRepository, repositoryInput } from "./find-repository.ts";

const ref = z.string().min(1).max(300);
const path = z.string().max(4_096);
const largestFileBytes = 1024 * 1024;
const longestPatchBytes = 1024 * 1024;

export async function listBranches(system: System, caller: Caller, input: z.output<typeof repositoryInput>) {
  const repository = await findRepository(system, caller, input);
  const hidden = await hiddenBranches(system, caller, repository);
  return (await system.gitServer.branches(repository)).filter(({ name }) => !hidden.includes(name));
}

export const browseFilesInput = repositoryInput.extend({ ref: ref.default("main"), path: path.default("") });

export async function browseFiles(system: System, caller: Caller, input: z.output<typeof browseFilesInput>) {
  const repository = await findRepository(system, caller, input);
  await permitReading(system, caller, { repository, refs: [input.ref] });
  const found = await system.gitServer.entries({ repository, ref: input.ref, path: input.path });
  if (found !== undefined) return found;
  throw absent("folder", input);
}

export const readFileInput = repositoryInput.extend({ ref: ref.default("main"), path: path.min(1) });

/** The text, up to 1 MiB; of what is larger or binary only how large it is. */
export async function readFile(system: System, caller: Caller, input: z.output<typeof readFileInput>) {
  const repository = await findRepository(system, caller, input);
  await permitReading(system, caller, { repository, refs: [input.ref] });
  const place = { repository, ref: input.ref, path: input.path };
  const found = await system.gitServer.file({ ...place, maxBytes: largestFileBytes });
  if (found !== undefined) return found;
  throw absent("file", input);
}

export const compareRefsInput = repositoryInput.extend({ base: ref, head: ref });

/** What `head` changed since it left `base`. */
export async function compareRefs(system: System, caller: Caller, input: z.output<typeof compareRefsInput>) {
  const repository = await findRepository(system, caller, input);
  const { base, head } = input;
  await permitReading(system, caller, { repository, refs: [base, head] });
  const compared = await system.gitServer.compare({ repository, base, head, maxBytes: longestPatchBytes });
  const commits = await system.sourceControl.log({ repository, from: base, to: head, limit: 250 });
  return { ...compared, commits };
}

function absent(kind: "file" | "folder", place: { repository: string; ref: string; path: string }): Error {
  return refuse(
    "NotFound",
    `${place.repository} has no ${kind} ${JSON.stringify(place.path)} on ${place.ref}.`,
    "Look at the folder above it.",
  );
}
