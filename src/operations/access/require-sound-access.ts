/** What a declaration says of access is checked whole before it holds, each finding with its place in the file. */
import { placeInYaml } from "../../domain/access/place-in-yaml.ts";
import { readYaml } from "../../domain/flow/read-yaml.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { peopledAs } from "../accounts/peopled-tenant.ts";
import type { System } from "../system.ts";
import { type AccessFinding, checkAccess } from "./check-access.ts";

export interface Declared {
  /** Whose people by groups it may name beside its own. */
  tenantId: string;
  text: string;
  /** Name of the file for messages. */
  file: string;
}

type Ground = Pick<System, "policy" | "signIns" | "clock">;

/** Refuses with PolicyInvalid and one line `file:line:column problem` for each error; warnings are for whoever validates. */
export async function requireSoundAccess(system: Ground, tenant: Tenant, declared: Declared): Promise<void> {
  const errors = (await findInFile(system, tenant, declared)).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw refuse(
    "PolicyInvalid",
    `${declared.file} cannot hold:\n${errors.map((finding) => findingLine(declared.file, finding)).join("\n")}`,
    `Look at it whole before it is applied: connectsoft policy validate ${declared.file}.`,
  );
}

/** Findings with places in the file instead of in the policy's text. */
export async function findInFile(
  system: Ground,
  tenant: Tenant,
  { tenantId, text }: Declared,
): Promise<AccessFinding[]> {
  const source = readYaml(text, () => {});
  const { people } = await peopledAs(system, tenantId, tenant);
  const findings = await checkAccess(system.policy, tenant, people);
  return findings.map(({ line = 1, column = 1, ...finding }) => {
    const index = tenant.policies.findIndex(({ id }) => id === finding.policy);
    if (source === undefined || index < 0) return finding;
    const start = source.valueAt(["policies", index, "cedar"]);
    return { ...finding, ...placeInYaml(text, start, { line, column }) };
  });
}

export function findingLine(file: string, finding: AccessFinding): string {
  const { line, column, policy, message, suggestion } = finding;
  const place = line === undefined ? file : `${file}:${line}:${column}`;
  const about = policy === undefined ? "" : ` policy ${policy}:`;
  return `${place}:${about} ${message}${suggestion === undefined ? "" : ` (${suggestion})`}`;
}
