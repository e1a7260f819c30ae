/** A module's content on one side of a comparison. */
export interface ModuleFiles {
  paths: ReadonlySet<string>;
  /** Undefined where the file is not there. */
  read(path: string): string | undefined;
}
