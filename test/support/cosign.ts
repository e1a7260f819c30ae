import { spawnSync } from "node:child_process";
import path from "node:path";

/** The real program, from PATH or where Go installs; undefined where there is none. */
export function findCosign(): string | undefined {
  const gopath = spawnSync("go", ["env", "GOPATH"], { encoding: "utf8" }).stdout?.trim();
  return ["cosign", path.join(gopath ?? "", "bin/cosign")].find(
    (program) => spawnSync(program, ["version"]).status === 0,
  );
}
