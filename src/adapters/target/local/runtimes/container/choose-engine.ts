/** Which engine a host uses: podman where it can run containers, else docker; what was found is remembered. */
import type { ContainerEngine } from "../../../../../domain/tenant/container-settings.ts";
import type { Identity, Launch } from "../runtime.ts";
import { type Engine, engineNames, inspectEngine } from "./engine.ts";

type Found = Engine | { unusable: string };

/** What cannot be used may be installed or started meanwhile: it is looked at again after a while. */
const lookAgainMs = 30_000;

const found = new Map<ContainerEngine, { at: number; engine: Promise<Found> }>();

/** The one that is named and no other; the first that can run containers where none is. */
export async function chooseEngine({ engine }: Pick<Launch, "engine">): Promise<Found> {
  const reasons: string[] = [];
  for (const name of engine === undefined ? engineNames : [engine]) {
    const candidate = await known(name);
    if (!("unusable" in candidate)) return candidate;
    reasons.push(candidate.unusable);
  }
  const what = engine === undefined ? "containers" : `containers of ${engine}`;
  return { unusable: `${what} cannot be run on this host: ${reasons.join("; ")}` };
}

/** The engine that made a container; undefined where it cannot be used now. */
export async function engineOf(identity: Identity): Promise<Engine | undefined> {
  const name = engineNames.find((name) => identity.container?.startsWith(`${name}/`));
  const engine = name === undefined ? undefined : await known(name);
  return engine === undefined || "unusable" in engine ? undefined : engine;
}

/** Every engine that can be used, so that nothing that one of them runs is overlooked. */
export async function allEngines(): Promise<Engine[]> {
  const all = await Promise.all(engineNames.map(known));
  return all.flatMap((engine) => ("unusable" in engine ? [] : [engine]));
}

async function known(name: ContainerEngine): Promise<Found> {
  const earlier = found.get(name);
  if (earlier !== undefined) {
    const engine = await earlier.engine;
    if (!("unusable" in engine) || performance.now() - earlier.at < lookAgainMs) return engine;
  }
  const engine = inspectEngine(name);
  found.set(name, { at: performance.now(), engine });
  return engine;
}
