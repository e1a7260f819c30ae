/** The triggers that state one event on the delivery: an agent takes it up, and the flow goes on from there. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";

const events = {
  deploy: "DeployRequested",
  build: "RebuildPipelineRequested",
  rebuild: "RebuildPipelineRequested",
  commit: "StudioCommitRequest",
  "pull-request": "StudioPRAction",
} as const;

export type TriggerName = keyof typeof events;

export function Trigger({ target, onClose, name }: ActProps & { name: TriggerName }) {
  const { t } = useTranslation();
  const { environment, moduleId, releaseId, version, subject } = target;
  const [reason, setReason] = useState("");
  const send = query.useMutation("post", "/deliveries/{tenantId}/{traceId}/{moduleId}/events");
  const facts = { moduleId, environment, releaseId, version, traceId: subject.traceId };
  return (
    <ActDialog
      title={t(`deployments.acts.${name}.title`, facts)}
      intro={<p>{t(`deployments.acts.${name}.intro`, facts)}</p>}
      button={t(`deployments.acts.${name}.button`)}
      mutation={send}
      onClose={onClose}
      onSubmit={() =>
        send.mutate({
          params: { path: subject },
          body: {
            name: events[name],
            ...(name === "deploy" && { environment }),
            ...(reason.trim() !== "" && { reason: reason.trim() }),
          },
        })
      }
      next={send.data && { subject: send.data.subject, sentence: t(`deployments.acts.${name}.next`, facts) }}
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
