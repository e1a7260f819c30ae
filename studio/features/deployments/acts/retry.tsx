import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";

export function Retry({ target, onClose }: ActProps) {
  const { t } = useTranslation();
  const { moduleId, subject } = target;
  const [reason, setReason] = useState("");
  const retry = query.useMutation("post", "/deliveries/{tenantId}/{traceId}/{moduleId}/retry");
  return (
    <ActDialog
      title={t("deployments.acts.retry.title", { moduleId })}
      intro={<p>{t("deployments.acts.retry.intro", { traceId: subject.traceId })}</p>}
      button={t("deployments.acts.retry.name")}
      mutation={retry}
      onClose={onClose}
      onSubmit={() =>
        retry.mutate({
          params: { path: subject },
          body: { ...(reason.trim() !== "" && { reason: reason.trim() }) },
        })
      }
      next={retry.data && { subject, sentence: t("deployments.acts.retry.next", { state: retry.data.to }) }}
    >
      <TextField
        label={t("deployments.reason")}
        hint={t("deployments.reasonHint")}
        value={reason}
        onChange={setReason}
        lines={2}
        maxLength={2_000}
        autoFocus
      />
    </ActDialog>
  );
}
