/** Asks gates by HTTP, or by programs in a folder of this host that only the server's owner writes to. */
import { parseDuration } from "../../../domain/flow/duration.ts";
import type { GateQuestion } from "../../../domain/release/external-answer.ts";
import { type ExternalGate, gateSecretsHolder } from "../../../domain/tenant/external-gates.ts";
import type { ExternalGates } from "../../../ports/external-gates.ts";
import type { Settings } from "../../../ports/settings.ts";
import { askCommand } from "./ask-command.ts";
import { askHttp } from "./ask-http.ts";

export function createExternalGates(options: {
  settings: Pick<Settings, "listSecrets" | "revealSecrets">;
  /** Folder of the programs. */
  folder: string;
}): ExternalGates {
  const { settings, folder } = options;
  return {
    async ask(gate, question, signal) {
      const within = { signal, timeoutMs: parseDuration(gate.timeout) ?? 10_000 };
      if (gate.command !== undefined) return askCommand({ folder, command: gate.command }, question, within);
      if (gate.http === undefined) return { why: "tenant.yaml does not say how it is asked" };
      const { url } = gate.http;
      const found = await headersOf(settings, gate, question);
      if ("missing" in found)
        return {
          why: `it needs the secret ${found.missing}, which is not set`,
          next: `Set it: connectsoft secret set ${found.missing} --env ${question.environment} --module ${gateSecretsHolder}`,
        };
      return askHttp({ url, headers: found.headers }, question, within);
    },
  };
}

async function headersOf(
  settings: Pick<Settings, "listSecrets" | "revealSecrets">,
  { http }: ExternalGate,
  { tenantId, environment }: GateQuestion,
): Promise<{ headers: Record<string, string> } | { missing: string }> {
  const headers = Object.entries(http?.headers ?? {});
  const wanted = headers.flatMap(([, value]) => (typeof value === "string" ? [] : [value.secret]));
  const scope = { tenantId, environment, moduleId: gateSecretsHolder };
  const references = wanted.length === 0 ? [] : await settings.listSecrets(scope);
  const missing = wanted.find((name) => !references.some((one) => one.name === name));
  if (missing !== undefined) return { missing };
  const used = references.filter(({ name }) => wanted.includes(name));
  const secrets = used.length === 0 ? {} : await settings.revealSecrets(scope, used);
  return {
    headers: Object.fromEntries(
      headers.map(([name, value]) => [
        name,
        typeof value === "string" ? value : (secrets[value.secret] ?? ""),
      ]),
    ),
  };
}
