/** Looks for secrets in text by the field's rules. The finding never carries the secret itself. */
export interface SecretFinding {
  path: string;
  /** 1-based. */
  line: number;
  rule: string;
  /** What it looks like: `AWS access key id`, with all but its first characters masked. */
  message: string;
}

export interface SecretScanner {
  scan(files: readonly { path: string; text: string }[]): Promise<SecretFinding[]>;
}
