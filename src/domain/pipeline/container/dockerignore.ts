/** .dockerignore: nothing reaches the build but what builds; above all no secret and no history. */
import type { Runtime } from "../../module/module-spec.ts";
import { generatedBy } from "../generated-mark.ts";
import type { PipelineModel } from "../pipeline-model.ts";

const common = {
  "History and platforms": [
    ".git",
    ".gitignore",
    ".gitattributes",
    ".github",
    ".gitlab",
    ".gitlab-ci.yml",
    ".azuredevops",
    "azure-pipelines.y*ml",
    "helm",
    "k8s",
    "Dockerfile*",
    ".dockerignore",
    "compose*.y*ml",
    "docker-compose*.y*ml",
  ],
  "Secrets of people's own machines": [
    "**/.env",
    "**/.env.*",
    "!**/.env.example",
    "**/*.pem",
    "**/*.key",
    "**/*.p12",
    "**/*.pfx",
    "**/id_rsa*",
    "**/id_ed25519*",
    "**/.netrc",
  ],
  "Editors and systems": [
    ".editorconfig",
    ".idea",
    ".vscode",
    "**/.DS_Store",
    "**/Thumbs.db",
    "**/*.log",
    "**/*.swp",
  ],
};

/** What each language's tools leave behind: it is made anew inside. */
const leftovers: Record<Exclude<Runtime, "container">, string[]> = {
  node: ["**/node_modules", "**/.npm", "**/.yarn/cache", "**/.pnpm-store", "coverage", ".nyc_output"],
  python: [
    "**/__pycache__",
    "**/*.py[cod]",
    "**/.venv",
    ".packages",
    ".packages-test",
    ".tools",
    "**/venv",
    "**/*.egg-info",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
    ".tox",
    ".coverage",
    "htmlcov",
  ],
  go: ["**/*.test", "**/*.out", "**/coverage.txt"],
  java: ["**/target", "**/build", "**/.gradle", "**/*.class"],
  dotnet: ["**/bin", "**/obj", "**/TestResults", "**/*.user", ".vs"],
};

export function dockerignore(model: PipelineModel, runtime: Exclude<Runtime, "container">): string {
  const groups = { ...common, "Made anew by the build": leftovers[runtime] };
  const lines = Object.entries(groups).flatMap(([title, patterns]) => ["", `# ${title}`, ...patterns]);
  const own = ["", "# connectsoft:keep ignored", "# connectsoft:end ignored"];
  return `${[`# ${generatedBy(model)}`, ...lines, ...own].join("\n")}\n`;
}
