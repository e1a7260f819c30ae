import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type KubernetesPeer,
  kubeconfigFor,
  openKubernetesPeer,
  serviceAccountToken,
} from "../../../../test/support/vaults/kubernetes-peer.ts";
import { type KubernetesSettings, vaultSchema } from "../../../domain/tenant/vault-settings.ts";
import { vaultConformance } from "../../../ports/vault.conformance.ts";
import type { Vault } from "../../../ports/vault.ts";
import { vaultOf } from "../shelf.ts";
import { openKubernetes } from "./open-kubernetes.ts";

const shop = { tenantId: "acme", environment: "staging", moduleId: "shop" };

vaultConformance("Kubernetes' API as it is published", async () => {
  const peer = await openKubernetesPeer();
  const folder = await mkdtemp(join(tmpdir(), "cluster-"));
  return {
    vault: await openAt(peer, folder),
    keepsVersions: false,
    async dispose() {
      await peer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

describe("secrets of Kubernetes", () => {
  let peer: KubernetesPeer;
  let folder: string;
  beforeAll(async () => {
    peer = await openKubernetesPeer();
    folder = await mkdtemp(join(tmpdir(), "cluster-"));
  });
  afterAll(async () => {
    await peer.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("what somebody else keeps in the Secret is listed by its newest version, and what is no variable is left out", async () => {
    const data = { DATABASE_URL: Buffer.from("postgres://db").toString("base64"), "tls.crt": "YQ==" };
    peer.put("acme-staging/connectsoft.shop", { data });
    const vault = await openAt(peer, folder);
    const listed = await vault.listSecrets(shop);
    expect(listed.map(({ name }) => name)).toEqual(["DATABASE_URL"]);
    expect(await vault.revealSecrets(shop, listed)).toEqual({ DATABASE_URL: "postgres://db" });
  });

  test("a Secret that is marked as another tenant's is not read", async () => {
    peer.put("acme-staging/connectsoft.theirs", {
      metadata: { labels: { "connectsoft.io/tenant": "other" } } as never,
      data: { THEIRS: "aGlkZGVu" },
    });
    const vault = await openAt(peer, folder);
    await expect(vault.listSecrets({ ...shop, moduleId: "theirs" })).rejects.toThrow(
      /InvalidNamespaceAccess: the Secret connectsoft\.theirs in acme-staging is marked connectsoft\.io\/tenant=other/,
    );
  });

  test("as the pod's own service account, only what is marked as the scope's is read", async () => {
    const account = join(folder, "account");
    await mkdir(account);
    await writeFile(join(account, "token"), `${serviceAccountToken}\n`);
    await writeFile(join(account, "ca.crt"), peer.ca);
    const { hostname, port } = new URL(peer.address);
    const env = {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      CONNECTSOFT_SERVICE_ACCOUNT_DIR: account,
    };
    const vault = await openAt(peer, folder, { env });
    peer.put("acme-staging/connectsoft.unmarked", { data: { A: "YQ==" } });
    await expect(vault.listSecrets({ ...shop, moduleId: "unmarked" })).rejects.toThrow(
      /InvalidNamespaceAccess: .* is not marked with connectsoft\.io\/tenant/,
    );
    const own = { ...shop, moduleId: "own" };
    const set = await vault.setSecret(own, "API_KEY", "made by us");
    expect(await vault.revealSecrets(own, [set])).toEqual({ API_KEY: "made by us" });
  });

  test("a certificate that the cluster's authority does not vouch for is not talked to", async () => {
    const other = await openKubernetesPeer();
    await other.close();
    const kubeconfig = kubeconfigFor(peer.address, other.ca, serviceAccountToken);
    const vault = await openAt(peer, folder, { kubeconfig });
    await expect(vault.listSecrets(shop)).rejects.toThrow(
      /Unavailable: .* cannot be reached: .*certificate/i,
    );
  });

  test.each([
    [
      "a token that has expired",
      (p: KubernetesPeer) => kubeconfigFor(p.address, p.ca, "old"),
      /does not let the server in: HTTP 401/,
    ],
    ["no YAML", () => "\t:", /SecretsMissing: The kubeconfig of the vault cannot be used/],
    [
      "an address without encryption",
      () => kubeconfigFor("http://127.0.0.1:1", "x", "t"),
      /expected an https address/,
    ],
    [
      "a user without anything to show",
      (p: KubernetesPeer) => kubeconfigFor(p.address, p.ca, "t").replace('"token":"t"', ""),
      /no token and no client certificate/,
    ],
  ])("a kubeconfig with %s is refused", async (_what, kubeconfig, why) => {
    const vault = await openAt(peer, folder, { kubeconfig: kubeconfig(peer) });
    await expect(vault.listSecrets(shop)).rejects.toThrow(why);
  });
});

async function openAt(
  peer: KubernetesPeer,
  folder: string,
  how: { env?: NodeJS.ProcessEnv; kubeconfig?: string } = {},
): Promise<Vault> {
  await mkdir(join(folder, "acme"), { recursive: true });
  await writeFile(join(folder, "acme", "kubeconfig"), how.kubeconfig ?? peer.kubeconfig);
  const access = how.env === undefined ? { kubeconfig: { file: "kubeconfig" } } : {};
  const settings = vaultSchema.parse({ kind: "kubernetes", ...access }) as KubernetesSettings;
  const { shelf, words } = openKubernetes(settings, {
    credentials: { env: how.env ?? {}, folder, tenantId: "acme" },
    place: "acme/staging",
    timeoutMs: 5_000,
    ca: undefined,
  });
  return vaultOf(shelf, words);
}
