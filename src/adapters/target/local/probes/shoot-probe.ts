/** One shot of a probe, with Kubernetes' meaning. */
import { connect } from "node:net";
import type { Command, Probe } from "../../../../domain/module/module-spec.ts";
import type { Exit, InstanceRuntime, Launch } from "../runtimes/runtime.ts";
import { grpcProbe } from "./grpc-probe.ts";
import { getProbe } from "./http-probe.ts";
import { inWords, type ProbeAnswer, refused, timeoutWords } from "./probe-answer.ts";

export interface ProbeSubject {
  port: number;
  /** Loopback addresses to try in turn. */
  addresses: string[];
  /** Runs a command as the instance runs, and ends all of it when the time is over. */
  exec(command: Command, timeoutMs: number): Promise<Exit & { timedOut: boolean }>;
}

/** Of an instance that listens on the loopback, at either address until one has answered. */
export function probeSubject(runtime: InstanceRuntime, launch: Launch): ProbeSubject {
  return {
    port: launch.port,
    addresses: ["127.0.0.1", "::1"],
    exec: (command, timeoutMs) =>
      runtime.exec(
        { ...launch, command },
        { timeoutMs, signal: new AbortController().signal, output: () => {} },
      ),
  };
}

export async function shootProbe(probe: Probe, subject: ProbeSubject): Promise<ProbeAnswer> {
  const timeoutMs = probe.timeoutSeconds * 1000;
  if (probe.exec !== undefined) return await runProbe(probe.exec.command, timeoutMs, subject);
  let answer: ProbeAnswer = { ok: false, words: refused };
  for (const address of subject.addresses) {
    answer = await ask(probe, address, { port: subject.port, timeoutMs });
    if (answer.words !== refused) return { ...answer, address };
  }
  return answer;
}

function ask(
  { httpGet, grpc }: Probe,
  address: string,
  { port, timeoutMs }: { port: number; timeoutMs: number },
): Promise<ProbeAnswer> {
  if (httpGet !== undefined) return getProbe(address, port, { path: httpGet.path, timeoutMs });
  if (grpc !== undefined) return grpcProbe(address, port, { service: grpc.service ?? "", timeoutMs });
  return connectProbe(address, port, timeoutMs);
}

function connectProbe(address: string, port: number, timeoutMs: number): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (answer: ProbeAnswer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ ok: false, words: timeoutWords(timeoutMs) }), timeoutMs);
    socket.on("connect", () => end({ ok: true, words: "connected" }));
    socket.on("error", (error) => end({ ok: false, words: inWords(error, timeoutMs) }));
  });
}

async function runProbe(command: Command, timeoutMs: number, subject: ProbeSubject): Promise<ProbeAnswer> {
  const { code, signal, timedOut, because } = await subject.exec(command, timeoutMs);
  if (timedOut) return { ok: false, words: timeoutWords(timeoutMs) };
  if (because !== undefined) return { ok: false, words: because };
  return { ok: code === 0, words: code === null ? `ended by ${signal}` : `exit ${code}` };
}
