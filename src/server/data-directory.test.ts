import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findDataDirectory, prepareDataDirectory } from "./data-directory.ts";

describe("the data directory", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "data-directory-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is the named one, else the nearest upwards, else one beside the nearest .git", async () => {
    const cwd = path.join(folder, "project", "services", "booking");
    await mkdir(cwd, { recursive: true });
    await mkdir(path.join(folder, "project", ".git"));
    const at = (flag?: string, home?: string) =>
      findDataDirectory({ flag, cwd, env: home === undefined ? {} : { CONNECTSOFT_HOME: home } });
    expect(at()).toBe(path.join(folder, "project", ".connectsoft"));
    await mkdir(path.join(folder, "project", "services", ".connectsoft"));
    expect(at()).toBe(path.join(folder, "project", "services", ".connectsoft"));
    expect(at(undefined, "/srv/data")).toBe("/srv/data");
    expect(at("here", "/srv/data")).toBe(path.join(cwd, "here"));
  });

  test("is made with what keeps it out of every repository, and made again without harm", async () => {
    const directory = path.join(folder, "a", "b");
    await Promise.all([prepareDataDirectory(directory), prepareDataDirectory(directory)]);
    await prepareDataDirectory(directory);
    expect(await readFile(path.join(directory, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("is refused where a file stands in its way, and where no folder can be made", async () => {
    await writeFile(path.join(folder, "file"), "");
    for (const directory of [path.join(folder, "file"), path.join(folder, "file", "in"), "/proc/nope/data"])
      await expect(prepareDataDirectory(directory)).rejects.toMatchObject({
        refusal: { code: "Unavailable", message: expect.stringContaining(directory) },
      });
  });
});
