import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { ChangeOutcome } from "../parts/change-outcome.tsx";
import { declared, useRefresh } from "../parts/use-refresh.ts";
import type { Person } from "./person.ts";

export function RemovePerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const refresh = useRefresh(...declared);
  const remove = query.useMutation("delete", "/people/{person}", { onSuccess: refresh });
  return (
    <ChangeDialog
      title={t("administration.people.removeNamed", { person: person.id })}
      intro={t("administration.people.removeIntro")}
      button={t("administration.people.remove")}
      tone="danger"
      change={remove}
      ready={reason.trim() !== ""}
      onSubmit={() => remove.mutate({ params: { path: { person: person.id }, query: { reason } } })}
      onClose={onClose}
      done={remove.data && <ChangeOutcome outcome={remove.data} />}
    >
      <TextField
        label={t("administration.reason")}
        value={reason}
        onChange={setReason}
        lines={2}
        maxLength={2_000}
        autoFocus
        required
      />
    </ChangeDialog>
  );
}
