/**
 * `repositories.rights` and `repositories.sources` of tenant.yaml: which repositories and branches whom of the tenant may read
 * and write, and where modules may come from. They only ever narrow what roles permit.
 */
import { z } from "zod";
import { withoutCredentials } from "../delivery/source-address.ts";
import { fitsName, fitsPath } from "../name-pattern.ts";
import { personId, type Role, roleSchema } from "./role.ts";

const personPrefix = "person:";

/** A role, or `person:<id>`. */
const holder = z.union([
  roleSchema,
  z
    .templateLiteral([personPrefix, personId])
    .refine((text) => personId.safeParse(text.slice(personPrefix.length)).success),
]);
const pattern = z.string().min(1).max(300);
const patterns = z.array(pattern).min(1).max(100);

const agentsOfRepositories = ["code-committer", "pull-request-creator", "devops-engineer"] as const;

const rightSchema = z
  .object({
    /** Names, `*` for any run of characters; absent: every repository. */
    repositories: patterns.optional(),
    /** Names, `*` within one part and `**` across parts; absent: every branch. */
    branches: patterns.optional(),
    /** Absent: whoever has a role in the tenant. */
    read: z.array(holder).max(100).optional(),
    /** Absent: whoever has a role that takes it. */
    write: z.array(holder).max(100).optional(),
    /** Absent: all of them. */
    agents: z.array(z.enum(agentsOfRepositories)).optional(),
  })
  .strict();
type Right = z.infer<typeof rightSchema>;

/** Keys of `repositories`. */
export const repositoryRightsKeys = {
  /** Of the rules that fit, the first decides. */
  rights: z.array(rightSchema).max(200).optional(),
  /** Folders and git addresses that modules are handed over from, with `*` and `**`; absent: any. */
  sources: z
    .object({ folders: z.array(pattern).max(100).default([]), git: z.array(pattern).max(100).default([]) })
    .strict()
    .optional(),
};

export interface RepositoryRights {
  rights?: Right[] | undefined;
  sources?: { folders: string[]; git: string[] } | undefined;
}

export interface Touch {
  does: "read" | "write";
  /** Without the tenant's name. */
  repository: string;
  /** Undefined: none in particular yet. What is then let through is asked again for each branch. */
  branch?: string | undefined;
}

export interface Toucher {
  /** Of a person or service account, or `agent:<id>`. */
  id: string;
  roles: readonly string[];
}

export function mayTouch({ rights = [] }: RepositoryRights, who: Toucher, touch: Touch): boolean {
  for (const right of rights) {
    if (!(right.repositories ?? ["*"]).some((one) => fitsName(one, touch.repository))) continue;
    const { branches } = right;
    if (branches === undefined) return allows(right, who, touch);
    if (touch.branch === undefined) {
      if (allows(right, who, touch)) return true;
    } else if (branches.some((one) => fitsPath(one, touch.branch as string)))
      return allows(right, who, touch);
  }
  return true;
}

function allows(right: Right, { id, roles }: Toucher, { does }: Touch): boolean {
  if (id.startsWith(agentPrefix)) return right.agents?.some((agent) => id === agentPrefix + agent) ?? true;
  const holders = right[does];
  if (holders === undefined) return true;
  return holders.some((one) =>
    one.startsWith(personPrefix) ? one === personPrefix + id : roles.includes(one as Role),
  );
}

const agentPrefix = "agent:";

/** `folder`: an absolute path that no link leads away from. */
export type SourcePlace = { folder: string } | { git: string };

export function mayComeFrom({ sources }: RepositoryRights, place: SourcePlace): boolean {
  if (sources === undefined) return true;
  const [allowed, address] =
    "folder" in place ? [sources.folders, place.folder] : [sources.git, withoutCredentials(place.git)];
  const misread = "git" in place && /[\s\\\p{Cc}]/u.test(place.git);
  return !misread && !leadsAway(address) && allowed.some((one) => fitsPath(one, address));
}

/** A part that a server would read as the folder above: what stands before it says nothing of where it leads. */
function leadsAway(address: string): boolean {
  return /(^|[/\\:])(\.|%2e){2}([/\\]|%2f|%5c|$)/i.test(address);
}

/** People whom rights name. */
export function peopleInRights({
  rights = [],
}: RepositoryRights): { path: (string | number)[]; name: string }[] {
  return rights.flatMap((right, index) =>
    (["read", "write"] as const).flatMap((does) =>
      (right[does] ?? []).flatMap((one, at) =>
        one.startsWith(personPrefix)
          ? [{ path: ["repositories", "rights", index, does, at], name: one.slice(personPrefix.length) }]
          : [],
      ),
    ),
  );
}
