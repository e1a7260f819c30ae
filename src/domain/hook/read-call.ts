/** What a verified call says: which delivery of its sender it is, and which refs of which repository were pushed or released. */
import type { JsonObject } from "../json.ts";
import type { HookCall, HookKind } from "./hook.ts";

export interface Change {
  how: "pushed" | "released";
  /** `refs/heads/main` */
  ref: string;
  /** Absent: its sender names the ref alone. */
  commit?: string;
}

export interface ReadCall extends HookCall {
  changes: Change[];
  /** Addresses of the repository that it is about. */
  repositories: string[];
}

type Headers = Readonly<Record<string, string | undefined>>;

/** `body`: what its sender sent, which may be anything that is an object. Undefined: it has no id, or no event. */
export function readCall(kind: HookKind, headers: Headers, body: JsonObject): ReadCall | undefined {
  const found = readers[kind](headers, body);
  return fits(found.id) && fits(found.event) ? found : undefined;
}

const readers: Record<HookKind, (headers: Headers, body: JsonObject) => ReadCall> = {
  github: (headers, body) => {
    const repository = part(body.repository);
    return {
      id: headers["x-github-delivery"] ?? "",
      event: headers["x-github-event"] ?? "",
      changes: gitHubChanges(headers["x-github-event"], body),
      repositories: texts([
        repository.clone_url,
        repository.ssh_url,
        repository.git_url,
        repository.html_url,
      ]),
    };
  },
  gitlab: (headers, body) => {
    const project = part(body.project);
    return {
      id: headers["webhook-id"] ?? headers["idempotency-key"] ?? headers["x-gitlab-event-uuid"] ?? "",
      event: headers["x-gitlab-event"] ?? String(body.object_kind ?? ""),
      changes: gitLabChanges(body),
      repositories: texts([project.git_http_url, project.git_ssh_url, project.http_url, project.web_url]),
    };
  },
  "azure-devops": (_headers, body) => {
    const resource = part(body.resource);
    const repository = part(resource.repository);
    const updates = Array.isArray(resource.refUpdates) ? resource.refUpdates.map(part) : [];
    return {
      id: typeof body.id === "string" ? body.id : "",
      event: typeof body.eventType === "string" ? body.eventType : "",
      changes:
        body.eventType === "git.push"
          ? pushesOf(updates.map(({ name, newObjectId }) => [name, newObjectId]))
          : [],
      repositories: texts([repository.remoteUrl, repository.sshUrl, repository.webUrl]),
    };
  },
  standard: (headers, body) => ({
    id: headers["webhook-id"] ?? "",
    event: typeof body.type === "string" ? body.type : "message",
    changes: [],
    repositories: [],
  }),
};

function gitHubChanges(event: string | undefined, body: JsonObject): Change[] {
  if (event === "push") return pushesOf([[body.ref, body.after]]);
  // Of one release it tells several actions. This one comes once, and not for what is only a pre-release so far.
  if (event === "release" && body.action === "released") return releasesOf(part(body.release).tag_name);
  return [];
}

function gitLabChanges({ object_kind: kind, ...body }: JsonObject): Change[] {
  // Of an annotated tag `after` is the tag, and `checkout_sha` the commit.
  if (kind === "push" || kind === "tag_push")
    return pushesOf([[body.ref, isGone(body.after) ? body.after : (body.checkout_sha ?? body.after)]]);
  if (kind === "release" && body.action === "create") return releasesOf(body.tag, part(body.commit).id);
  return [];
}

function releasesOf(tag: unknown, commit?: unknown): Change[] {
  if (typeof tag !== "string" || tag === "") return [];
  return [{ how: "released", ref: `refs/tags/${tag}`, ...(isCommit(commit) && { commit }) }];
}

function pushesOf(pairs: unknown[][]): Change[] {
  return pairs.flatMap(([ref, commit]) =>
    typeof ref === "string" && isCommit(commit) ? [{ how: "pushed", ref, commit }] : [],
  );
}

function isCommit(commit: unknown): commit is string {
  return typeof commit === "string" && /^[0-9a-f]{40,64}$/.test(commit) && !isGone(commit);
}

/** A ref that was deleted points to nothing. */
function isGone(commit: unknown): boolean {
  return typeof commit === "string" && /^0+$/.test(commit);
}

function part(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function texts(values: unknown[]): string[] {
  return values.filter((value) => typeof value === "string");
}

function fits(word: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]{0,199}$/.test(word);
}
