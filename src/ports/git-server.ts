/**
 * Repositories as people reach them: git's smart HTTP protocol for clones and pushes, and reading without a clone.
 * Host-bound, like the repositories themselves.
 */
import type { FileDelta, TrustedSigners } from "./source-control.ts";

export interface GitRequest {
  repository: string;
  service: GitService;
  /** `advertise` lists refs and capabilities; `exchange` carries packs. */
  phase: "advertise" | "exchange";
  /** The `Git-Protocol` header. */
  protocol?: string | undefined;
  body?: ReadableStream<Uint8Array> | undefined;
  /** Whether the body is compressed (`Content-Encoding: gzip`). */
  gzip: boolean;
  /** The person who asks. */
  by: string;
  /** Branches that are not theirs to read: what only these hold is neither listed nor given. */
  hidden?: readonly string[];
  /** What speaks against these updates by this person, beside the server's own judge; each a text for the pusher. */
  judge?(updates: RefUpdate[]): Promise<string[]>;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
  /** Told of what a push moved, when it has; a kill in between leaves it untold. */
  landed?(updates: RefUpdate[]): void;
}

export type GitService = "git-upload-pack" | "git-receive-pack";

export interface RefUpdate {
  /** Full name: `refs/heads/main`. */
  ref: string;
  /** Undefined: the ref is made. */
  from: string | undefined;
  /** Undefined: the ref is deleted. */
  to: string | undefined;
  /** Whether commits that `from` had would be lost. */
  forced: boolean;
}

/** Everything that one push wants to move, while its objects are still in quarantine and no ref has moved. */
export interface Push {
  repository: string;
  by: string;
  updates: RefUpdate[];
  /** Commits that no ref of the repository had before. */
  commits(): Promise<string[]>;
  /** Commits that an update brings to its ref, and that no branch which `isSigned` has, without a good signature. */
  unsigned(
    update: RefUpdate,
    known: { trusted: TrustedSigners; isSigned(branch: string): boolean },
  ): Promise<string[]>;
}

/** Reasons why a push is refused, each a line for the pusher; empty: it is taken. */
export type JudgePush = (push: Push) => Promise<string[]>;

export interface Branch {
  name: string;
  commit: string;
  subject: string;
  /** ISO 8601. */
  at: string;
}

export interface TreeEntry {
  name: string;
  kind: "file" | "folder" | "link" | "submodule";
  /** Of a file. */
  bytes?: number;
}

export interface FileContent {
  path: string;
  bytes: number;
  executable: boolean;
  /** Undefined where it is binary or larger than the limit. */
  text?: string;
}

export interface Comparison {
  /** Where both sides met last; undefined: never. */
  base: string | undefined;
  files: FileDelta[];
  patch: string;
  /** True where the text was cut at its limit. */
  truncated: boolean;
}

export interface GitServer {
  exists(repository: string): Promise<boolean>;
  /** Answers one request as `git http-backend` does; the push's judge is asked before any ref moves. */
  serve(request: GitRequest): Promise<ReadableStream<Uint8Array>>;
  branches(repository: string): Promise<Branch[]>;
  /** What lies directly in a folder, folders first; undefined where there is no such folder. */
  entries(place: TreePlace): Promise<TreeEntry[] | undefined>;
  /** Undefined where there is no such file. */
  file(place: TreePlace & { maxBytes: number }): Promise<FileContent | undefined>;
  /** What `head` changed since it left `base`; both are branches or commits. NotFound where one is not there. */
  compare(request: { repository: string; base: string; head: string; maxBytes: number }): Promise<Comparison>;
}

export interface TreePlace {
  repository: string;
  /** Branch or commit id. */
  ref: string;
  /** Without slashes at its ends; empty: the root. */
  path: string;
}
