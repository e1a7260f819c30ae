/**
 * Signs what a tenant states, with a key of that tenant that never leaves the adapter. Signatures verify offline with
 * the public key alone (Ed25519, RFC 8032).
 */
export interface SigningKey {
  /** Hex SHA-256 of the public key's DER (SubjectPublicKeyInfo). */
  keyId: string;
  /** PEM (SubjectPublicKeyInfo). */
  publicKey: string;
  /** ISO 8601. */
  madeAt: string;
  /** ISO 8601; signatures made before hold. */
  retiredAt?: string;
}

export interface Signer {
  /** With the tenant's present key, which is made at the first call. */
  sign(tenantId: string, payload: Uint8Array): Promise<{ keyId: string; signature: Uint8Array }>;
  /** Every key the tenant ever had, oldest first. */
  keys(tenantId: string): Promise<SigningKey[]>;
  /** Retires the present key and makes the next. */
  rotate(tenantId: string): Promise<SigningKey>;
}
