/**
 * Smooth weighted round robin, as nginx does it: over any run as long as the sum of the weights each gets exactly
 * its weight, and the turns of one are spread among those of the others.
 */
export interface Chance<T> {
  of: T;
  weight: number;
}

export class Turns<T> {
  private readonly chances: (Chance<T> & { current: number })[];

  constructor(chances: readonly Chance<T>[]) {
    this.chances = chances.map((chance) => ({ ...chance, current: 0 }));
  }

  /** Undefined where none is left. */
  next(except: readonly T[] = []): T | undefined {
    let best: (typeof this.chances)[number] | undefined;
    let total = 0;
    for (const chance of this.chances) {
      if (except.includes(chance.of)) continue;
      chance.current += chance.weight;
      total += chance.weight;
      if (best === undefined || chance.current > best.current) best = chance;
    }
    if (best === undefined) return undefined;
    best.current -= total;
    return best.of;
  }

  /** Whether going on with these turns gives everybody what these chances say. */
  sameAs(chances: readonly Chance<T>[]): boolean {
    return (
      chances.length === this.chances.length &&
      chances.every(({ of, weight }, index) => {
        const mine = this.chances[index];
        return mine?.of === of && mine.weight === weight;
      })
    );
  }
}
