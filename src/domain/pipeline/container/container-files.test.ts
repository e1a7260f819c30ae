import { describe, expect, test } from "vitest";
import { type DeployableName, deployable, deployables } from "../../../../test/support/deployables.ts";
import type { ModuleSpec } from "../../module/module-spec.ts";
import { isGenerated } from "../generated-mark.ts";
import { carryOverRegions } from "../kept-regions.ts";
import type { PipelineModel } from "../pipeline-model.ts";
import { containerFiles } from "./container-files.ts";

const names = Object.keys(deployables) as DeployableName[];

function dockerfile(
  name: DeployableName,
  module: Partial<ModuleSpec> = {},
  model: Partial<PipelineModel> = {},
): string {
  return containerFiles(deployable(name, { module, model }))?.files[0]?.content ?? "";
}

function lastStage(text: string): string {
  return text.slice(text.lastIndexOf("\nFROM "));
}

describe.each(names)("the image of a %s module", (name) => {
  const text = dockerfile(name);
  const last = lastStage(text);

  test("is built from images pinned by digest only", () => {
    const images = [...text.matchAll(/^FROM (\S+)|--from=(\S+)/gm)].map(([, from, copied]) => from ?? copied);
    for (const image of images.filter((image) => image !== "build"))
      expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(text.split("\n")[0]).toMatch(/^# syntax=\S+@sha256:[0-9a-f]{64}$/);
  });

  test("runs in a stage of its own, as a numbered user, and nothing is built there", () => {
    expect(text.match(/^FROM /gm)).toHaveLength(2);
    expect(last).toMatch(/^USER [1-9]\d+:[1-9]\d+$/m);
    expect(last).not.toMatch(/^RUN /m);
  });

  test("starts without a shell, says where it listens and how its health is asked for", () => {
    expect(last).toMatch(/^CMD \["/m);
    expect(last).toContain("\nEXPOSE 8080\n");
    expect(last).toMatch(/^HEALTHCHECK .*\n {4}CMD \["/m);
    expect(last).not.toMatch(/curl|wget/);
  });

  test("carries the mark, and is the same for the same module", () => {
    for (const file of containerFiles(deployable(name))?.files ?? [])
      expect(isGenerated(file.content)).toBe(true);
    expect(dockerfile(name)).toBe(text);
  });
});

test("a module that comes as a container keeps its own Dockerfile", () => {
  const own = deployable("node", { module: { runtime: "container", packageManager: "none" } });
  expect(containerFiles(own)).toBeUndefined();
});

test("a module in a monorepo has its files in its own folder", () => {
  const files = containerFiles(deployable("go", { model: { folder: "services/routing" } }))?.files ?? [];
  expect(files.map(({ path }) => path)).toEqual([
    "services/routing/Dockerfile",
    "services/routing/.dockerignore",
  ]);
});

test("only the program of a Go module reaches an image without a shell; one that calls C gets a libc", () => {
  expect(lastStage(dockerfile("go"))).toMatch(
    /static-debian[\s\S]*COPY --from=build \/app\/bin\/routing-service /,
  );
  expect(dockerfile("go")).toContain("ENV CGO_ENABLED=0");
  const withC = dockerfile("go", { environment: { CGO_ENABLED: "1" } });
  expect(lastStage(withC)).toContain("distroless/base-debian");
  expect(withC).not.toContain("CGO_ENABLED=0");
});

test("a jar comes alone, one with libraries beside it with its folder", () => {
  expect(lastStage(dockerfile("java"))).toContain(
    "COPY --from=build /app/target/billing-service-1.0.0.jar ./target/",
  );
  const quarkus = dockerfile("java", { start: ["java", "-jar", "target/quarkus-app/quarkus-run.jar"] });
  expect(lastStage(quarkus)).toContain("COPY --from=build /app/target/quarkus-app ./target/quarkus-app");
  const script = dockerfile("java", { start: ["build/install/billing/bin/billing"] });
  expect(lastStage(script)).toContain("COPY --from=build /app/build/install/billing ./build/install/billing");
});

test("a project file keeps its folder, so that a restore finds it where it will be", () => {
  expect(dockerfile("dotnet")).toContain(
    "COPY src/Identity/Identity.csproj src/Identity/packages.lock.json ./src/Identity/",
  );
});

test.each(["node", "python", "go", "dotnet"] as const)(
  "the dependencies of a %s module have a layer of their own",
  (name) => {
    const text = dockerfile(name);
    const install = text.indexOf("--mount=type=secret");
    expect(install).toBeGreaterThan(text.indexOf("# Resolved again"));
    expect(install).toBeLessThan(text.indexOf("COPY . ."));
  },
);

test("a module that is installed as a package is there before it is", () => {
  const install = [
    { name: "install", run: ["python3", "-m", "pip", "install", "--target", ".packages", "."] },
  ];
  const text = dockerfile("python", { install });
  expect(text.indexOf("COPY . .")).toBeLessThan(text.indexOf("pip install"));
});

test("what only tests need stays out, and Python ends in order", () => {
  const text = dockerfile("python");
  expect(text).toContain("--target .packages --no-deps");
  expect(text).not.toContain("pytest");
  expect(lastStage(text)).toContain('CMD ["python3", "-m", "pricing"]');
  expect(lastStage(text)).toContain("STOPSIGNAL SIGINT");
});

test("a script of another package manager is run by npm, so that nothing is fetched at start", () => {
  const start = ["npx", "--prefer-offline", "--yes", "pnpm@10.20.0", "run", "start"];
  const text = dockerfile("node", { packageManager: "pnpm", packageManagerVersion: "10.20.0", start });
  expect(lastStage(text)).toContain('CMD ["npm", "run", "start", "--silent"]');
  expect(text).toContain("--mount=type=cache,target=/root/.local/share/pnpm/store");
});

test("a version outside the table says which one is used instead", () => {
  const text = dockerfile("node", {}, { runtime: { name: "node", version: "20" } });
  expect(text).toContain(
    "# node 20 is no reviewed image; 22 is used instead.\nFROM docker.io/library/node:22-slim@",
  );
});

test("a probe without a path is a connection, and a command of the module's own stays what it is", () => {
  const probe = {
    initialDelaySeconds: 0,
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  const probes = (liveness: object) => ({
    startup: { ...probe, tcpSocket: {} },
    readiness: { ...probe, tcpSocket: {} },
    liveness: { ...probe, ...liveness },
  });
  expect(dockerfile("python", { probes: probes({ tcpSocket: {} }) })).toContain("socket.create_connection");
  const own = dockerfile("java", { probes: probes({ exec: { command: ["bin/check", "--fast"] } }) });
  expect(own).toContain('CMD ["bin/check", "--fast"]');
});

test("values arrive as they are, whatever is in them", () => {
  const text = dockerfile("node", {
    start: ["node", 'it\'s "$HOME"', "# not a comment", "a\\b"],
    build: ["node", "-e", "console.log(`$HOME`) <<EOF"],
    environment: { GREETING: 'a "b" $c \\d', EMPTY: "" },
  });
  expect(text).toContain(String.raw`CMD ["node", "it's \"$HOME\"", "# not a comment", "a\\b"]`);
  expect(text).toContain('RUN ["node", "-e", "console.log(`$HOME`) <<EOF"]');
  expect(text).toContain(String.raw`GREETING="a \"b\" \$c \\d"`);
  expect(text).toContain('EMPTY=""');
});

test("what people wrote in its marked places is carried into a new generation", () => {
  const mark = "# connectsoft:keep build-packages\n";
  const edited = dockerfile("node").replace(mark, `${mark}RUN apt-get update\n`);
  expect(carryOverRegions(dockerfile("node"), edited)).toBe(edited);
});

test("no secret of a developer's machine reaches the build", () => {
  const ignored = containerFiles(deployable("node"))?.files[1]?.content ?? "";
  for (const pattern of [".git", "**/.env", "**/*.pem", "**/node_modules", "helm", "k8s"])
    expect(ignored.split("\n")).toContain(pattern);
});
