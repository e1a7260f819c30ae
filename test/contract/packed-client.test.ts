/** What is published is JavaScript with types of its own, for who has neither this tree nor its settings. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const run = promisify(execFile);
let project: string;
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), "connectsoft-client-"));
  const modules = path.join(project, "node_modules");
  await mkdir(modules);
  for (const name of ["openapi-fetch", "openapi-typescript-helpers", "eventsource-parser"])
    await symlink(path.join(root, "node_modules", name), path.join(modules, name));
  const packed = path.join(modules, "@connectsoft/delivery-client");
  await run(process.execPath, [path.join(root, "scripts/contract/pack-client.ts"), packed]);
  await writeFile(path.join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rm(project, { recursive: true, force: true }));

test("a program of its own imports it", async () => {
  const text =
    'import * as client from "@connectsoft/delivery-client"; console.log(Object.keys(client).join());';
  await writeFile(path.join(project, "main.mjs"), text);
  const { stdout } = await run(process.execPath, [path.join(project, "main.mjs")]);
  expect(stdout.trim().split(",").sort()).toEqual(["Refusal", "answerOf", "createDeliveryClient"]);
});

test("the example type-checks against it, and a path that is not there does not", async () => {
  await copyFile(path.join(root, "client/example.ts"), path.join(project, "example.ts"));
  await writeFile(
    path.join(project, "wrong.ts"),
    'import { createDeliveryClient } from "@connectsoft/delivery-client";\nawait createDeliveryClient({ baseUrl: "" }).GET("/none", {});\n',
  );
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const flags =
    "--noEmit --strict --module nodenext --target es2024 --lib es2024,dom --types node --typeRoots".split(
      " ",
    );
  const types = path.join(root, "node_modules/@types");
  const checked = await run(process.execPath, [tsc, ...flags, types, "example.ts", "wrong.ts"], {
    cwd: project,
  })
    .then(({ stdout }) => stdout)
    .catch(({ stdout }: { stdout: string }) => stdout);
  expect(checked).toMatch(/^wrong\.ts\(2,\d+\): .*"\/none"/);
  expect(checked.split("\n").filter((line) => /^\S+\(\d+/.test(line))).toHaveLength(1);
});
