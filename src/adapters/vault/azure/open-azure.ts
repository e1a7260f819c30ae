/** Azure Key Vault by its REST interface, 7.4 (learn.microsoft.com/rest/api/keyvault/secrets). */
import { z } from "zod";
import { refuse } from "../../../domain/refusal.ts";
import type { AzureSettings } from "../../../domain/tenant/vault-settings.ts";
import { fillTemplate } from "../../../domain/vault/fill-template.ts";
import { VaultAway } from "../../../domain/vault/vault-away.ts";
import type { SettingScope } from "../../../ports/vault.ts";
import { ask, contentOf, type Line, type Question, refusedBy } from "../ask.ts";
import { holdToken } from "../hold-token.ts";
import { checkMarks, marksOf } from "../marks.ts";
import type { OpenedVault, VaultGround } from "../opened.ts";
import type { Shelf } from "../shelf.ts";
import { azureToken } from "./azure-token.ts";

const tags = z.record(z.string(), z.string()).optional();
const page = z.object({
  value: z.array(
    z.object({ id: z.string(), attributes: z.object({ enabled: z.boolean().optional() }).optional(), tags }),
  ),
  nextLink: z.string().nullish(),
});
const bundle = z.object({ id: z.string(), value: z.string(), tags });
const mostPages = 200;

export function openAzure(settings: AzureSettings, ground: VaultGround): OpenedVault {
  const { tenantId, place, ca } = { ...ground, ...ground.credentials };
  const environment = place.slice(place.indexOf("/") + 1);
  const address = fillTemplate(settings.address, { tenantId, environment }).replace(/\/$/, "");
  const words = `the Azure Key Vault ${new URL(address).host}`;
  const line: Line = { vault: words, timeoutMs: ground.timeoutMs, ...(ca !== undefined && { ca }) };
  const withToken = holdToken(() => azureToken(settings, line, ground.credentials));

  const call = (method: Question["method"], url: string, body?: object) =>
    withToken((token) =>
      ask(line, {
        method,
        url,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  const urlOf = (path: string, query = "") => `${address}/secrets${path}?api-version=7.4${query}`;

  async function namesOf(scope: SettingScope): Promise<string[]> {
    const names: string[] = [];
    let url = urlOf("", "&maxresults=25");
    for (let pages = 0; pages < mostPages; pages++) {
      const { value, nextLink } = contentOf(line, await call("GET", url), page);
      const enabled = value.filter(({ attributes }) => attributes?.enabled !== false);
      names.push(...enabled.flatMap(({ id }) => nameIn(scope, lastOf(id)) ?? []));
      if (nextLink === undefined || nextLink === null || nextLink === "") return names;
      // Our token goes to this vault and nowhere else.
      if (!nextLink.startsWith(`${address}/`))
        throw new VaultAway(words, "names a next page that is not its own");
      url = nextLink;
    }
    throw new VaultAway(words, `has more than ${mostPages} pages of secrets`);
  }

  async function get(scope: SettingScope, name: string, version = "") {
    const path = `/${nameOf(scope, name)}${version === "" ? "" : `/${version}`}`;
    const answer = await call("GET", urlOf(path));
    if (answer.status === 404) return undefined;
    const found = contentOf(line, answer, bundle);
    checkMarks(scope, found.tags, { what: `the secret ${nameOf(scope, name)} of ${words}`, needed: false });
    return found;
  }

  const shelf: Shelf = {
    async list(scope) {
      const found = (await namesOf(scope)).map(async (name) => {
        const newest = await get(scope, name);
        return newest === undefined ? [] : [{ name, versionId: lastOf(newest.id) }];
      });
      return (await Promise.all(found)).flat();
    },
    async read(scope, { name, versionId }) {
      if (!/^[0-9a-zA-Z]{1,64}$/.test(versionId)) return undefined;
      return (await get(scope, name, versionId))?.value;
    },
    async write(scope, name, value) {
      const answer = await call("PUT", urlOf(`/${nameOf(scope, name)}`), { value, tags: marksOf(scope) });
      if (answer.status === 409)
        throw refuse(
          "Conflict",
          `${nameOf(scope, name)} was deleted from ${words} and can still be recovered, so nothing can be set under its name.`,
          "Recover or purge it there; then set it again.",
        );
      return lastOf(contentOf(line, answer, bundle).id);
    },
    async remove(scope, name) {
      const answer = await call("DELETE", urlOf(`/${nameOf(scope, name)}`));
      if (answer.status >= 300 && answer.status !== 404) throw refusedBy(line, answer);
    },
  };
  return { shelf, words, keepsVersions: true };
}

/** In a module's place where it is for all of them: no module's name ends in a hyphen. */
const everyModule = "all-modules-";
const longestName = 127;
/** Names that keep apart when `_` becomes `-`. */
const plainName = /^[A-Z][A-Z0-9]*(_{1,2}[A-Z0-9]+)*$/;

/**
 * As generated charts name it: `acme--production--shop--`. Names there hold letters, digits and hyphens and do not tell upper
 * case from lower, so what would be two things at once is refused.
 */
function prefixOf({ tenantId, environment, moduleId }: SettingScope): string {
  const parts = [tenantId, environment, ...(moduleId === undefined ? [] : [moduleId])];
  const doubled = parts.find((part) => part.includes("--"));
  if (doubled === undefined) return `${[tenantId, environment, moduleId ?? everyModule].join("--")}--`;
  throw refuse(
    "InputInvalid",
    `${doubled} has two hyphens on end, which part a secret's scope in Azure Key Vault.`,
    "Keep its secrets in another vault, or call it otherwise.",
  );
}

function nameOf(scope: SettingScope, name: string): string {
  const full = `${prefixOf(scope)}${name.replaceAll("_", "-")}`;
  if (plainName.test(name) && full.length <= longestName) return full;
  throw refuse(
    "InputInvalid",
    `${name} cannot be told from other names in Azure Key Vault, or makes one of more than ${longestName} characters: ${full}.`,
    "Choose a short name without an underscore at its ends, or more than two of them on end.",
  );
}

function nameIn(scope: SettingScope, found: string): string | undefined {
  const prefix = prefixOf(scope);
  if (!found.toLowerCase().startsWith(prefix)) return undefined;
  const name = found.slice(prefix.length).toUpperCase().replaceAll("-", "_");
  return plainName.test(name) ? name : undefined;
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
