/** Probes as declared, completed so that a service of any kind can be watched: at least its port must answer. */
import type { ModuleFile, ProbeDeclaration } from "./module-file.ts";
import { type Probe, type Probes, probesSchema } from "./module-spec.ts";

type Handler = Pick<Probe, "httpGet" | "tcpSocket" | "exec">;

/** A service has half a minute to open its port, looked at twice a second. */
const startupTiming = { periodSeconds: 0.5, failureThreshold: 60 };

/**
 * A probe that is not declared asks what readiness asks, and readiness itself the module's `path` or else its
 * port. Liveness asks for the port alone unless `path` or a probe of its own says more: a service that is
 * not ready for a while is not to be killed for it.
 */
export function inferProbes(declared: ModuleFile["probes"] = {}): Probes {
  const { path, startup, readiness, liveness } = declared;
  const port: Handler = { tcpSocket: {} };
  const common: Handler = path === undefined ? port : { httpGet: { path } };
  const ready = readiness ?? common;
  return probesSchema.parse({
    startup: { ...startupTiming, ...defined(startup ?? handlerOf(ready)) },
    readiness: defined(ready),
    liveness: defined(liveness ?? common),
  });
}

function handlerOf(probe: ProbeDeclaration | Handler): Handler {
  const { httpGet, tcpSocket, exec } = probe;
  if (httpGet !== undefined) return { httpGet };
  return exec === undefined ? { tcpSocket: tcpSocket ?? {} } : { exec };
}

function defined(probe: object): object {
  return Object.fromEntries(Object.entries(probe).filter(([, value]) => value !== undefined));
}
