/** The tag of a version that landed: `v1.2.3`, in a monorepo `booking-service/v1.2.3`. */
import type { HandOver } from "../domain/delivery/hand-over.ts";
import { RefusalError } from "../domain/refusal.ts";
import type { CommitPolicy } from "../domain/tenant/delivery-policies.ts";
import type { AgentContext } from "../ports/agent.ts";
import type { Author, SourceControl } from "../ports/source-control.ts";
import { commitIdentity } from "./commit-identity.ts";
import { traceTrailers } from "./trace-trailers.ts";

export type TagOutcome =
  | { status: "tagged"; name: string }
  /** The name points to another commit, and a tag never moves. */
  | { status: "taken"; name: string; reason: string };

/** What stands before the version in the tags of a module. */
export function tagPrefix(folder: string, moduleId: string): string {
  return folder === "" ? "v" : `${moduleId}/v`;
}

/** The module's versions that are tagged already. */
export async function taggedVersions(
  sourceControl: SourceControl,
  { repository, folder }: Pick<HandOver, "repository" | "folder">,
  moduleId: string,
): Promise<string[]> {
  const prefix = tagPrefix(folder, moduleId);
  const tags = await sourceControl.tags(repository);
  return tags.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => name.slice(prefix.length));
}

/** Tags the commit on which the delivery landed, annotated. Called again it changes nothing. */
export async function tagRelease(
  context: AgentContext,
  sourceControl: SourceControl,
  landed: { commit: string; policy: CommitPolicy; tagger: Author },
): Promise<TagOutcome> {
  const { handOver, invocation } = context;
  const { version } = handOver.module;
  const name = `${tagPrefix(handOver.folder, invocation.moduleId)}${version}`;
  const { author, signWith } = commitIdentity(landed.tagger, {
    policy: landed.policy,
    sponsor: handOver.sponsor,
  });
  const trailers = Object.entries(traceTrailers(context)).map(([key, value]) => `${key}: ${value}`);
  try {
    await sourceControl.tag({
      repository: handOver.repository,
      name,
      commit: landed.commit,
      message: `${invocation.moduleId} ${version}\n\n${trailers.join("\n")}\n`,
      tagger: author,
      at: invocation.invokedAt,
      ...(signWith !== undefined && { signWith }),
    });
    return { status: "tagged", name };
  } catch (error) {
    if (!(error instanceof RefusalError) || error.refusal.code !== "Conflict") throw error;
    return { status: "taken", name, reason: error.refusal.message };
  }
}
