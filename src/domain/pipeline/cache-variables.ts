/** The variables by which tools learn where their caches lie; `place` writes a folder as the platform reads it. */
import type { Cache } from "../stack/stack.ts";

export function cacheVariables(
  caches: readonly Cache[],
  place: (folder: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    caches.flatMap(({ variable, folder, option }) => [
      [variable, place(folder)],
      ...(option === undefined ? [] : [[option.variable, option.value.replace("{}", place(folder))]]),
    ]),
  );
}
