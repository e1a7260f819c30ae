/** Puts the next attempt off: for a while, or until a time on the reader's clock. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../../app/api/api.ts";
import { Select, TextField } from "../../../../ui/field.tsx";
import { useDraft } from "../use-draft.ts";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";

const spans = ["30m", "1h", "4h", "1d", "until"] as const;

export function DelayDialog({ view: { releaseId }, onClose, onDone }: ActProps) {
  const { t, i18n } = useTranslation();
  const [span, setSpan] = useState<string>("1h");
  const [until, setUntil] = useState("");
  const [comment, setComment] = useDraft(`delay.${releaseId}`);
  const delay = query.useMutation("post", "/releases/{releaseId}/delay");
  const untilOk = span !== "until" || !Number.isNaN(Date.parse(until));
  const submit = () =>
    delay.mutate(
      {
        params: { path: { releaseId } },
        body: {
          comment: comment.trim(),
          ...(span === "until" ? { until: new Date(until).toISOString() } : { for: span }),
        },
      },
      {
        onSuccess: ({ until: end }) => {
          setComment("");
          const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
          onDone(t("approvals.acts.delay.done", { releaseId, until: time.format(Date.parse(end)) }));
        },
      },
    );
  return (
    <ActDialog
      title={t("approvals.acts.delay.title", { releaseId })}
      button={t("approvals.acts.delay.button")}
      busy={delay.isPending || delay.isSuccess}
      ready={comment.trim() !== "" && untilOk}
      error={delay.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t("approvals.acts.delay.text")}</p>
      <Select
        label={t("approvals.acts.delay.span")}
        value={span}
        onChange={setSpan}
        options={spans.map((id) => ({ id, text: t(`approvals.acts.delay.spans.${id}`) }))}
      />
      {span === "until" && (
        <TextField
          label={t("approvals.acts.delay.until")}
          type="datetime-local"
          value={until}
          onChange={setUntil}
          required
        />
      )}
      <TextField
        label={t("approvals.acts.delay.comment")}
        hint={t("approvals.acts.onRecord")}
        value={comment}
        onChange={setComment}
        lines={3}
        maxLength={2_000}
        required
      />
    </ActDialog>
  );
}
