import { spawn } from "node:child_process";
import os from "node:os";

/** Runs a program on our terminal and resolves with its exit code; signals to us are passed on to it. */
export function runToEnd(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", ...options });
    const stop = forwardSignals(child);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      stop();
      resolve(code ?? 128 + os.constants.signals[signal]);
    });
  });
}

function forwardSignals(child) {
  // Ctrl-C on a terminal reaches the child too; passed on, it would count as pressed twice.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const handlers = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => {
    const handler = () => {
      if (signal !== "SIGINT" || !onTerminal) child.kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
