/** Dockerfile and .dockerignore. None for a module that comes as a container: it has its own. */
import type { Generator } from "../generator.ts";
import { inModule } from "../pipeline-model.ts";
import { dockerfile } from "./dockerfile.ts";
import { dockerignore } from "./dockerignore.ts";

export const containerFiles: Generator = ({ model, module }) => {
  const { runtime } = module;
  if (runtime === "container") return undefined;
  return {
    name: "container",
    files: [
      { path: inModule(model, "Dockerfile"), content: dockerfile(model, module, runtime) },
      { path: inModule(model, ".dockerignore"), content: dockerignore(model, runtime) },
    ],
  };
};
