/** What may stand where in Azure Pipelines, after Microsoft's YAML reference; the parts that a generated pipeline can have. */

export interface Shape {
  /** As a message calls it. */
  label: string;
  keys: readonly string[];
  /** Exactly one of them says what kind it is. */
  kinds?: readonly string[];
  numbers?: readonly string[];
  booleans?: readonly string[];
}

const ofStep = ["displayName", "name", "condition", "continueOnError", "enabled", "env", "target"];
const ofTask = ["timeoutInMinutes", "retryCountOnTaskFailure"];
const ofScript = ["workingDirectory", "failOnStderr"];
const numbers = ["timeoutInMinutes", "cancelTimeoutInMinutes", "retryCountOnTaskFailure", "fetchDepth"];
const booleans = [
  "continueOnError",
  "enabled",
  "failOnStderr",
  "persistCredentials",
  "clean",
  "lfs",
  "batch",
  "autoCancel",
];

export const shapes = {
  pipeline: {
    label: "a pipeline",
    keys: [
      "name",
      "appendCommitMessageToRunName",
      "trigger",
      "pr",
      "schedules",
      "resources",
      "parameters",
      "variables",
      "pool",
      "lockBehavior",
      "extends",
      "stages",
      "jobs",
      "steps",
      "strategy",
      "container",
      "services",
      "workspace",
      "continueOnError",
    ],
  },
  template: { label: "a template", keys: ["parameters", "variables", "stages", "jobs", "steps"] },
  stage: {
    label: "a stage",
    kinds: ["stage", "template"],
    keys: [
      "displayName",
      "pool",
      "dependsOn",
      "condition",
      "variables",
      "jobs",
      "lockBehavior",
      "trigger",
      "isSkippable",
      "parameters",
      "templateContext",
    ],
  },
  job: {
    label: "a job",
    kinds: ["job", "deployment", "template"],
    keys: [
      "displayName",
      "dependsOn",
      "condition",
      "continueOnError",
      "timeoutInMinutes",
      "cancelTimeoutInMinutes",
      "variables",
      "strategy",
      "pool",
      "container",
      "services",
      "workspace",
      "uses",
      "steps",
      "environment",
      "parameters",
      "templateContext",
    ],
    numbers,
    booleans,
  },
  step: {
    label: "a step",
    kinds: [
      "task",
      "script",
      "bash",
      "pwsh",
      "powershell",
      "checkout",
      "publish",
      "download",
      "downloadBuild",
      "getPackage",
      "upload",
      "reviewApp",
      "template",
    ],
    keys: [
      ...ofStep,
      ...ofTask,
      ...ofScript,
      "inputs",
      "parameters",
      "artifact",
      "patterns",
      "path",
      "clean",
      "fetchDepth",
      "fetchTags",
      "fetchFilter",
      "lfs",
      "persistCredentials",
      "submodules",
      "sparseCheckoutDirectories",
      "sparseCheckoutPatterns",
      "workspaceRepo",
      "errorActionPreference",
      "ignoreLASTEXITCODE",
    ],
    numbers,
    booleans,
  },
} satisfies Record<string, Shape>;

/** Functions of expressions. */
export const functions = new Set(
  (
    "always and canceled coalesce contains containsValue convertToJson counter endsWith eq failed format ge gt iif in join le " +
    "length lower lt ne not notIn or replace split startsWith succeeded succeededOrFailed trim upper xor"
  )
    .split(" ")
    .map((name) => name.toLowerCase()),
);

/** What expressions may begin with, beside functions. */
export const contexts = new Set([
  "variables",
  "parameters",
  "resources",
  "dependencies",
  "stagedependencies",
  "pipeline",
]);
