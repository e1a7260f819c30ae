import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Button } from "../../../ui/button.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Time } from "../../../ui/time.tsx";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";
import styles from "./acts.module.css";

const minute = 60_000;
const quick = [30 * minute, 2 * 60 * minute, 24 * 60 * minute];

/** The time is the viewer's own; what is sent, and shown beside it, is the moment in UTC. */
export function DelayAttempt({ target, onClose }: ActProps) {
  const { t, i18n } = useTranslation();
  const { environment, moduleId, releaseId = "", version } = target;
  const [until, setUntil] = useState(() => localText(Date.now() + 30 * minute));
  const [comment, setComment] = useState("");
  const delay = query.useMutation("post", "/releases/{releaseId}/delay");
  const moment = new Date(until);
  const valid = !Number.isNaN(moment.getTime());
  const words = new Intl.RelativeTimeFormat(i18n.language, { style: "long" });
  return (
    <ActDialog
      title={t("deployments.acts.delay.title", { moduleId, environment })}
      intro={<p>{t("deployments.acts.delay.intro", { releaseId, version, environment })}</p>}
      button={t("deployments.acts.delay.button")}
      mutation={delay}
      ready={valid && comment.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        delay.mutate({
          params: { path: { releaseId } },
          body: { until: moment.toISOString(), comment: comment.trim() },
        })
      }
      next={
        delay.data && {
          subject: delay.data.subject,
          sentence: (
            <p>
              {t("deployments.acts.delay.next", { releaseId })} <Time at={delay.data.until} form="exact" /> (
              {utcText(delay.data.until)}).
            </p>
          ),
        }
      }
    >
      <div className={styles.group}>
        <TextField
          label={t("deployments.acts.delay.until", {
            zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
          })}
          hint={valid ? utcText(moment.toISOString()) : undefined}
          error={valid ? undefined : t("deployments.acts.delay.noTime")}
          type="datetime-local"
          value={until}
          onChange={setUntil}
          required
        />
        <div className={styles.quick}>
          {quick.map((ms) => (
            <Button key={ms} size="small" onPress={() => setUntil(localText(Date.now() + ms))}>
              {ms < 60 * minute
                ? words.format(ms / minute, "minute")
                : words.format(ms / minute / 60, "hour")}
            </Button>
          ))}
        </div>
      </div>
      <TextField
        label={t("deployments.reason")}
        hint={t("deployments.reasonHint")}
        value={comment}
        onChange={setComment}
        lines={2}
        maxLength={2_000}
        required
      />
    </ActDialog>
  );
}

/** As a field for date and time takes it: the viewer's clock, to the minute. */
function localText(at: number): string {
  const zoneMs = new Date(at).getTimezoneOffset() * minute;
  return new Date(at - zoneMs).toISOString().slice(0, 16);
}

function utcText(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}
