import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { operations } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Choices } from "../../../ui/choices.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { ChangeOutcome } from "../parts/change-outcome.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { declared, useRefresh } from "../parts/use-refresh.ts";
import type { Person } from "./person.ts";

type Role = operations["declarePerson"]["requestBody"]["content"]["application/json"]["roles"][number];

const roles = [
  "Developer",
  "Deployer",
  "DevOpsEngineer",
  "InfraAdmin",
  "CloudArchitect",
  "ProductOwner",
  "ReleaseManager",
  "SecurityReviewer",
  "StudioApprover",
  "StudioAdmin",
  "Auditor",
] as const satisfies Role[];

/** Roles for the whole tenant and claims; those of one environment are changed in tenant.yaml. */
export function PersonForm({ person, onClose }: { person: Person | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const [id, setId] = useState(person?.id ?? "");
  const [held, setHeld] = useState<Role[]>(person?.roles ?? []);
  const [claims, setClaims] = useState(person?.claims.join(", ") ?? "");
  const [reason, setReason] = useState("");
  const refresh = useRefresh(...declared);
  const declare = query.useMutation("put", "/people/{person}", { onSuccess: refresh });
  return (
    <ChangeDialog
      title={
        person === undefined
          ? t("administration.people.new")
          : t("administration.people.changeNamed", { person: person.id })
      }
      intro={t("administration.people.intro")}
      button={t("administration.people.save")}
      change={declare}
      fields={["person", "roles", "claims", "reason"]}
      ready={id.trim() !== "" && reason.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        declare.mutate({
          params: { path: { person: id.trim() } },
          body: { roles: held, claims: claims.split(/[\s,]+/).filter((claim) => claim !== ""), reason },
        })
      }
      done={declare.data && <ChangeOutcome outcome={declare.data} />}
    >
      {person === undefined && (
        <TextField
          label={t("administration.people.person")}
          hint={t("administration.people.personHint")}
          value={id}
          onChange={setId}
          error={fieldProblem(declare.error, "person")}
          autoComplete="off"
          autoFocus
          required
        />
      )}
      <Choices
        label={t("administration.people.roles")}
        options={roles.map((role) => ({ id: role, text: role }))}
        chosen={held}
        onChange={setHeld}
        error={fieldProblem(declare.error, "roles")}
      />
      <TextField
        label={t("administration.people.claims")}
        hint={t("administration.people.claimsHint")}
        value={claims}
        onChange={setClaims}
        error={fieldProblem(declare.error, "claims")}
      />
      <TextField
        label={t("administration.reason")}
        value={reason}
        onChange={setReason}
        error={fieldProblem(declare.error, "reason")}
        lines={2}
        maxLength={2_000}
        required
      />
    </ChangeDialog>
  );
}
