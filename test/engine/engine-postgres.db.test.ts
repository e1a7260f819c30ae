import { engineConformance } from "./engine.conformance.ts";
import { engineWorkersConformance } from "./engine-workers.conformance.ts";
import { createPostgresWorld } from "./world.ts";

engineConformance("PostgreSQL and the system's clock", () => createPostgresWorld());
engineWorkersConformance("PostgreSQL and the system's clock", () => createPostgresWorld());
