/** Masks what looks like a credential, and the values that were given as secrets, in lines that people will read. */

export type Redact = (line: string) => string;

/** Forms that their issuers publish, so that leaked ones can be found. */
const tokenForms = [
  /\b(npm_|gh[pousr]_)[A-Za-z0-9]{30,}/g,
  /\b(github_pat_)[A-Za-z0-9_]{40,}/g,
  /\b(gl(?:pat|ptt|dt|rt|cbt|soat)-)[A-Za-z0-9_-]{20,}/g,
  /\b(xox[abprs]-|xapp-)[A-Za-z0-9-]{10,}/g,
  /\b(A(?:KIA|SIA))[A-Z0-9]{16}\b/g,
  /\b(AIza)[A-Za-z0-9_-]{35}/g,
  /\b([rs]k_(?:live|test)_)[A-Za-z0-9]{16,}/g,
  /\b(pypi-)[A-Za-z0-9_-]{40,}/g,
  /\b(eyJ)[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
];
/** One look that tells most lines from those that need the others. */
const suspicious =
  /:\/\/|_auth|_password|npm_|gh[pousr]_|github_pat_|gl[a-z]+-|xox|xapp-|A[KS]IA|AIza|k_(?:live|test)_|pypi-|eyJ|[Aa]uthorization|PRIVATE KEY/;
const keyBegins = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const keyEnds = /-----END [A-Z ]*PRIVATE KEY-----/;
/** Shorter values are words; masking them would only make the output unreadable. */
const shortestSecret = 4;

/** One a stream of lines: a private key spans several. */
export function createRedactor(secrets: readonly string[] = []): Redact {
  const values = secrets
    .flatMap((secret) => secret.split(/\r?\n/))
    .filter((value) => value.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  let insideKey = false;

  return function redact(line) {
    let text = line;
    for (const value of values) text = text.replaceAll(value, "***");
    if (insideKey) {
      insideKey = !keyEnds.test(text);
      return "***";
    }
    if (!suspicious.test(text)) return text;
    if (keyBegins.test(text)) {
      insideKey = !keyEnds.test(text);
      return text.replace(/-----BEGIN.*/, "***");
    }
    return maskForms(text);
  };
}

function maskForms(line: string): string {
  const masked = line
    .replaceAll(/(\w+:\/\/)[^\s/:@]+:[^\s/@]+@/g, "$1***@")
    .replaceAll(/(_authToken|_auth|_password)(\s*=\s*)\S+/g, "$1$2***")
    .replaceAll(/([Aa]uthorization["']?\s*[:=]\s*["']?(?:Bearer|Basic|token)\s+)[^\s"']+/g, "$1***");
  return tokenForms.reduce((text, form) => text.replaceAll(form, "$1***"), masked);
}
