/** The environment that a tab looks at; absent: the first that there is something of. */
export interface PlaceSearch {
  environment?: string | undefined;
}

export function readPlaceSearch({ environment }: Record<string, unknown>): PlaceSearch {
  return { environment: typeof environment === "string" ? environment : undefined };
}
