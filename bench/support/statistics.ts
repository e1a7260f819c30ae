/** Order statistics; a sample set is never empty. */

export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

export function median(samples: number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export interface Summary {
  median: number;
  min: number;
  max: number;
  /** (max - min) / median: the noise between repetitions. */
  spread: number;
  repetitions: number;
}

export function summarise(samples: number[]): Summary {
  const middle = median(samples);
  const min = Math.min(...samples);
  const max = Math.max(...samples);
  return { median: middle, min, max, spread: (max - min) / middle, repetitions: samples.length };
}
