import { engineConformance } from "./engine.conformance.ts";
import { engineWorkersConformance } from "./engine-workers.conformance.ts";
import { createVirtualWorld } from "./world.ts";

engineConformance("memory and a virtual clock", createVirtualWorld);
engineWorkersConformance("memory and a virtual clock", createVirtualWorld);
