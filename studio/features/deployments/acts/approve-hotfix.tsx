import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";

export function ApproveHotfix({ target, onClose }: ActProps) {
  const { t } = useTranslation();
  const { environment, moduleId, releaseId = "", version } = target;
  const [comment, setComment] = useState("");
  const hotfix = query.useMutation("post", "/releases/{releaseId}/hotfix");
  return (
    <ActDialog
      title={t("deployments.acts.hotfix.title", { moduleId, environment })}
      intro={<p>{t("deployments.acts.hotfix.intro", { releaseId, version, environment })}</p>}
      button={t("deployments.acts.hotfix.button")}
      mutation={hotfix}
      ready={comment.trim() !== ""}
      onClose={onClose}
      onSubmit={() => hotfix.mutate({ params: { path: { releaseId } }, body: { comment: comment.trim() } })}
      next={hotfix.data && { subject: hotfix.data.subject, sentence: <Path path={hotfix.data} /> }}
    >
      <TextField
        label={t("deployments.acts.hotfix.comment")}
        hint={t("deployments.reasonHint")}
        value={comment}
        onChange={setComment}
        lines={3}
        maxLength={2_000}
        required
        autoFocus
      />
    </ActDialog>
  );
}

function Path({ path }: { path: components["schemas"]["HotfixPath"] }) {
  const { t, i18n } = useTranslation();
  const { releaseId, environment, again, asks, expedited } = path;
  const roles = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(asks?.roles ?? []);
  return (
    <>
      <p>
        {t(again ? "deployments.acts.hotfix.again" : "deployments.acts.hotfix.goesOn", {
          releaseId,
          environment,
        })}
      </p>
      <p>
        {asks === null
          ? t("deployments.acts.hotfix.asksNothing")
          : t("deployments.acts.hotfix.asks", {
              count: asks.minApprovers,
              roles,
              delay: asks.minDelayBeforeDeploy,
            })}
      </p>
      {!expedited && <p>{t("deployments.acts.hotfix.notExpedited", { environment })}</p>}
    </>
  );
}
