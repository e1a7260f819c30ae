/** The first line of a module's commit, in the form of Conventional Commits 1.0.0. */
import semver from "semver";

export interface SubjectFacts {
  moduleId: string;
  traceId: string;
  version: string;
  /** Version on the target branch; null where it names none, undefined where the module is new there. */
  previousVersion: string | null | undefined;
}

/** `fix` where the version says that nothing was added: the same, or another patch of the same minor version. */
export function commitSubject({ moduleId, traceId, version, previousVersion }: SubjectFacts): string {
  if (previousVersion === undefined) return `feat: add ${moduleId} for ${traceId}`;
  const step = semver.valid(previousVersion) === null ? null : semver.diff(String(previousVersion), version);
  const type =
    step === null || step === "patch" || step === "prepatch" || step === "prerelease" ? "fix" : "feat";
  return `${type}: update ${moduleId} to ${version} for ${traceId}`;
}
