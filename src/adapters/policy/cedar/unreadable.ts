import { refuse } from "../../../domain/refusal.ts";

export function unreadable(message = "it is not a Cedar policy") {
  return refuse(
    "PolicyInvalid",
    `The tenant's own policies do not hold: ${message}.`,
    "A StudioAdmin corrects them: connectsoft policy validate tenant.yaml, then connectsoft tenant apply tenant.yaml.",
  );
}
