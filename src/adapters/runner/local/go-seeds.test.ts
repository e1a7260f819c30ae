import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { samplePipelineModel } from "../../../../test/support/pipeline-model.ts";
import { systemClock } from "../../../ports/clock.ts";
import { openGoSeeds } from "./go-seeds.ts";

let place: string;
let root: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "go-seeds-"));
  root = join(place, "seeds");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true, force: true });
});

test("a new cache begins with a copy, and what a module does to it reaches no other", async () => {
  await goThat(compiles);
  const seeds = openGoSeeds(root, { packages: ["std"], clock: systemClock });
  const early = await newCache();
  await seeds.fill(goModule(), early);
  expect(await readdir(early)).toEqual([]);

  seeds.make(goModule());
  await vi.waitFor(async () => expect(await seedsIn()).toHaveLength(1), 20_000);
  const first = await newCache();
  await seeds.fill(goModule(), first);
  await writeFile(join(first, "ab", "net-http"), "poison");
  await writeFile(join(first, "ab", "more"), "poison");
  const second = await newCache();
  await seeds.fill(goModule(), second);
  expect(await readdir(join(second, "ab"))).toEqual(["net-http"]);
  expect(await readFile(join(second, "ab", "net-http"), "utf8")).toBe("build -trimpath std\nbuild std\n");
  await seeds.stop();
});

test("other settings of Go have a seed of their own, other languages have none", async () => {
  await goThat(compiles);
  const seeds = openGoSeeds(root, { packages: ["std"], clock: systemClock });
  seeds.make(goModule());
  seeds.make(goModule({ CGO_ENABLED: "0", GOFLAGS: "-mod=mod" }));
  seeds.make(goModule({ CGO_ENABLED: "1" }));
  seeds.make({ ...goModule(), runtime: { name: "python", version: "3.13" } });
  await vi.waitFor(async () => expect(await seedsIn()).toHaveLength(2), 20_000);
  await seeds.stop();
  expect(await calls()).toHaveLength(4);
});

test("two that make the same one make it once", async () => {
  await goThat(compiles);
  const [one, two] = [
    openGoSeeds(root, { packages: ["std"], clock: systemClock }),
    openGoSeeds(root, { packages: ["std"], clock: systemClock }),
  ];
  one.make(goModule());
  await vi.waitFor(async () => expect((await calls()).length).toBeGreaterThan(0), 20_000);
  two.make(goModule());
  await vi.waitFor(async () => expect(await seedsIn()).toHaveLength(1), 20_000);
  await Promise.all([one.stop(), two.stop()]);
  expect(await calls()).toHaveLength(2);
});

test("half a seed of a process that was killed counts for nothing and is removed", async () => {
  await goThat(compiles);
  const half = join(root, "unfinished", "999999999-half", "cache");
  await mkdir(half, { recursive: true });
  await writeFile(join(half, "net-http"), "half");
  const seeds = openGoSeeds(root, { packages: ["std"], clock: systemClock });
  const cache = await newCache();
  await seeds.fill(goModule(), cache);
  expect(await readdir(cache)).toEqual([]);
  seeds.make(goModule());
  await vi.waitFor(async () => expect(await seedsIn()).toHaveLength(1), 20_000);
  await vi.waitFor(async () => expect(await readdir(join(root, "unfinished"))).toEqual([]), 20_000);
  await seeds.stop();
});

test.each([
  ["fails", "exit 1"],
  ["is stopped", "exec sleep 600"],
])("nothing is left of one whose Go %s", async (_, line) => {
  await goThat(`${compiles}\n${line}`);
  const seeds = openGoSeeds(root, { packages: ["std"], clock: systemClock });
  seeds.make(goModule());
  await vi.waitFor(async () => expect(await calls()).toHaveLength(1), 20_000);
  await seeds.stop();
  expect(await readdir(root)).toEqual(["unfinished"]);
  expect(await readdir(join(root, "unfinished"))).toEqual([]);
  expect(await calls()).toHaveLength(1);
});

test("a process with nothing else to do sees its stop through", async () => {
  await goThat(`${compiles}\nexec sleep 600`);
  const script = join(place, "stops.ts");
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).pathname);
  await writeFile(
    script,
    `import { existsSync } from "node:fs";
    import { openGoSeeds } from ${from("./go-seeds.ts")};
    import { systemClock } from ${from("../../../ports/clock.ts")};
    const seeds = openGoSeeds(${JSON.stringify(root)}, { packages: ["std"], clock: systemClock });
    seeds.make(${JSON.stringify(goModule())});
    const look = setInterval(async () => {
      if (!existsSync(${JSON.stringify(join(place, "bin", "calls"))})) return;
      clearInterval(look);
      await seeds.stop();
      console.log("stopped");
    }, 10);`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(stdout).toBe("stopped\n");
  expect(await readdir(join(root, "unfinished"))).toEqual([]);
});

const compiles = `echo "$*" >> "$(dirname "$0")/calls"
mkdir -p "$GOCACHE/ab" && echo "$*" >> "$GOCACHE/ab/net-http"`;

/** A program called go that is found first, and does this when it builds. */
async function goThat(builds: string): Promise<void> {
  const bin = join(place, "bin");
  await mkdir(bin);
  await writeFile(
    join(bin, "go"),
    `#!/bin/sh\nif [ "$1" = version ]; then echo go version go1.26.1; exit; fi\n${builds}\n`,
  );
  await chmod(join(bin, "go"), 0o755);
  vi.stubEnv("PATH", `${bin}${delimiter}${process.env.PATH}`);
}

async function calls(): Promise<string[]> {
  const text = await readFile(join(place, "bin", "calls"), "utf8").catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

function goModule(environment: Record<string, string> = { CGO_ENABLED: "0" }) {
  return { ...samplePipelineModel(), runtime: { name: "go" as const, version: "1.26" }, environment };
}

async function newCache(): Promise<string> {
  return mkdtemp(join(place, "cache-"));
}

async function seedsIn(): Promise<string[]> {
  return (await readdir(root).catch(() => [])).filter((name) => name !== "unfinished");
}
