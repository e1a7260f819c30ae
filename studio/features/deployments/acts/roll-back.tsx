import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { operations } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";

type Code = NonNullable<operations["requestRollback"]["requestBody"]["content"]["application/json"]["code"]>;

/** Each that the server knows, and no other: the type holds this list to the published one. */
const codes = Object.keys({
  regression: true,
  "crash-loop": true,
  "probe-failure": true,
  latency: true,
  errors: true,
  configuration: true,
  security: true,
  data: true,
  other: true,
} satisfies Record<Code, true>) as Code[];

export function RollBack({ target, onClose }: ActProps) {
  const { t } = useTranslation();
  const { environment, moduleId, releaseId = "", version, previous } = target;
  const [reason, setReason] = useState("");
  const [code, setCode] = useState<Code>("other");
  const [comment, setComment] = useState("");
  const [revert, setRevert] = useState(false);
  const rollback = query.useMutation("post", "/releases/{releaseId}/rollback");
  const restores = rollback.data?.restores;
  return (
    <ActDialog
      title={t("deployments.acts.rollback.title", { moduleId, environment })}
      intro={
        <>
          <p>{t("deployments.acts.rollback.intro", { releaseId, version, environment })}</p>
          {previous !== undefined && <strong>{t("deployments.acts.rollback.to", previous)}</strong>}
        </>
      }
      button={t("deployments.acts.rollback.button")}
      tone="danger"
      mutation={rollback}
      ready={reason.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        rollback.mutate({
          params: { path: { releaseId } },
          body: {
            reason: reason.trim(),
            code,
            revert,
            ...(comment.trim() !== "" && { comment: comment.trim() }),
          },
        })
      }
      next={
        rollback.data && {
          subject: rollback.data.subject,
          sentence: restores
            ? t("deployments.acts.rollback.next", { ...restores, environment })
            : t("deployments.acts.rollback.nextNothing", { environment }),
        }
      }
    >
      <TextField
        label={t("deployments.reason")}
        hint={t("deployments.reasonHint")}
        value={reason}
        onChange={setReason}
        lines={2}
        maxLength={2_000}
        required
        autoFocus
      />
      <Select
        label={t("deployments.code")}
        value={code}
        onChange={(next) => setCode(next as Code)}
        options={codes.map((id) => ({ id, text: t(`deployments.codes.${id}`) }))}
      />
      <TextField
        label={t("deployments.comment")}
        value={comment}
        onChange={setComment}
        lines={2}
        maxLength={2_000}
      />
      <Checkbox checked={revert} onChange={setRevert}>
        {t("deployments.acts.rollback.revert")}
      </Checkbox>
    </ActDialog>
  );
}
