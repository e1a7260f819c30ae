/** How a cluster is reached: as the service account of the pod that the server runs in, or by a kubeconfig. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { refuse } from "../../../domain/refusal.ts";
import type { KubernetesSettings } from "../../../domain/tenant/vault-settings.ts";
import type { VaultGround } from "../opened.ts";
import { readCredential } from "../read-credential.ts";

export interface ClusterAccess {
  server: string;
  token?: string;
  ca?: string[];
  cert?: string;
  key?: string;
}

const base64 = z.string().transform((text) => Buffer.from(text, "base64").toString("utf8"));
/** Programs that fetch tokens (`exec`) and paths to other files are left out: nothing else of the host is run or read. */
const kubeconfigSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url({ protocol: /^https$/, error: "expected an https address" }),
        "certificate-authority-data": base64.optional(),
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        token: z.string().optional(),
        "client-certificate-data": base64.optional(),
        "client-key-data": base64.optional(),
      }),
    }),
  ),
});

export async function clusterAccess(
  { kubeconfig }: KubernetesSettings,
  { credentials }: VaultGround,
): Promise<ClusterAccess> {
  if (kubeconfig === undefined) return await inCluster(credentials.env);
  return fromKubeconfig(await readCredential(kubeconfig, credentials));
}

const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

async function inCluster(env: NodeJS.ProcessEnv): Promise<ClusterAccess> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = env;
  const folder = env.CONNECTSOFT_SERVICE_ACCOUNT_DIR || serviceAccountFolder;
  const read = (name: string) => readFile(`${folder}/${name}`, "utf8").catch(() => undefined);
  const [token, ca] = await Promise.all([read("token"), read("ca.crt")]);
  if (host === undefined || token === undefined || ca === undefined)
    throw refuse(
      "SecretsMissing",
      "The server runs in no Kubernetes cluster that it has a service account in, and the vault names no kubeconfig.",
      "Name one: environments[].vault.kubeconfig, as { file: <name> }.",
    );
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return { server, token: token.trim(), ca: [ca] };
}

function fromKubeconfig(text: string): ClusterAccess {
  const parsed = kubeconfigSchema.safeParse(readYaml(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { contexts, clusters, users } = parsed.data;
  const name = parsed.data["current-context"];
  const context = contexts.find((one) => one.name === name)?.context;
  const cluster = clusters.find((one) => one.name === context?.cluster)?.cluster;
  const user = users.find((one) => one.name === context?.user)?.user;
  if (cluster === undefined || user === undefined) throw unusable(`its context ${name} leads nowhere`);
  const { token, "client-certificate-data": cert, "client-key-data": key } = user;
  if (token === undefined && (cert === undefined || key === undefined))
    throw unusable("its user has no token and no client certificate in it");
  const ca = cluster["certificate-authority-data"];
  return {
    server: cluster.server.replace(/\/+$/, ""),
    ...(token !== undefined && { token }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ca !== undefined && { ca: [ca] }),
  };
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function unusable(problem: string): Error {
  return refuse(
    "SecretsMissing",
    `The kubeconfig of the vault cannot be used: ${problem}.`,
    "Give the server one with certificates or a token written in it: kubectl config view --flatten --minify --raw.",
  );
}
