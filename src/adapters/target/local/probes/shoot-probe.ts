/** One shot of a probe, with Kubernetes' meaning: HTTP 200 to 399, an accepted connection, or exit code 0. */
import { spawn } from "node:child_process";
import { request } from "node:http";
import { connect } from "node:net";
import type { Probe } from "../../../../domain/module/module-spec.ts";

export interface ProbeSubject {
  port: number;
  /** Loopback addresses to try in turn. */
  addresses: string[];
  directory: string;
  environment: Record<string, string>;
  resolveCommand(command: readonly string[]): [string, ...string[]];
}

export interface ProbeAnswer {
  ok: boolean;
  /** In words: `HTTP 200`, `connection refused`, `timeout after 1 s`. */
  words: string;
  address?: string;
}

export async function shootProbe(probe: Probe, subject: ProbeSubject): Promise<ProbeAnswer> {
  if (probe.exec !== undefined) return await runCommand(probe.exec.command, probe, subject);
  const shot = probe.httpGet === undefined ? connectOnce : getOnce(probe.httpGet.path);
  let answer: ProbeAnswer = { ok: false, words: "connection refused" };
  for (const address of subject.addresses) {
    answer = await shot(address, subject.port, probe.timeoutSeconds);
    if (answer.words !== "connection refused") return { ...answer, address };
  }
  return answer;
}

type Shot = (address: string, port: number, timeoutSeconds: number) => Promise<ProbeAnswer>;

function getOnce(path: string): Shot {
  return (address, port, timeoutSeconds) =>
    new Promise((resolve) => {
      const outgoing = request(
        {
          host: address,
          port,
          path,
          agent: false,
          headers: { host: `localhost:${port}`, "user-agent": "connectsoft-probe/1", accept: "*/*" },
          signal: AbortSignal.timeout(timeoutSeconds * 1000),
        },
        (response) => {
          const status = response.statusCode ?? 0;
          response.destroy();
          resolve({ ok: status >= 200 && status < 400, words: `HTTP ${status}` });
        },
      );
      outgoing.on("error", (error) => resolve({ ok: false, words: inWords(error, timeoutSeconds) }));
      outgoing.end();
    });
}

function connectOnce(address: string, port: number, timeoutSeconds: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: timeoutSeconds * 1000 });
    const end = (answer: ProbeAnswer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => end({ ok: true, words: "connected" }));
    socket.on("timeout", () => end({ ok: false, words: `timeout after ${timeoutSeconds} s` }));
    socket.on("error", (error) => end({ ok: false, words: inWords(error, timeoutSeconds) }));
  });
}

function runCommand(command: readonly string[], probe: Probe, subject: ProbeSubject): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const [program, ...args] = subject.resolveCommand(command);
    const child = spawn(program, args, {
      cwd: subject.directory,
      env: subject.environment,
      stdio: "ignore",
      detached: true,
    });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      resolve({ ok: false, words: `timeout after ${probe.timeoutSeconds} s` });
    }, probe.timeoutSeconds * 1000);
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ ok: false, words: `cannot run ${program}: ${error.message}` });
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, words: code === null ? `ended by ${signal}` : `exit ${code}` });
    });
  });
}

function inWords(error: Error & { code?: string }, timeoutSeconds: number): string {
  if (error.name === "AbortError" || error.name === "TimeoutError")
    return `timeout after ${timeoutSeconds} s`;
  if (error.code === "ECONNREFUSED") return "connection refused";
  if (error.code === "ECONNRESET") return "connection reset";
  return error.code ?? error.message;
}
