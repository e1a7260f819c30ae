/** Paths and names by which a vault keeps what belongs to one scope. */
import { checkScope } from "./secret-name.ts";

/** Stands in a template's place of the module for what every module of an environment gets; no module is called so. */
export const everyModule = "all.modules";

/** Refuses with InputInvalid a scope that is no slug in all of its parts: nothing leads out of its place. */
export function fillTemplate(template: string, scope: Scope, words: { everyModule?: string } = {}): string {
  checkScope(scope);
  return template
    .replaceAll("{tenant}", scope.tenantId)
    .replaceAll("{environment}", scope.environment)
    .replaceAll("{module}", scope.moduleId ?? words.everyModule ?? everyModule);
}

interface Scope {
  tenantId: string;
  environment: string;
  moduleId?: string;
}
