/** What our commits are measured against: the git program as a person uses it, on the same files, with its own defaults. */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Nothing of this user's settings, and no collection in the middle: git at its best. */
const settings = [
  "user.name=Bench",
  "user.email=bench@example.invalid",
  "gc.auto=0",
  "maintenance.auto=false",
];
const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

export async function plainGit(folder: string, ...args: string[]): Promise<string> {
  const options = ["-C", folder, ...settings.flatMap((setting) => ["-c", setting])];
  const { stdout } = await run("git", [...options, ...args], { env, maxBuffer: 256 * 1_048_576 });
  return stdout;
}

export interface GeneratedFile {
  path: string;
  content: string;
}

/** A small service as a generator writes it: every file another one, some of them a few kilobytes. */
export function generatedModule(name: string, files: number): GeneratedFile[] {
  return Array.from({ length: files }, (_, index) => ({
    path: `src/feature-${index % 5}/part-${index}.ts`,
    content: `/** ${name} */\nexport const part${index} = "${name}";\n`.repeat(1 + ((index * 7) % 40)),
  }));
}

export async function writeFiles(folder: string, files: GeneratedFile[]): Promise<void> {
  for (const directory of new Set(files.map((file) => path.dirname(file.path))))
    await mkdir(path.join(folder, directory), { recursive: true });
  for (const file of files) await writeFile(path.join(folder, file.path), file.content);
}
