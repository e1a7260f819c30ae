/**
 * HashiCorp Vault and OpenBao: the key-value secrets engine, version 2 (developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2).
 * Each secret is a path of its own with the field `value`, so that each has versions of its own.
 */
import { z } from "zod";
import type { KeyValueSettings } from "../../../domain/tenant/vault-settings.ts";
import { fillTemplate } from "../../../domain/vault/fill-template.ts";
import { isSecretName } from "../../../domain/vault/secret-name.ts";
import type { SettingScope } from "../../../ports/vault.ts";
import { type Answer, ask, contentOf, type Line, refusedBy } from "../ask.ts";
import { holdToken } from "../hold-token.ts";
import type { OpenedVault, VaultGround } from "../opened.ts";
import type { Shelf } from "../shelf.ts";
import { logIn } from "./log-in.ts";

const keys = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const metadata = z.object({
  data: z.object({
    current_version: z.int(),
    versions: z.record(
      z.string(),
      z.object({ created_time: z.string(), deletion_time: z.string(), destroyed: z.boolean() }),
    ),
  }),
});
const read = z.object({
  data: z.object({
    data: z.record(z.string(), z.unknown()).nullable(),
    metadata: z.object({ created_time: z.string(), version: z.int() }),
  }),
});
const written = z.object({ data: z.object({ created_time: z.string(), version: z.int() }) });

const names = { vault: "HashiCorp Vault", openbao: "OpenBao" };

export function openKeyValue(settings: KeyValueSettings, ground: VaultGround): OpenedVault {
  const words = `the ${names[settings.kind]} at ${new URL(settings.address).host}`;
  const { timeoutMs, ca } = ground;
  const line: Line = { vault: words, timeoutMs, ...(ca !== undefined && { ca }) };
  const withToken = holdToken(() => logIn(settings, line, ground.credentials));
  const pathOf = (scope: SettingScope) => fillTemplate(settings.path, scope);

  async function call(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Answer> {
    const { namespace, mount } = settings;
    return await withToken((token) =>
      ask(line, {
        method,
        url: new URL(`/v1/${mount}/${path}`, settings.address).href,
        headers: {
          "x-vault-token": token,
          "x-vault-request": "true",
          ...(namespace !== undefined && { "x-vault-namespace": namespace }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  }

  async function newestOf(path: string, name: string) {
    const answer = await call("GET", `metadata/${path}/${name}`);
    if (answer.status === 404) return [];
    const { current_version, versions } = contentOf(line, answer, metadata).data;
    const newest = versions[String(current_version)];
    if (newest === undefined || newest.destroyed || newest.deletion_time !== "") return [];
    return [{ name, versionId: versionId(current_version, newest.created_time) }];
  }

  const shelf: Shelf = {
    async list(scope) {
      const answer = await call("GET", `metadata/${pathOf(scope)}?list=true`);
      if (answer.status === 404) return [];
      const names = contentOf(line, answer, keys).data.keys.filter(isSecretName);
      return (await Promise.all(names.map((name) => newestOf(pathOf(scope), name)))).flat();
    },
    async read(scope, reference) {
      const version = Number.parseInt(reference.versionId, 10);
      if (Number.isNaN(version)) return undefined;
      const answer = await call("GET", `data/${pathOf(scope)}/${reference.name}?version=${version}`);
      if (answer.status === 404) return undefined;
      const { data, metadata: of } = contentOf(line, answer, read).data;
      // Numbers begin anew where a secret was taken away with all its versions.
      if (versionId(of.version, of.created_time) !== reference.versionId) return undefined;
      return typeof data?.value === "string" ? data.value : undefined;
    },
    async write(scope, name, value) {
      const answer = await call("POST", `data/${pathOf(scope)}/${name}`, { data: { value } });
      const { version, created_time } = contentOf(line, answer, written).data;
      return versionId(version, created_time);
    },
    async remove(scope, name) {
      const answer = await call("DELETE", `data/${pathOf(scope)}/${name}`);
      if (answer.status >= 300 && answer.status !== 404) throw refusedBy(line, answer);
    },
  };
  return { shelf, words, keepsVersions: true };
}

function versionId(version: number, createdTime: string): string {
  return `${version}@${createdTime}`;
}
