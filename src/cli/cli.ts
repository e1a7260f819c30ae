/** What a command works with: the terminal, the environment, and what only this machine can do. */
import type picocolors from "picocolors";

export interface Cli {
  env: NodeJS.ProcessEnv;
  /** Where the person stands, also when npm changed the working directory. */
  cwd: string;
  out(line: string): void;
  err(line: string): void;
  colors: ReturnType<typeof picocolors.createColors>;
  /** Whether a person watches and can be asked. */
  interactive: boolean;
  /** Columns of the terminal. */
  width: number;
  local: Local;
}

/** Documented in docs/reference/cli.md and in --help. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  refused: 2,
  waiting: 3,
  failed: 4,
  unavailable: 5,
  interrupted: 130,
} as const;

export interface ServerAddress {
  url: string;
  token: string;
  /** Where the token may be good for several. */
  tenantId?: string;
}

/** What needs no server, or is about having one. */
export interface Local {
  version: string;
  /** A folder to deliver where none is named. */
  exampleFolder: string;
  dataDirectory(flag: string | undefined): string;
  findServer(dataDirectory: string): Promise<(ServerAddress & { pid: number; version: string }) | undefined>;
  ensureServer(dataDirectory: string): Promise<ServerAddress>;
  serve(options: {
    dataDirectory: string;
    port: number | undefined;
    role: "all" | "api" | "worker";
  }): Promise<number>;
  stop(
    dataDirectory: string,
    keepServices: boolean,
  ): Promise<{ server: boolean; database: boolean; services: string[] | undefined }>;
  inspectHost(
    dataDirectory: string,
  ): Promise<{ name: string; ok: boolean; found: string; expected: string; next?: string }[]>;
  listSchemas(): Promise<string[]>;
  showSchema(name: string): Promise<object>;
  /** A built-in flow by name, or a file; refuses with FlowInvalid. */
  drawFlow(
    nameOrFile: string,
    options: { width: number; color: boolean; active?: readonly string[] },
  ): Promise<{ name: string; digest: string; drawing: string; mermaid: string }>;
  flowNames(): string[];
}
