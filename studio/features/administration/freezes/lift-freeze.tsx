import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import type { Freeze } from "./freeze.ts";

export function LiftFreeze({ freeze, onClose }: { freeze: Freeze; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const refresh = useRefresh("/freezes", "/freezes/windows");
  const lift = query.useMutation("post", "/freezes/{id}/lift", { onSuccess: refresh });
  const { liftAsked } = freeze;
  return (
    <ChangeDialog
      title={t("administration.freezes.liftTitle", { reason: freeze.reason })}
      intro={
        liftAsked === undefined
          ? t("administration.freezes.liftIntro")
          : t("administration.freezes.liftAsked", { by: liftAsked.by, reason: liftAsked.reason })
      }
      button={t("administration.freezes.lift")}
      tone="danger"
      change={lift}
      fields={["reason"]}
      ready={reason.trim() !== ""}
      onSubmit={() => lift.mutate({ params: { path: { id: freeze.id } }, body: { reason } })}
      onClose={onClose}
      done={lift.data && <Notice tone={lift.data.lifted ? "good" : "info"} title={lift.data.note} live />}
    >
      <TextField
        label={t("administration.reason")}
        value={reason}
        onChange={setReason}
        error={fieldProblem(lift.error, "reason")}
        lines={2}
        maxLength={2_000}
        autoFocus
        required
      />
    </ChangeDialog>
  );
}
