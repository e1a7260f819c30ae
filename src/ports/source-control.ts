/**
 * Source control: repositories that hold modules. Every write is idempotent by `invocationId`, which
 * travels as a commit trailer: a repeated call finds its commit and returns it. Bound to a host where local.
 */

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
  /** The content of the commit: a whole tree, or files laid over the branch's tip. */
  content: { tree: string } | { files: { path: string; content: string; executable?: boolean }[] };
  subject: string;
  body?: string;
  /** Trailers such as `Trace-Id`; `Invocation-Id` is added by the adapter. */
  trailers: Record<string, string>;
  author: Author;
  /** Author and committer date, ISO 8601: the same invocation makes the same commit. */
  at: string;
  invocationId: string;
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
  /** The tree that the merge must have, where only tested bytes may land; otherwise nothing moves. */
  expectTree?: string;
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

export interface SourceControl {
  /** Looks into a folder that is not imported yet: every path in it, and the text of the named files that are there. */
  peekFolder(
    folder: string,
    names: readonly string[],
  ): Promise<{ paths: string[]; files: Record<string, string> }>;
  /** Stores a folder's content (ignore rules applied, `.git` never) and returns its tree id; changes no branch. */
  importFolder(request: { repository: string; folder: string }): Promise<{ tree: string }>;
  /** Fetches one ref of a remote repository (default: its HEAD) and returns what it points to; changes no branch. */
  importRemote(request: {
    repository: string;
    url: string;
    ref?: string;
  }): Promise<{ commit: string; tree: string }>;
  commit(request: CommitRequest): Promise<Commit>;
  /**
   * Merges `source` into `target`, always with a merge commit; moves `target` by compare-and-set. Looks for an
   * earlier merge of this invocation first; where the source is in already, the merge that brought it in is returned.
   */
  merge(request: MergeRequest): Promise<MergeResult>;
  /** The tip of a branch, or undefined. */
  tip(repository: string, branch: string): Promise<{ commit: string; tree: string } | undefined>;
  /** Path to text of the named files of a commit or tree; files that are not there are left out. */
  readFiles(repository: string, treeish: string, paths: string[]): Promise<Record<string, string>>;
  listFiles(repository: string, treeish: string): Promise<string[]>;
  /** Changes from `base` (undefined: the empty tree) to `head`. */
  diff(repository: string, base: string | undefined, head: string): Promise<FileDelta[]>;
  /** Writes the exact content of a commit into an empty or absent directory. */
  checkout(repository: string, commit: string, directory: string): Promise<void>;
  /** Where a person can clone it from. */
  location(repository: string): string;
}
