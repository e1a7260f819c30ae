const byEnding: Record<string, string> = {
  bash: "bash",
  cs: "csharp",
  csproj: "xml",
  css: "css",
  go: "go",
  html: "xml",
  ini: "ini",
  java: "java",
  js: "javascript",
  json: "json",
  jsonl: "json",
  jsx: "javascript",
  md: "markdown",
  mjs: "javascript",
  cjs: "javascript",
  py: "python",
  rs: "rust",
  sh: "bash",
  sql: "sql",
  svg: "xml",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  xml: "xml",
  yaml: "yaml",
  yml: "yaml",
};

/** By the name of a file; undefined where it is shown as it is. */
export function languageOf(name: string): string | undefined {
  const last = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  if (/^(dockerfile|containerfile)\b/.test(last)) return "dockerfile";
  if (last.startsWith(".env")) return "ini";
  return byEnding[last.slice(last.lastIndexOf(".") + 1)];
}
