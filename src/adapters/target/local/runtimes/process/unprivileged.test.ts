import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { closedFolder } from "./reach.ts";

/** A user without a name, as in many a container. */
const nobody = "54321";
const fixture = join(import.meta.dirname, "process-runtime-fixture.ts");
const reachable = closedFolder(fixture) === undefined && closedFolder(process.execPath) === undefined;

/** Ends with the instance's detached child gone, or says that it is there. */
const script = `
  const { processFixture } = await import(${JSON.stringify(fixture)});
  const { isAlive, identify } = await import(${JSON.stringify(join(import.meta.dirname, "process-identity.ts"))});
  const fixture = await processFixture();
  const source = \`const child = require("node:child_process").spawn("sleep", ["1000"], { detached: true });
    let wrote; try { require("node:fs").writeFileSync("service.js", ""); wrote = true; } catch (error) { wrote = error.code; }
    console.log(JSON.stringify({ uid: process.getuid(), child: child.pid, wrote })); setInterval(() => {}, 1000);\`;
  const { launch, instance, output } = await fixture.run(source, { limits: { processes: 20 } });
  while (!(await output()).endsWith("\\n")) await new Promise((done) => setTimeout(done, 20));
  const told = JSON.parse(await output());
  const child = identify(told.child);
  const found = (await fixture.runtime.find(launch.marker)).size;
  const enforcement = fixture.runtime.enforcement(launch).map(({ words }) => words);
  await instance.end(5000);
  console.log(JSON.stringify({ ...told, found, enforcement, left: child !== undefined && isAlive(child) }));
  await fixture.dispose();
`;

test.runIf(process.getuid?.() === 0 && reachable)(
  "a supervisor that is not root runs services as itself, ends all of them, and says what it cannot do",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "unprivileged-"));
    await chmod(folder, 0o777);
    const args = [`--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", process.execPath];
    const { stdout } = await promisify(execFile)("setpriv", [...args, "--input-type=module", "-e", script], {
      env: { ...process.env, TMPDIR: folder, HOME: folder },
    });
    const told = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect(told).toMatchObject({ uid: Number(nobody), found: 1, left: false });
    expect(told.enforcement[0]).toBe(
      `user: runs as user ${nobody}, because only a supervisor that runs as root can give a service a user of its own`,
    );
    expect(told.enforcement[1]).toMatch(/^processes 20: (enforced by cgroup|not enforced \()/);
    // Where the host lets nobody make a user namespace, its own files are its own to write.
    expect(["EROFS", true]).toContain(told.wrote);
    await rm(folder, { recursive: true, force: true });
  },
);
