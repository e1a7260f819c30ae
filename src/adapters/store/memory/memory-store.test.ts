import { engineStoreConformance } from "../../../ports/engine-store.conformance.ts";
import { createMemoryStore } from "./memory-store.ts";

engineStoreConformance("the memory store", async () => {
  const store = createMemoryStore();
  return { store, die: async (worker) => store.kill(worker), stop: async () => undefined };
});
