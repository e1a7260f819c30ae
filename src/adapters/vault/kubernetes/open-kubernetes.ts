/**
 * Secrets of Kubernetes (core/v1): one Secret holds a module's, in the namespace of its tenant and environment. Kubernetes
 * keeps the newest version only.
 */
import { z } from "zod";
import type { KubernetesSettings } from "../../../domain/tenant/vault-settings.ts";
import { fillTemplate } from "../../../domain/vault/fill-template.ts";
import { isSecretName } from "../../../domain/vault/secret-name.ts";
import type { SettingScope } from "../../../ports/vault.ts";
import { ask, contentOf, type Question } from "../ask.ts";
import { checkMarks, marksOf } from "../marks.ts";
import type { OpenedVault, VaultGround } from "../opened.ts";
import type { Shelf } from "../shelf.ts";
import { type ClusterAccess, clusterAccess } from "./cluster-access.ts";

const secretSchema = z.object({
  metadata: z.object({
    uid: z.string().min(1),
    resourceVersion: z.string().min(1),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  data: z.record(z.string(), z.string()).optional(),
});
type Secret = z.infer<typeof secretSchema>;
const prefix = "connectsoft.io/";

export function openKubernetes(settings: KubernetesSettings, ground: VaultGround): OpenedVault {
  const shared = settings.kubeconfig === undefined;
  const words = `the Kubernetes cluster of ${ground.place}`;
  const lineOf = ({ ca, cert, key }: ClusterAccess) => ({
    vault: words,
    timeoutMs: ground.timeoutMs,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });

  /** Access is read anew for each call: a token in a file is replaced while it is good. */
  async function call(
    scope: SettingScope,
    { method, body, type, name }: Pick<Question, "method"> & { body?: object; type?: string; name?: string },
  ) {
    const access = await clusterAccess(settings, ground);
    const namespace = fillTemplate(settings.namespace, scope);
    const line = lineOf(access);
    const answer = await ask(line, {
      method,
      url: `${access.server}/api/v1/namespaces/${namespace}/secrets${name === undefined ? "" : `/${name}`}`,
      headers: {
        ...(access.token !== undefined && { authorization: `Bearer ${access.token}` }),
        ...(body !== undefined && { "content-type": type ?? "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { answer, line };
  }

  const nameOf = (scope: SettingScope) => fillTemplate(settings.name, scope);

  async function find(scope: SettingScope): Promise<Secret | undefined> {
    const name = nameOf(scope);
    const { answer, line } = await call(scope, { method: "GET", name });
    if (answer.status === 404) return undefined;
    const secret = contentOf(line, answer, secretSchema);
    const what = `the Secret ${name} in ${fillTemplate(settings.namespace, scope)}`;
    checkMarks(scope, secret.metadata.labels, { what, prefix, needed: shared });
    return secret;
  }

  const shelf: Shelf = {
    async list(scope) {
      const secret = await find(scope);
      const names = Object.keys(secret?.data ?? {}).filter(isSecretName);
      return secret === undefined ? [] : names.map((name) => ({ name, versionId: versionOf(secret) }));
    },
    async read(scope, { name, versionId }) {
      const secret = await find(scope);
      const value = secret?.data?.[name];
      if (secret === undefined || value === undefined || versionOf(secret) !== versionId) return undefined;
      return Buffer.from(value, "base64").toString("utf8");
    },
    async write(scope, name, value) {
      const data = { [name]: Buffer.from(value, "utf8").toString("base64") };
      const type = "application/merge-patch+json";
      const patched = await call(scope, { method: "PATCH", name: nameOf(scope), body: { data }, type });
      if (patched.answer.status !== 404)
        return versionOf(contentOf(patched.line, patched.answer, secretSchema));
      const created = await call(scope, {
        method: "POST",
        body: {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: nameOf(scope), labels: marksOf(scope, prefix) },
          type: "Opaque",
          data,
        },
      });
      return versionOf(contentOf(created.line, created.answer, secretSchema));
    },
    async remove(scope, name) {
      const type = "application/merge-patch+json";
      const body = { data: { [name]: null } };
      const { answer, line } = await call(scope, { method: "PATCH", name: nameOf(scope), body, type });
      if (answer.status !== 404) contentOf(line, answer, secretSchema);
    },
  };
  return { shelf, words, keepsVersions: false };
}

/** The uid tells a Secret from one that was made anew under its name. */
function versionOf({ metadata: { uid, resourceVersion } }: Secret): string {
  return `${uid}.${resourceVersion}`;
}
