/** What a benchmark is, what it is given and what it says. */

export interface BenchmarkContext {
  /** A real PostgreSQL with fsync on, for all benchmarks of the run. */
  server: BenchServer;
  /** True: small sizes that only show that the benchmark works; figures mean nothing. */
  quick: boolean;
  log(line: string): void;
}

export interface BenchServer {
  version: string;
  /** A new database; `migrated` ones have the engine's tables. */
  createDatabase(options: { migrated: boolean }): Promise<BenchDatabase>;
}

export interface BenchDatabase {
  url: string;
  drop(): Promise<void>;
}

export interface Metric {
  name: string;
  unit: string;
  /** One value a repetition; the report gives median, minimum, maximum and spread. */
  samples: number[];
  /** What the median is held to, where the product promises something. */
  goal?: { atMost: number } | { atLeast: number };
}

export interface BenchmarkResult {
  metrics: Metric[];
  /** What was true of the run beside its figures: sizes, checks that held, settings. */
  facts: Record<string, string | number | boolean>;
}

export interface Benchmark {
  name: string;
  title: string;
  run(context: BenchmarkContext): Promise<BenchmarkResult>;
}
