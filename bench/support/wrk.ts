/** wrk as load: as many requests as its connections carry. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export async function hasWrk(): Promise<boolean> {
  // It ends with 1 after its version.
  const said = await promisify(execFile)("wrk", ["-v"]).catch((error: { code?: unknown }) => error);
  return !("code" in said && said.code === "ENOENT");
}

/** Requests a second. Throws where any was refused or not answered by 2xx. */
export async function requestsASecond(port: number, host: string, seconds: number): Promise<number> {
  const options = ["-t1", "-c64", `-d${seconds}s`, "-H", `Host: ${host}`, `http://127.0.0.1:${port}/`];
  const { stdout } = await promisify(execFile)("wrk", options);
  const failure = /^\s*(Socket errors|Non-2xx).*$/m.exec(stdout);
  if (failure !== null) throw new Error(`wrk: ${failure[0].trim()}`);
  return Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(stdout)?.[1] ?? Number.NaN);
}
