/** By what programs outside are known here: subscriptions and hooks, made by the API, each with a secret that is shown once. */

export interface RegistrationPlace {
  tenantId: string;
  id: string;
}

export interface Registration<Spec> extends RegistrationPlace {
  spec: Spec;
  /** ISO 8601, as all times here. */
  madeAt: string;
  madeBy: string;
  changedAt: string;
  changedBy: string;
}

/** Each is seen by its tenant alone. Undefined and false: there is none of this id. */
export interface Registrations<Spec, Kept extends Registration<Spec> = Registration<Spec>> {
  /** Of all tenants, or of one, by their ids. */
  list(tenantId?: string): Promise<Kept[]>;
  get(place: RegistrationPlace): Promise<Kept | undefined>;
  /** False: there is one of this id already. */
  add(place: RegistrationPlace, made: { spec: Spec; secret: string; by: string }): Promise<boolean>;
  /** `from`: only where it says exactly this; undefined, too, where it says something else. */
  change(
    place: RegistrationPlace,
    changed: { spec: Spec; by: string; from?: Spec },
  ): Promise<Kept | undefined>;
  remove(place: RegistrationPlace): Promise<boolean>;
}
