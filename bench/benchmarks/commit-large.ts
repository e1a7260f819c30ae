/** A module of 100,000 files from its folder to a commit on a branch, beside `git add -A` and `git commit`. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { createGitSourceControl } from "../../src/adapters/source-control/git/git-source-control.ts";
import type { Benchmark } from "../support/benchmark.ts";
import { inFolder } from "../support/in-folder.ts";
import { plainGit, writeFiles } from "../support/plain-git.ts";

const repository = "bench/large";

export const commitLarge: Benchmark = {
  name: "commit-large",
  title: "a module of 100,000 files, from its folder to a commit",
  async run(context) {
    const folders = context.quick ? 20 : 1_000;
    const filesAFolder = 100;
    const rounds = context.quick ? 1 : 3;
    const seconds = { git: noTimes(), ours: noTimes(), peek: noTimes() };
    const ratios = noTimes();
    let sameTree = true;
    await inFolder("bench-large-", async (place) => {
      const work = path.join(place, "work");
      for (let folder = 0; folder < folders; folder += 1)
        await writeFiles(work, filesOf(folder, filesAFolder));
      for (let round = 0; round < rounds; round += 1) {
        const git = await secondsOf(() => byGit(work));
        const expected = (await plainGit(work, "rev-parse", "HEAD^{tree}")).trim();
        await rm(path.join(work, ".git"), { recursive: true });
        const root = path.join(place, `ours-${round}`);
        const scm = createGitSourceControl({ root });
        seconds.peek.push(
          await secondsOf(() => scm.peekFolder(work, (file) => file.endsWith("package.json"))),
        );
        const ours = await secondsOf(async () => {
          const { tree } = await scm.importFolder({ repository, folder: work });
          await scm.commit({
            ...{ repository, branch: "main", base: "main", content: { tree }, subject: "feat: add it" },
            ...{ trailers: {}, at: "2025-05-23T10:00:00.000Z", invocationId: "invocation-1" },
            author: { name: "Bench", email: "bench@example.invalid" },
          });
        });
        sameTree &&= (await scm.tip(repository, "main"))?.tree === expected;
        await rm(root, { recursive: true });
        seconds.git.push(git);
        seconds.ours.push(ours);
        ratios.push(ours / git);
        context.log(`round ${round + 1}: git ${git.toFixed(1)} s, ours ${ours.toFixed(1)} s`);
      }
    });
    return {
      metrics: [
        { name: "git add -A and git commit", unit: "s", samples: seconds.git },
        { name: "import and commit", unit: "s", samples: seconds.ours },
        { name: "ours, times git", unit: "x", samples: ratios, goal: { atMost: 2 } },
        { name: "a look into the folder", unit: "s", samples: seconds.peek },
      ],
      facts: { files: folders * filesAFolder, sameTree },
    };
  },
};

function noTimes(): number[] {
  return [];
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function byGit(work: string): Promise<void> {
  await plainGit(work, "init", "--quiet", "--initial-branch=main");
  await plainGit(work, "add", "--all");
  await plainGit(work, "commit", "--quiet", "--message", "feat: add it");
}

function filesOf(folder: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    path: `folder-${folder}/file-${index}.txt`,
    content: `file ${index} of folder ${folder}\n`.repeat(20 + (index % 60)),
  }));
}
