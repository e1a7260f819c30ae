/** Work that is planned on what a branch holds, and planned again where somebody's commit came in between. */
import { refuse } from "../domain/refusal.ts";

/** Each time is one in which somebody else's commit landed. */
const mostLooks = 20;

export const moved = Symbol("moved");

export async function untilUnmoved<T>(branch: string, look: () => Promise<T | typeof moved>): Promise<T> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const made = await look();
    if (made !== moved) return made;
  }
  throw refuse(
    "Unavailable",
    `${branch} was moved by others ${mostLooks} times while a commit for it was made; nothing of theirs was overwritten.`,
    "Wait until nobody pushes to it; it is tried again by itself.",
  );
}
