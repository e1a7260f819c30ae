/** One person of the tenant with their roles, put into the declaration or taken out of it; comments of the file stay. */
import type { Document } from "yaml";
import { isMap, isSeq, type YAMLMap } from "yaml";
import { z } from "zod";
import { changed } from "../../domain/policy/policy-file.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { personId, roleSchema } from "../../domain/tenant/role.ts";
import { personSchema } from "../../domain/tenant/tenant.ts";
import { changePolicy, type Proposed } from "../policy-changes/change-policy.ts";
import { type Applied, changeOf, currentOf } from "../policy-changes/declared.ts";
import { requireReason } from "../policy-changes/require-reason.ts";
import type { Caller, System } from "../system.ts";

const reason = z.string().max(2_000).default("");

export const declarePersonInput = z.object({
  person: personId,
  roles: z.array(roleSchema).max(20),
  /** Absent: as they are. */
  environments: z.record(slug, z.array(roleSchema)).optional(),
  claims: personSchema.shape.claims,
  reason,
});

export const removePersonInput = z.object({ person: personId, reason });

/** Held at once where one person is enough for it; proposed to a second one otherwise. */
export async function declarePerson(
  system: System,
  caller: Caller,
  { person, reason: why, roles, environments, claims }: z.output<typeof declarePersonInput>,
): Promise<Applied | Proposed> {
  return await change(system, caller, why, (document) => {
    const { map, list } = placeOf(document, person);
    const entry = map ?? (document.createNode({ id: person }) as YAMLMap);
    entry.set("roles", flow(document, roles));
    if (environments !== undefined) setOrDrop(entry, "environments", environments, document);
    if (claims !== undefined) setOrDrop(entry, "claims", claims, document);
    if (map === undefined) list.add(entry);
  });
}

export async function removePerson(
  system: System,
  caller: Caller,
  { person, reason: why }: z.output<typeof removePersonInput>,
): Promise<Applied | Proposed> {
  return await change(system, caller, why, (document) => {
    const { map, list, index } = placeOf(document, person);
    if (map === undefined)
      throw refuse(
        "NotFound",
        `tenant.yaml of ${caller.tenantId} names no person ${person}.`,
        "Whom groups make a member is taken out at the provider of sign-in.",
      );
    list.delete(index);
  });
}

async function change(
  system: System,
  caller: Caller,
  why: string,
  edit: (document: Document) => void,
): Promise<Applied | Proposed> {
  requireReason(why, "A change of people and their roles");
  const current = await currentOf(system, caller.tenantId);
  const declared = changed(current, edit);
  return changePolicy(system, caller, { current, change: changeOf(current, declared), reason: why });
}

function placeOf(document: Document, person: string) {
  const list = document.get("people");
  if (!isSeq(list)) throw new Error("a tenant without people was in force");
  const index = list.items.findIndex((item) => isMap(item) && item.get("id") === person);
  return { list, index, map: index < 0 ? undefined : (list.items[index] as YAMLMap) };
}

function setOrDrop(entry: YAMLMap, key: string, value: object, document: Document): void {
  if (Object.keys(value).length === 0) entry.delete(key);
  else entry.set(key, flow(document, value));
}

/** `[Developer, ReleaseManager]`, as people write it. */
function flow(document: Document, value: object) {
  return document.createNode(value, { flow: true });
}
