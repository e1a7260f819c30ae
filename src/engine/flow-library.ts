/** The flows that deliveries run on, by digest. A delivery stays on the version it began with, so old ones are kept. */
import type { CompiledFlow } from "../domain/flow/compiled-flow.ts";
import { refuse } from "../domain/refusal.ts";
import type { EngineStore } from "../ports/engine-store.ts";

export class UnknownFlow extends Error {
  readonly digest: string;
  constructor(digest: string) {
    super(`flow ${digest} is not loaded`);
    this.digest = digest;
  }
}

export interface FlowLibrary {
  /** Throws UnknownFlow where the version has not been fetched. */
  get(digest: string): CompiledFlow;
  /** Reads a version from the store. Refuses with FlowInvalid where there is none. */
  fetch(digest: string): Promise<CompiledFlow>;
  /** Keeps a version for as long as deliveries may need it. */
  add(flow: CompiledFlow): Promise<void>;
}

export function createFlowLibrary(
  store: Pick<EngineStore, "saveFlow" | "loadFlow">,
  compile: (text: string, name: string) => CompiledFlow,
): FlowLibrary {
  const flows = new Map<string, CompiledFlow>();
  return {
    get(digest) {
      const flow = flows.get(digest);
      if (flow === undefined) throw new UnknownFlow(digest);
      return flow;
    },
    async fetch(digest) {
      const known = flows.get(digest);
      if (known !== undefined) return known;
      const stored = await store.loadFlow(digest);
      if (stored === undefined)
        throw refuse(
          "FlowInvalid",
          `No flow with the digest ${digest} is stored.`,
          "Hand the module over again.",
        );
      const flow = compile(stored.text, stored.name);
      flows.set(digest, flow);
      return flow;
    },
    async add(flow) {
      if (flows.has(flow.digest)) return;
      await store.saveFlow(flow);
      flows.set(flow.digest, flow);
    },
  };
}
