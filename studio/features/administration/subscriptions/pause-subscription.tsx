/** Holds back what a subscription is told, and lets it go on: with what gathered meanwhile, or without. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { PausedBy } from "./paused-by.tsx";
import type { Subscription } from "./typed-subscription.ts";
import { useChanged } from "./use-changed.ts";

interface PauseProps {
  subscription: Subscription;
  onClose: () => void;
}

export function PauseSubscription({ subscription: { id }, onClose }: PauseProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const pause = query.useMutation("post", "/subscriptions/{subscription}/pause", {
    onSuccess: useChanged(onClose, "/subscriptions", "/subscriptions/{subscription}/deliveries"),
  });
  return (
    <ChangeDialog
      title={t("administration.subscriptions.pauseNamed", { id })}
      intro={t("administration.subscriptions.pauseText")}
      button={t("administration.subscriptions.pause")}
      change={pause}
      fields={["reason"]}
      ready={reason.trim() !== ""}
      onSubmit={() => pause.mutate({ params: { path: { subscription: id } }, body: { reason } })}
      onClose={onClose}
    >
      <TextField
        label={t("administration.reason")}
        value={reason}
        onChange={setReason}
        error={fieldProblem(pause.error, "reason")}
        maxLength={2_000}
        required
      />
    </ChangeDialog>
  );
}

export function ResumeSubscription({ subscription: { id, paused, waiting }, onClose }: PauseProps) {
  const { t } = useTranslation();
  const [skip, setSkip] = useState(false);
  const resume = query.useMutation("post", "/subscriptions/{subscription}/resume", {
    onSuccess: useChanged(onClose, "/subscriptions", "/subscriptions/{subscription}/deliveries"),
  });
  return (
    <ChangeDialog
      title={t("administration.subscriptions.resumeNamed", { id })}
      intro={t(`administration.subscriptions.${skip ? "resumeSkipping" : "resumeText"}`, { waiting })}
      button={t("administration.subscriptions.resume")}
      change={resume}
      onSubmit={() => resume.mutate({ params: { path: { subscription: id } }, body: { skip } })}
      onClose={onClose}
    >
      {paused !== undefined && <PausedBy {...paused} />}
      <Checkbox checked={skip} onChange={setSkip}>
        {t("administration.subscriptions.skip")}
      </Checkbox>
    </ChangeDialog>
  );
}
