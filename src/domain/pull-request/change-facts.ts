/** A change in numbers and in what a reviewer should look at first. */

export interface ChangedFile {
  path: string;
  status: "added" | "modified" | "deleted";
  insertions: number;
  deletions: number;
}

export interface FolderStat {
  folder: string;
  files: number;
  insertions: number;
  deletions: number;
}

/** By module where files lie below `modulesFolder/<module>/`, else by their first folder. */
export function statByModule(files: readonly ChangedFile[], modulesFolder: string): FolderStat[] {
  const prefix = modulesFolder === "" ? "" : `${modulesFolder}/`;
  const groups = Map.groupBy(files, ({ path }) => {
    const inside = path.startsWith(prefix);
    const [first = "", ...rest] = (inside ? path.slice(prefix.length) : path).split("/");
    return rest.length === 0 ? "." : `${inside ? prefix : ""}${first}`;
  });
  return [...groups]
    .map(([folder, members]) => ({ folder, files: members.length, ...totals(members) }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

export function totals(files: readonly ChangedFile[]): { insertions: number; deletions: number } {
  const insertions = files.reduce((sum, file) => sum + file.insertions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { insertions, deletions };
}

const sizes: [number, string][] = [
  [10, "XS"],
  [30, "S"],
  [100, "M"],
  [500, "L"],
  [1_000, "XL"],
];

export function sizeOf(files: readonly ChangedFile[]): string {
  const { insertions, deletions } = totals(files);
  return sizes.find(([below]) => insertions + deletions < below)?.[1] ?? "XXL";
}

const typeLabels: Record<string, string> = { feat: "feature", fix: "fix", revert: "revert", chore: "chore" };

/** The tenant's own, what the subject says, and how large it is. */
export function labelsOf(change: {
  subject: string;
  modules: readonly string[];
  files: readonly ChangedFile[];
  policy: readonly string[];
}): string[] {
  const [, type = "", mark] = /^(\w+)(?:\([^)]*\))?(!)?:/.exec(change.subject) ?? [];
  const said = [typeLabels[type], mark === "!" ? "breaking" : undefined].filter((one) => one !== undefined);
  return [
    ...new Set(["delivery", ...change.modules, ...said, `size/${sizeOf(change.files)}`, ...change.policy]),
  ];
}

const sensitive: [RegExp, string][] = [
  [
    /(^|\/)(package\.json|requirements.*\.txt|pyproject\.toml|go\.mod|pom\.xml|build\.gradle(\.kts)?|[^/]*\.csproj)$/,
    "declares dependencies",
  ],
  [
    /(^|\/)(package-lock\.json|pnpm-lock\.yaml|yarn\.lock|poetry\.lock|uv\.lock|go\.sum)$/,
    "resolves dependencies",
  ],
  [/(^|\/)(migrations?|db\/migrate)\//, "changes the shape of data"],
  [/(^|\/)(Dockerfile[^/]*|\.dockerignore)$/, "says how the image is made"],
  [/(^|\/)(\.github\/|\.gitlab-ci\.yml$|azure-pipelines[^/]*\.ya?ml$)/, "says what the pipeline runs"],
  [
    /(^|\/)(helm|k8s|charts|infrastructure|pulumi|terraform)\/|\.(tf|bicep)$|(^|\/)Pulumi\.ya?ml$/,
    "says what it runs on",
  ],
  [/(^|\/)CODEOWNERS$/, "says who is asked"],
];

export interface SensitivePlace {
  why: string;
  paths: string[];
}

export function sensitivePlaces(files: readonly ChangedFile[]): SensitivePlace[] {
  return sensitive.flatMap(([form, why]) => {
    const paths = files.filter(({ path }) => form.test(path)).map(({ path }) => path);
    return paths.length === 0 ? [] : [{ why, paths }];
  });
}
