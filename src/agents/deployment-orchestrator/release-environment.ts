/** The environment variables of a release: configuration, secrets, and what the release should know of itself. */
import { redactValues } from "../../domain/redact-values.ts";
import { registryLoginHolder } from "../../domain/tenant/container-settings.ts";
import type { Place, RecordedSpec } from "../../ports/release-ledger.ts";
import type { SecretReference, Settings } from "../../ports/settings.ts";
import type { ReleaseSpec, RunningRelease } from "../../ports/target.ts";

/** What the place's settings say now; secrets by reference. */
export async function readSettings(
  settings: Settings,
  place: Place,
): Promise<{ configuration: Record<string, string>; secrets: SecretReference[] }> {
  const [configuration, secrets] = await Promise.all([
    settings.listConfig(place),
    settings.listSecrets(place),
  ]);
  return { configuration, secrets };
}

/** The release as a target starts it, with the values of exactly the recorded secret versions; and how to keep them out of texts. */
export async function revealSpec(
  settings: Settings,
  place: Place,
  recorded: RecordedSpec,
): Promise<{ spec: ReleaseSpec; redact(text: string): string }> {
  const { configuration, secrets, target: _target, ...rest } = recorded;
  const [values, login] = await Promise.all([
    settings.revealSecrets(place, secrets, { toRelease: true }),
    revealLogin(settings, place, rest.registry),
  ]);
  const secret = login === undefined ? [] : [login, login.slice(login.indexOf(":") + 1)];
  return {
    // What the release is told of itself is part of its recorded configuration and wins over a secret of that name.
    spec: {
      ...rest,
      environment: { ...values, ...configuration },
      ...(login !== undefined && { registryLogin: login }),
    },
    redact: redactValues([...Object.values(values), ...secret]),
  };
}

/** As it is now, also for an older release; where it is not set, the target says so once it needs it. */
async function revealLogin(
  settings: Settings,
  { tenantId, environment }: Place,
  registry: RecordedSpec["registry"],
): Promise<string | undefined> {
  if (registry?.credentials === undefined) return undefined;
  const scope = { tenantId, environment, moduleId: registryLoginHolder };
  const wanted = (await settings.listSecrets(scope)).filter(({ name }) => name === registry.credentials);
  return (await settings.revealSecrets(scope, wanted))[registry.credentials];
}

export function redactRelease(release: RunningRelease, redact: (text: string) => string): RunningRelease {
  return {
    ...release,
    ...(release.reason === undefined ? {} : { reason: redact(release.reason) }),
    ...(release.logTail === undefined ? {} : { logTail: redact(release.logTail) }),
  };
}
