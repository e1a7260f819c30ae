/** The machine that a result was measured on, and how loud it was: figures mean little without both. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { median } from "./statistics.ts";

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  platform: string;
  node: string;
}

export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    node: process.version,
  };
}

/** `amd-epyc-2-cores`: names the result's file; no host name, which is nobody's business. */
export function machineSlug(machine: Machine): string {
  const cpu = machine.cpu.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `${cpu.replace(/^-|-$/g, "")}-${machine.cores}-cores`;
}

export interface Noise {
  /** A fixed piece of work on one core; more than usual means that somebody else used the machine. */
  cpuMs: number;
  /** Median of 100 appends of 8 KiB, each made durable. */
  fsyncMs: number;
  /** Load average of the last minute. */
  load: number;
}

export function measureNoise(): Noise {
  return { cpuMs: measureCpu(), fsyncMs: measureFsync(), load: os.loadavg()[0] ?? 0 };
}

function measureCpu(): number {
  const block = Buffer.alloc(1 << 20, 7);
  const samples = Array.from({ length: 7 }, () => {
    const began = performance.now();
    for (let round = 0; round < 32; round += 1) createHash("sha256").update(block).digest();
    return performance.now() - began;
  });
  return median(samples);
}

function measureFsync(): number {
  const folder = mkdtempSync(path.join(os.tmpdir(), "connectsoft-bench-fsync-"));
  const file = openSync(path.join(folder, "log"), "w");
  const block = Buffer.alloc(8 << 10, 7);
  try {
    const samples = Array.from({ length: 100 }, () => {
      const began = performance.now();
      writeSync(file, block);
      fsyncSync(file);
      return performance.now() - began;
    });
    return median(samples);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The commit that was measured; `+` where the working tree differs from it. */
export async function measuredCommit(root: string): Promise<string> {
  const git = (...args: string[]) => promisify(execFile)("git", args, { cwd: root });
  try {
    const { stdout: commit } = await git("rev-parse", "--short=12", "HEAD");
    const { stdout: changes } = await git("status", "--porcelain", "--", "src", "bench", "migrations");
    return commit.trim() + (changes.trim() === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}
