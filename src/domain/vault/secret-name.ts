/** Names of settings, and what their scopes are made of: refused here before they become part of a path. */
import { refuse } from "../refusal.ts";
import { slug } from "../scope.ts";

const nameForm = /^[A-Z_][A-Z0-9_]*$/;

export function isSecretName(text: string): boolean {
  return nameForm.test(text);
}

/** Refuses with InputInvalid what cannot become an environment variable. */
export function checkSetting(scope: Scope, name: string, value: string): void {
  checkScope(scope);
  if (!isSecretName(name))
    throw refuse(
      "InputInvalid",
      `"${name}" is no name for a setting: expected upper-case letters, digits and underscores, such as DATABASE_URL`,
      "It becomes an environment variable of the service. Choose another name.",
    );
  if (value.includes("\0"))
    throw refuse(
      "InputInvalid",
      `the value of ${name} holds a NUL, which no environment variable can`,
      "Encode it.",
    );
}

/** Refuses with InputInvalid what is no slug, such as `../production`. */
export function checkScope(scope: Scope): void {
  for (const key of ["tenantId", "environment", "moduleId"] as const) {
    const checked = slug.optional().safeParse(scope[key]);
    if (!checked.success) throw refuse("InputInvalid", `${key}: ${checked.error.issues[0]?.message}`);
  }
}

interface Scope {
  tenantId: string;
  environment: string;
  moduleId?: string;
}
