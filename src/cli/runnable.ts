/**
 * Commands in what we print can be run as they stand. Where npm started us there need be no `connectsoft` on
 * the PATH, so they are printed as npx takes them. JSON is for machines and stays as it is.
 */
const command =
  /(?<!npx )(?<![\w./-])(connectsoft|studio) (?=(?:--help|apply|approve-hotfix|approve-release|comment|delegate|escalate|request-changes|cancel|commit|config|delay-release|deliver|deploy|doctor|event|explain|failure|flow|memory|pending|policy|pr|provision|rebuild|redeploy|reject-release|report-regression|replay|request-rollback|retry|revoke-release|schema|secret|serve|status|stop|tenant|timeline|token)\b)/g;

export function runnable(line: string, env: NodeJS.ProcessEnv): string {
  const startedByNpm = env.npm_config_user_agent !== undefined;
  if (!startedByNpm || line.startsWith("{") || line.startsWith("[")) return line;
  return line.replace(command, "npx $1 ");
}
