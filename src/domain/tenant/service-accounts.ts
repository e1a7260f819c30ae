/** Service accounts of `tenant.yaml`: programs that call, each on the authority of a person who owns it. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { personId, type Role, roleSchema } from "./role.ts";

/** No person has it in front of their id. */
export const servicePrefix = "service:";

const serviceAccountSchema = z
  .object({
    id: slug,
    /** Sponsors what it hands over. Without one, or once the person has left, it hands nothing over. */
    owner: personId.optional(),
    roles: z.array(roleSchema),
    /** Roles that hold in one environment only, beside those for the tenant. */
    environments: z.record(slug, z.array(roleSchema)).optional(),
  })
  .strict();
export type ServiceAccount = z.infer<typeof serviceAccountSchema>;

export const serviceAccountsSchema = z
  .array(serviceAccountSchema)
  .max(500)
  .default([])
  .refine((accounts) => new Set(accounts.map(({ id }) => id)).size === accounts.length, {
    message: "two service accounts have one id; keep one of them",
  });

interface Declared {
  people: readonly { id: string; roles: Role[]; environments?: Record<string, Role[]> | undefined }[];
  serviceAccounts: readonly ServiceAccount[];
}

/** A person or service account as the tenant declares it now; undefined where it does not, or no more. */
export function holderOf({ people, serviceAccounts }: Declared, id: string) {
  if (!id.startsWith(servicePrefix)) return people.find((person) => person.id === id);
  const account = serviceAccounts.find((one) => servicePrefix + one.id === id);
  return account && { ...account, id };
}
