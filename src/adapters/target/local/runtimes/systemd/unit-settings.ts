/** What systemd is told of an instance: one `Setting=value` after the other, for a unit file or for `systemd-run`. */
import type { Limits } from "../../../../../domain/module/module-spec.ts";

export interface UnitFacts {
  directory: string;
  /** Written by us, readable by nobody else, gone when the program runs. */
  environmentFile: string;
  limits: Limits;
  stopSeconds: number;
  /** Where the system's manager runs it; a user's own manager may neither change the user nor show another file system. */
  system?: {
    /** A user that systemd makes up for as long as it runs, where its namespace cannot have one of its own. */
    dynamicUser: boolean;
    /** Paths that it reads, in folders that others may not enter. */
    readOnly: string[];
    writable: string[];
    /** Folders that others may not enter: it finds them empty but for what is named above. */
    closed: string[];
  };
}

export type Setting = [name: string, value: string];

export function unitSettings({
  directory,
  environmentFile,
  limits,
  stopSeconds,
  system,
}: UnitFacts): Setting[] {
  return [
    ["WorkingDirectory", directory],
    ["EnvironmentFile", environmentFile],
    ["StandardInput", "null"],
    // The supervisor restarts it, by its own count and with its own backoff.
    ["Restart", "no"],
    ["KillMode", "control-group"],
    ["TimeoutStopSec", `${stopSeconds}s`],
    ["OOMPolicy", "kill"],
    ...limitSettings(limits),
    ["NoNewPrivileges", "yes"],
    // A core dump would hold its secrets.
    ["LimitCORE", "0"],
    ["UMask", "0022"],
    ["LockPersonality", "yes"],
    ["RestrictRealtime", "yes"],
    ["RestrictSUIDSGID", "yes"],
    ...(system === undefined ? [] : sandbox(system)),
  ];
}

function limitSettings({ memoryBytes, processes, cpus }: Limits): Setting[] {
  return [
    // With swap together: otherwise a leak would only move to the disk.
    ...(memoryBytes === undefined
      ? []
      : ([
          ["MemoryMax", String(memoryBytes)],
          ["MemorySwapMax", "0"],
        ] satisfies Setting[])),
    ...(processes === undefined ? [] : ([["TasksMax", String(processes)]] satisfies Setting[])),
    ...(cpus === undefined
      ? []
      : ([["CPUQuota", `${Math.max(1, Math.round(cpus * 100))}%`]] satisfies Setting[])),
  ];
}

function sandbox({ dynamicUser, readOnly, writable, closed }: NonNullable<UnitFacts["system"]>): Setting[] {
  return [
    // What `setpriv` needs to become the user and to give all of it up.
    ...(dynamicUser
      ? ([
          ["DynamicUser", "yes"],
          ["CapabilityBoundingSet", ""],
        ] satisfies Setting[])
      : ([["CapabilityBoundingSet", "CAP_SETUID CAP_SETGID CAP_SETPCAP"]] satisfies Setting[])),
    ["ProtectSystem", "strict"],
    ["PrivateTmp", "yes"],
    ["PrivateDevices", "yes"],
    ["ProtectControlGroups", "yes"],
    ["ProtectKernelModules", "yes"],
    ["ProtectKernelTunables", "yes"],
    ...closed.map((path): Setting => ["TemporaryFileSystem", `${path}:ro,mode=0711`]),
    ...readOnly.map((path): Setting => ["BindReadOnlyPaths", path]),
    ...writable.map((path): Setting => ["BindPaths", path]),
  ];
}
