/** How the programs that speak to a registry are let in: its login is in a private file that is gone afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuse } from "../../../../../domain/refusal.ts";
import { registryLoginHolder } from "../../../../../domain/tenant/container-settings.ts";
import type { Provision } from "../runtime.ts";
import type { Engine } from "./engine.ts";

export interface RegistryAccess {
  /** Options of `skopeo inspect`. */
  look: string[];
  /** Options of `skopeo copy` towards it. */
  bring: string[];
  /** Options of `skopeo copy` from it. */
  take: string[];
  /** The engine's command that fetches. */
  fetch(engine: Engine, reference: string): string[];
}

export type ByRegistry = Provision & { registry: NonNullable<Provision["registry"]> };

/** Refuses with SecretsMissing where its login is not at hand. Without credentials it is asked as our own user. */
export async function withAccess<T>(
  { registry, registryLogin }: ByRegistry,
  act: (access: RegistryAccess) => Promise<T>,
): Promise<T> {
  const insecure = registry.insecure === true;
  if (registry.credentials === undefined) return await act(accessWith(insecure));
  if (registryLogin === undefined)
    throw refuse(
      "SecretsMissing",
      `The image is not on this host, and the secret ${registry.credentials}, the login of the registry ${registry.address}, is not at hand.`,
      `Set it to user:password and deploy again: connectsoft secret set ${registry.credentials} --env <environment> --module ${registryLoginHolder}`,
    );
  const folder = mkdtempSync(join(tmpdir(), "connectsoft-registry-"));
  try {
    const auth = Buffer.from(registryLogin).toString("base64");
    const auths = { [keyOf(registry.address)]: { auth } };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ auths }), { mode: 0o600 });
    return await act(accessWith(insecure, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment's registry for images that are in it as well; any other is asked as our own user. */
export async function withAccessTo<T>(
  image: string,
  { registry, ...launch }: Provision,
  act: (access: RegistryAccess) => Promise<T>,
): Promise<T> {
  const isInIt = registry !== undefined && image.startsWith(`${hostOf(registry.address)}/`);
  return isInIt ? await withAccess({ ...launch, registry }, act) : await act(accessWith(false));
}

function accessWith(insecure: boolean, folder?: string): RegistryAccess {
  const file = folder === undefined ? [] : [join(folder, "config.json")];
  const plain = (option: string) => (insecure ? [`${option}=false`] : []);
  return {
    look: [...file.flatMap((path) => ["--authfile", path]), ...plain("--tls-verify")],
    bring: [...file.flatMap((path) => ["--dest-authfile", path]), ...plain("--dest-tls-verify")],
    take: [...file.flatMap((path) => ["--src-authfile", path]), ...plain("--src-tls-verify")],
    // docker asks its daemon, which has a list of its own of registries without a certificate.
    fetch: (engine, reference) =>
      engine.name === "docker"
        ? [...(folder === undefined ? [] : ["--config", folder]), "pull", "--quiet", reference]
        : [
            ...["pull", "--quiet", ...file.flatMap((path) => ["--authfile", path])],
            ...[...plain("--tls-verify"), reference],
          ],
  };
}

/** What such files name a registry by; Docker Hub has a name of its own there. */
function keyOf(address: string): string {
  const host = hostOf(address);
  return host === "docker.io" ? "https://index.docker.io/v1/" : host;
}

export function hostOf(reference: string): string {
  return reference.split("/")[0] ?? "";
}
