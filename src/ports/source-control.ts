/**
 * Source control: repositories that hold modules. Every write is idempotent by `invocationId`, which
 * travels as a commit trailer: a repeated call finds its commit and returns it. Bound to a host where local.
 */

/** The id of the tree that holds nothing. */
export const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

export interface Author {
  name: string;
  email: string;
}

export interface CommitRequest {
  repository: string;
  /** Branch to write, without `refs/heads/`; created from `base` where it does not exist. */
  branch: string;
  /** Branch whose tip a new branch starts from; an empty repository gets an empty root commit on it first. */
  base: string;
  /**
   * The content of the commit: a whole tree, files laid over the branch's tip, or a tree in one folder's place
   * (a monorepo: what lies beside the folder stays as it is on the tip).
   */
  content:
    | { tree: string; folder?: string }
    | { files: { path: string; content: string; executable?: boolean }[]; remove?: string[] };
  subject: string;
  body?: string;
  /** Trailers such as `Trace-Id`; `Invocation-Id` is added by the adapter. */
  trailers: Record<string, string>;
  author: Author;
  /** Absent: the author. */
  committer?: Author;
  signWith?: SigningKey;
  /** Author and committer date, ISO 8601: the same invocation makes the same commit. */
  at: string;
  invocationId: string;
}

/** A commit that counts only while what its content was made for is there unchanged. */
export interface CommitOntoRequest extends CommitRequest {
  onto: {
    /** What the content was made for; undefined: neither branch nor base was there. */
    commit: string | undefined;
    /** What was looked at to make it; absent: all of the tree. */
    folder?: string;
  };
}

/** `moved`: the branch is at `tip` by now, where something else stands; no commit was made. */
export type CommitOntoResult =
  | { status: "committed"; commit: Commit }
  | { status: "moved"; tip: string | undefined };

/** A key on this host: a file of an SSH private key, or the id of a GPG key in its key ring. */
export interface SigningKey {
  format: "ssh" | "openpgp";
  key: string;
}

/** Whom signatures are believed: lines of git's allowed-signers file, and armoured public GPG keys. */
export interface TrustedSigners {
  ssh: string[];
  openpgp: string[];
}

export interface SignatureCheck {
  commit: string;
  author: Author;
  status: "good" | "unsigned" | "bad" | "unknown-key";
  /** Principal or key id; undefined where there is no signature. */
  signer?: string;
}

export interface Commit {
  commit: string;
  tree: string;
  parents: string[];
  branch: string;
  subject: string;
  /** False where the branch already had this content and no commit was made. */
  changed: boolean;
}

export interface FileDelta {
  path: string;
  status: "added" | "modified" | "deleted";
  insertions: number;
  deletions: number;
}

export interface MergeRequest {
  repository: string;
  /** Branch, or exactly one commit by its id. */
  source: string;
  target: string;
  /** `merge` always makes a merge commit; `squash` one commit, `rebase` each commit again on the target. */
  method?: "merge" | "squash" | "rebase";
  /** The tree that the merge must have, where only tested bytes may land; otherwise nothing moves. */
  expectTree?: string;
  /** Only this folder of the merge must have `expectTree`: a monorepo, where other modules move on. */
  expectFolder?: string;
  signWith?: SigningKey;
  subject: string;
  trailers: Record<string, string>;
  author: Author;
  at: string;
  invocationId: string;
}

export type MergeResult =
  | { status: "merged"; commit: string; tree: string; parents: string[] }
  | { status: "conflict"; paths: string[] }
  /** The merge would have this tree and not the expected one; nothing moved. */
  | { status: "diverged"; tree: string };

export interface LoggedCommit {
  commit: string;
  tree: string;
  parents: string[];
  author: Author;
  at: string;
  subject: string;
  body: string;
  trailers: Record<string, string>;
}

/** A file that both sides changed: its text with git's conflict markers, undefined where it is binary. */
export interface ConflictedFile {
  path: string;
  marked: string | undefined;
}

export type CombineResult =
  | { status: "combined"; tree: string }
  | { status: "conflict"; files: ConflictedFile[] };

export interface SourceControl {
  /** Looks into a folder that is not imported yet: every path in it, and the text of the files that are wanted. */
  peekFolder(
    folder: string,
    wanted: (path: string) => boolean,
  ): Promise<{ paths: string[]; files: Record<string, string> }>;
  /** Stores a folder's content (ignore rules applied, `.git` never) and returns its tree id; changes no branch. */
  importFolder(request: { repository: string; folder: string }): Promise<{ tree: string }>;
  /**
   * Fetches one ref of a git repository (default: its HEAD) and returns what it points to; changes no branch. The
   * tree is stored; the commit is the remote's, and is not there where its history is not. `addresses`: of its author
   * and its committer.
   * `url`: https, ssh, git or file, or the path of a repository on this host, bare or not. `tree` is that of
   * `folder` where one is named. The machine's own credentials are used; those in the address are never kept or shown.
   */
  importRemote(request: {
    repository: string;
    url: string;
    ref?: string;
    folder?: string;
    signal?: AbortSignal;
  }): Promise<{ commit: string; tree: string; addresses: string[] }>;
  commit(request: CommitRequest): Promise<Commit>;
  /**
   * As `commit`, but only where `onto.folder`, and each path that the content replaces, is on the branch as it is in
   * `onto.commit` (a branch that is not there yet: on its base). The commit of a repeated call is found all the same.
   */
  commitOnto(request: CommitOntoRequest): Promise<CommitOntoResult>;
  /**
   * Merges `source` into `target`, always with a merge commit; moves `target` by compare-and-set. Looks for an
   * earlier merge of this invocation first; where the source is in already, the merge that brought it in is returned.
   */
  merge(request: MergeRequest): Promise<MergeResult>;
  /**
   * Three-way merge of trees: what `theirs` changed since `base`, laid over `ours`. Absent base: the empty tree.
   * Writes objects only; no branch moves.
   */
  combine(request: {
    repository: string;
    base?: string;
    ours: string;
    theirs: string;
  }): Promise<CombineResult>;
  /** The tree of a folder in a commit or tree; of the empty folder the whole tree. Undefined where it is not there. */
  subtree(repository: string, treeish: string, folder: string): Promise<string | undefined>;
  /** A tree of exactly these files, kept against garbage collection. */
  writeTree(
    repository: string,
    files: { path: string; content: string; executable?: boolean }[],
  ): Promise<string>;
  /**
   * Commits reachable from `to` and not from `from`, newest first; `where` keeps those with these trailers,
   * `whereThere` those that have trailers of these names at all. With `limit` nothing is read below the last one.
   */
  log(request: {
    repository: string;
    from?: string;
    to: string;
    where?: Record<string, string>;
    whereThere?: string[];
    limit?: number;
  }): Promise<LoggedCommit[]>;
  /** An annotated tag; the same tag on the same commit changes nothing, on another commit it is a Conflict. */
  tag(request: {
    repository: string;
    name: string;
    commit: string;
    message: string;
    tagger: Author;
    at: string;
    signWith?: SigningKey;
  }): Promise<void>;
  /** Tags and the commits that they point to. */
  tags(repository: string): Promise<{ name: string; commit: string }[]>;
  /**
   * Commits the reverse of `commit` (of a merge: against its first parent) on a new branch from `base`'s tip.
   * Where what it changed was changed again since, the conflict is returned and nothing moves.
   */
  revert(
    request: Omit<CommitRequest, "content"> & { commit: string },
  ): Promise<{ status: "reverted"; commit: Commit } | { status: "conflict"; paths: string[] }>;
  /** Signatures of the commits reachable from `to` and not from `from`, by git's own verification. */
  verify(request: {
    repository: string;
    from?: string;
    to: string;
    trusted: TrustedSigners;
  }): Promise<SignatureCheck[]>;
  /** The tip of a branch, or undefined. */
  tip(repository: string, branch: string): Promise<{ commit: string; tree: string } | undefined>;
  /** Path to text of the named files of a commit or tree; files that are not there are left out. */
  readFiles(repository: string, treeish: string, paths: string[]): Promise<Record<string, string>>;
  listFiles(repository: string, treeish: string): Promise<string[]>;
  /** Changes from `base` (undefined: the empty tree) to `head`. */
  diff(repository: string, base: string | undefined, head: string): Promise<FileDelta[]>;
  /** A unified diff as git prints it, at most `maxBytes` of it. */
  patch(request: {
    repository: string;
    base: string | undefined;
    head: string;
    paths?: string[];
    maxBytes?: number;
  }): Promise<string>;
  /** Writes the exact content of a commit, or of one folder of it, into an empty or absent directory. */
  checkout(repository: string, commit: string, directory: string, folder?: string): Promise<void>;
  /** Where a person can clone it from. */
  location(repository: string): string;
}

/** An address that may be stored and shown: what stands before its host, and in its query, may be a secret. */
export function withoutCredentials(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1")
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^?#]*)[?#].*$/i, "$1");
}
