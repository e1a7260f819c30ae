/** Whose name stands on what an agent commits, and the key that it is signed with, as the tenant wants it. */
import type { CommitPolicy } from "../domain/tenant/delivery-policies.ts";
import type { Author, CommitRequest } from "../ports/source-control.ts";

export function commitIdentity(
  agent: Author,
  { policy, sponsor }: { policy: CommitPolicy; sponsor: string },
): Pick<CommitRequest, "author" | "committer" | "signWith"> {
  const author =
    policy.author === "agent" ? agent : policy.author === "sponsor" ? person(sponsor) : policy.author;
  const committer = policy.committer ?? (policy.author === "sponsor" ? agent : undefined);
  return {
    author,
    ...(committer !== undefined && { committer }),
    ...(policy.sign !== undefined && { signWith: policy.sign }),
  };
}

/** People of a tenant have names and no addresses, unless the name is one. */
function person(id: string): Author {
  return { name: id, email: id.includes("@") ? id : `${id}@people.connectsoft.invalid` };
}
