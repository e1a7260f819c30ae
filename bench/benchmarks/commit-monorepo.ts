/** Generated modules into one monorepo, each a commit of its own, beside `git add` and `git commit` a module. */
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { createGitSourceControl } from "../../src/adapters/source-control/git/git-source-control.ts";
import type { CommitRequest, SourceControl } from "../../src/ports/source-control.ts";
import type { Benchmark } from "../support/benchmark.ts";
import { inFolder } from "../support/in-folder.ts";
import { generatedModule, plainGit, writeFiles } from "../support/plain-git.ts";

const filesAModule = 20;
const repository = "bench/monorepo";

export const commitMonorepo: Benchmark = {
  name: "commit-monorepo",
  title: "generated modules of 20 files into one monorepo, a commit each",
  async run(context) {
    const count = context.quick ? 30 : 1_000;
    const rounds = context.quick ? 1 : 3;
    const names = Array.from({ length: count }, (_, index) => `module-${index}`);
    const git = noRates();
    const rates = { handedOver: noRates(), inTurn: noRates(), together: noRates(), oneByOne: noRates() };
    const ratios = { handedOver: noRates(), inTurn: noRates(), together: noRates(), oneByOne: noRates() };
    const trees = new Set<string>();
    await inFolder("bench-monorepo-", async (place) => {
      const work = path.join(place, "work");
      for (const name of names)
        await writeFiles(path.join(work, "modules", name), generatedModule(name, filesAModule));
      for (let round = 0; round < rounds; round += 1) {
        const plain = await rate(count, () => byGit(work, names));
        trees.add((await plainGit(work, "rev-parse", "HEAD^{tree}")).trim());
        git.push(plain);
        for (const way of ["handedOver", "inTurn", "together", "oneByOne"] as const) {
          const root = path.join(place, `${way}-${round}`);
          const scm = createGitSourceControl({ root });
          const ours = await rate(count, () => ways[way](scm, work, names));
          rates[way].push(ours);
          ratios[way].push(ours / plain);
          trees.add((await scm.tip(repository, "main"))?.tree ?? "none");
          const commits = await scm.log({ repository, to: "main" });
          if (commits.length !== count) throw new Error(`${commits.length} commits landed and not ${count}`);
          await rm(root, { recursive: true });
        }
        const shown = Object.entries(ratios).map(([way, all]) => `${way} ${all.at(-1)?.toFixed(1)}x`);
        context.log(`round ${round + 1}: git ${plain.toFixed(0)}/s, ours ${shown.join(", ")}`);
      }
    });
    return {
      metrics: [
        { name: "git add and git commit", unit: "modules/s", samples: git },
        { name: "folders handed over, eight at once", unit: "modules/s", samples: rates.handedOver },
        { name: "one folder after the other", unit: "modules/s", samples: rates.inTurn },
        { name: "commits alone, that wait together", unit: "modules/s", samples: rates.together },
        { name: "one commit after the other", unit: "modules/s", samples: rates.oneByOne },
        { name: "handed over, times git", unit: "x", samples: ratios.handedOver, goal: { atLeast: 10 } },
        { name: "one folder after the other, times git", unit: "x", samples: ratios.inTurn },
        { name: "commits alone, times git", unit: "x", samples: ratios.together, goal: { atLeast: 10 } },
        { name: "one commit after the other, times git", unit: "x", samples: ratios.oneByOne },
      ],
      facts: { modules: count, filesAModule, sameTreeEverywhere: trees.size === 1 },
    };
  },
};

function noRates(): number[] {
  return [];
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return count / ((performance.now() - began) / 1000);
}

async function byGit(work: string, names: string[]): Promise<void> {
  await rm(path.join(work, ".git"), { recursive: true, force: true });
  await plainGit(work, "init", "--quiet", "--initial-branch=main");
  for (const name of names) {
    await plainGit(work, "add", `modules/${name}`);
    await plainGit(work, "commit", "--quiet", "--message", `feat: add ${name}`);
  }
}

const ways = {
  /** Each folder through the ignore rules and all checks of a hand-over. */
  handedOver: (scm: SourceControl, work: string, names: string[]) =>
    inLanes(8, names, (name) => handOver(scm, work, name)),
  inTurn: (scm: SourceControl, work: string, names: string[]) =>
    inLanes(1, names, (name) => handOver(scm, work, name)),
  /** From the same files on disk: read, committed, all of them asked for at once. */
  async together(scm: SourceControl, work: string, names: string[]) {
    const asked: Promise<unknown>[] = [];
    // Not all files are open at once.
    await inLanes(8, names, async (name) => {
      const content = await contentOf(work, name);
      asked.push(scm.commit(request(name, content)));
    });
    await Promise.all(asked);
  },
  oneByOne: (scm: SourceControl, work: string, names: string[]) =>
    inLanes(1, names, async (name) => scm.commit(request(name, await contentOf(work, name)))),
};

/** All lanes are at their end when this returns, also where one of them failed. */
async function inLanes(
  lanes: number,
  names: string[],
  work: (name: string) => Promise<unknown>,
): Promise<void> {
  const waiting = names.values();
  const lane = async () => {
    for (const name of waiting) await work(name);
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

async function handOver(scm: SourceControl, work: string, name: string): Promise<void> {
  const folder = path.join(work, "modules", name);
  const { tree } = await scm.importFolder({ repository, folder });
  await scm.commit(request(name, { tree, folder: `modules/${name}` }));
}

async function contentOf(work: string, name: string): Promise<CommitRequest["content"]> {
  const folder = path.join(work, "modules", name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const files = paths.map(async (file) => ({
    path: `modules/${name}/${path.relative(folder, file)}`,
    content: await readFile(file, "utf8"),
  }));
  return { files: await Promise.all(files) };
}

function request(name: string, content: CommitRequest["content"]): CommitRequest {
  return {
    ...{ repository, branch: "main", base: "main", content, subject: `feat: add ${name}` },
    trailers: { "Trace-Id": `trace-${name}`, "Module-Id": name },
    author: { name: "Bench", email: "bench@example.invalid" },
    at: "2025-05-23T10:00:00.000Z",
    invocationId: `invocation-${name}`,
  };
}
