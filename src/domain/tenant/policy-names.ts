/** Names in policies that stand for nothing in this tenant: a policy for a place that is not there protects nothing. */
import { ownSigner } from "./outside-signers.ts";
import { writtenLayers } from "./policy-layers.ts";
import { peopleInRights } from "./repository-rights.ts";
import type { Tenant } from "./tenant.ts";

export interface Stranger {
  path: (string | number)[];
  message: string;
  name: string;
  /** What it may have meant. */
  known: string[];
}

export function strangersIn(tenant: Tenant): Stranger[] {
  return [...environmentsNamed(tenant), ...peopleNamed(tenant), ...signersNamed(tenant)];
}

function signersNamed({ releasePolicy, evidence }: Tenant): Stranger[] {
  const known = [ownSigner, ...evidence.signers.map(({ id }) => id)];
  return writtenLayers(releasePolicy).flatMap(({ path, layer }) =>
    ((layer as { signers?: string[] }).signers ?? []).flatMap((name, index) =>
      known.includes(name)
        ? []
        : [
            {
              ...{ path: [...path, "signers", index], name, known },
              message: `signers takes "${name}", who is none of evidence.signers`,
            },
          ],
    ),
  );
}

function environmentsNamed(tenant: Tenant): Stranger[] {
  const known = tenant.environments.map(({ id }) => id);
  const { releasePolicy, securityPolicy, compliance } = tenant;
  const narrow = (part: "modules" | "editions") =>
    Object.entries(releasePolicy[part] ?? {}).flatMap(([id, layer]) =>
      Object.keys(layer.environments ?? {}).map((name) => ({
        path: ["releasePolicy", part, id, "environments", name],
        name,
      })),
    );
  const named = [
    ...Object.keys(releasePolicy.environments).map((name) => ({
      path: ["releasePolicy", "environments", name],
      name,
    })),
    ...narrow("modules"),
    ...narrow("editions"),
    ...(securityPolicy?.requireApprovalFor ?? []).map(({ environment }, index) => ({
      path: ["securityPolicy", "requireApprovalFor", index, "environment"],
      name: environment,
    })),
    ...compliance.environments.map((name, index) => ({ path: ["compliance", "environments", index], name })),
    ...tenant.freezes.flatMap(({ environments = [] }, freeze) =>
      environments.map((name, index) => ({ path: ["freezes", freeze, "environments", index], name })),
    ),
  ];
  return named
    .filter(({ name }) => !known.includes(name))
    .map(({ path, name }) => ({
      path,
      name,
      known,
      message: `${path[0]} is for "${name}", which is no environment of this tenant`,
    }));
}

function peopleNamed({ id, people, securityPolicy, repositories }: Tenant): Stranger[] {
  const known = people.map((person) => person.id);
  const inRights = peopleInRights(repositories)
    .filter(({ name }) => !known.includes(name))
    .map(({ path, name }) => ({
      ...{ path, name, known },
      message: `repositories.rights names "${name}", who is no person of this tenant`,
    }));
  const approvers = (securityPolicy?.allowedApprovers?.[id] ?? []).flatMap(({ user }, index) =>
    known.includes(user)
      ? []
      : [
          {
            path: ["securityPolicy", "allowedApprovers", id, index, "user"],
            message: `securityPolicy allows "${user}" to approve, who is no person of this tenant`,
            name: user,
            known,
          },
        ],
  );
  return [...inRights, ...approvers];
}
