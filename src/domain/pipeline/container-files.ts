/** Dockerfile and .dockerignore: the same steps as the pipeline, in an image that runs without root. */
import type { ModuleSpec } from "../module/module-spec.ts";
import { generatedBy } from "./generated-mark.ts";
import { stepsOf } from "./model-for.ts";
import type { PipelineModel, RenderedFile } from "./pipeline-model.ts";

const defaultPort = 8080;

export function containerFiles(model: PipelineModel, module: ModuleSpec): RenderedFile[] {
  return [
    { path: "Dockerfile", content: dockerfile(model, module) },
    { path: ".dockerignore", content: dockerignore(model) },
  ];
}

function dockerfile(model: PipelineModel, module: ModuleSpec): string {
  const image = `node:${model.runtime.version}-slim`;
  const port = module.port ?? defaultPort;
  const [install, ...build] = stepsOf(model, "build").map((step) => step.run);
  const cached = "--mount=type=cache,target=/root/.npm ";
  const lines = [
    `# ${generatedBy(model)}`,
    `FROM ${image} AS build`,
    "WORKDIR /app",
    "COPY . .",
    ...(install === undefined ? [] : [`RUN ${cached}${JSON.stringify(install)}`]),
    ...build.map((command) => `RUN ${JSON.stringify(command)}`),
    ...(model.prune === undefined ? [] : [`RUN ${JSON.stringify(model.prune)}`]),
    "",
    `FROM ${image}`,
    `ENV NODE_ENV=production HOST=0.0.0.0 ${module.portVariable}=${port}`,
    "WORKDIR /app",
    "COPY --from=build /app /app",
    "USER node",
    `EXPOSE ${port}`,
    ...healthcheck(module, port),
    `CMD ${JSON.stringify(module.start)}`,
  ];
  return `${lines.join("\n")}\n`;
}

function healthcheck(module: ModuleSpec, port: number): string[] {
  const path = module.probes.liveness.httpGet?.path;
  if (path === undefined) return [];
  const url = JSON.stringify(`http://127.0.0.1:${port}${path}`);
  const script = `fetch(${url}).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;
  return [`HEALTHCHECK CMD ${JSON.stringify(["node", "-e", script])}`];
}

function dockerignore(model: PipelineModel): string {
  const left = [".git", ".github", "node_modules", "Dockerfile", ".dockerignore", ".env*", "*.log"];
  return `# ${generatedBy(model)}\n${left.join("\n")}\n`;
}
