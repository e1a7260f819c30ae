/** What is looked at: a path, a version of it, and the version that it is compared with. */
export interface ArtifactSearch {
  path?: string | undefined;
  version?: number | undefined;
  against?: number | undefined;
}

export function readArtifactSearch({ path, version, against }: Record<string, unknown>): ArtifactSearch {
  return {
    path: typeof path === "string" ? path : undefined,
    version: readNumber(version),
    against: readNumber(against),
  };
}

function readNumber(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
