/** Answers to requests that are sent again under the same key: what was done once is not done twice. */
export interface KeyedRequest {
  tenantId: string;
  person: string;
  operation: string;
  key: string;
  /** Digest of what was asked. */
  request: string;
}

export interface KeptAnswer {
  status: number;
  /** Absent: it is not kept, as it is shown once. */
  body?: string;
}

export type Begun =
  /** It is the caller's to do now. */
  | { kind: "yours" }
  | { kind: "answered"; answer: KeptAnswer }
  /** Somebody else is at it. */
  | { kind: "underWay" }
  /** The key was used for something else. */
  | { kind: "other" };

export interface IdempotentAnswers {
  /** Of several at once, one is told `yours`; so is who comes minutes after one that never ended. */
  begin(request: KeyedRequest): Promise<Begun>;
  /** Kept for a day. */
  keep(request: KeyedRequest, answer: KeptAnswer): Promise<void>;
  /** It was not done, or nobody knows: the next one may. */
  drop(request: KeyedRequest): Promise<void>;
}
