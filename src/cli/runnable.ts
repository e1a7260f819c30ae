/**
 * Commands in what we print can be run as they stand. Where npm started us there need be no `connectsoft` on
 * the PATH, so they are printed as npx takes them. JSON is for machines and stays as it is.
 */
const commands = {
  connectsoft: `agent audit cancel commit compliance config delegate deliver deploy dev diff doctor drift env event
    evidence explain failure fleet flow freeze hook login logout logs memory notification plan policy pr promote provision
    rebuild redeploy replay retry revert run schema secret serve session status stop studio subscription take-over
    tenant timeline token vulnerability`,
  studio: `approve-hotfix approve-release comment delay-release escalate override-cve override-freeze pending
    reject-release report-regression request-changes request-rollback retry-build revoke-release`,
};

const command = new RegExp(
  `(?<!npx )(?<![\\w./-])(?=${Object.entries(commands)
    .map(([program, names]) => `${program} (?:${names.split(/\s+/).join("|")}|--help)(?![\\w-])`)
    .join("|")})`,
  "g",
);

export function runnable(line: string, env: NodeJS.ProcessEnv): string {
  const startedByNpm = env.npm_config_user_agent !== undefined;
  if (!startedByNpm || line.startsWith("{") || line.startsWith("[")) return line;
  return line.replace(command, "npx ");
}
