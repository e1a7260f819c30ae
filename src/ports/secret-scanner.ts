/**
 * Looks for secrets in text by the field's rules. The finding never carries the secret itself. Deterministic, and
 * without network. Binary text (with a NUL in it) is left out; of a longer text only its beginning is looked at.
 */
export interface SecretFinding {
  path: string;
  /** 1-based. */
  line: number;
  rule: string;
  /** What it looks like: `AWS Secret Access Key (wJal...)`, with all but its first characters left out. */
  message: string;
}

export interface ScannedFile {
  path: string;
  text: string;
}

export interface SecretScanner {
  scan(files: readonly ScannedFile[]): Promise<SecretFinding[]>;
}

/** Characters of a text that are looked at. */
export const scannedLength = 1024 * 1024;

/** What is not looked at, or not to its end: to be said where it is said that nothing was found. */
export function notWhollyScanned(files: readonly ScannedFile[]): { path: string; why: string }[] {
  return files.flatMap(({ path, text }) => {
    if (isBinary(text)) return [{ path, why: "it is binary" }];
    return text.length > scannedLength ? [{ path, why: "only its first MiB was looked at" }] : [];
  });
}

/** As git tells it: by a NUL near the beginning. */
export function isBinary(text: string): boolean {
  return text.slice(0, 8000).includes("\0");
}
