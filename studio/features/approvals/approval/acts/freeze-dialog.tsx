/** Asks for one release to pass the freezes that hold it, or confirms it as the second person; both bind what is shown. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../../client/src/schema.d.ts";
import { query } from "../../../../app/api/api.ts";
import { problemOf } from "../../../../app/api/problem.ts";
import { Select, TextField } from "../../../../ui/field.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Facts } from "../../../../ui/panel.tsx";
import { Time } from "../../../../ui/time.tsx";
import { Told } from "../../../../ui/told.tsx";
import { DigestFacts } from "../digest-list.tsx";
import { useDraft } from "../use-draft.ts";
import type { ActProps } from "./act.ts";
import { ActDialog } from "./act-dialog.tsx";
import styles from "./acts.module.css";

type Frozen = components["schemas"]["FrozenRelease"];

const spans = ["30m", "1h", "2h", "4h", "8h"] as const;

export function FreezeDialog(props: ActProps & { confirm: boolean }) {
  const { t } = useTranslation();
  const { confirm, view, onClose } = props;
  const { releaseId } = view;
  const { data, error } = query.useQuery("get", "/releases/{releaseId}/freeze", {
    params: { path: { releaseId } },
  });
  // The question stays what it was when it was put, whatever is read meanwhile.
  const [asked, setAsked] = useState<Frozen>();
  const frozen = asked ?? data;
  if (frozen !== undefined && asked === undefined) setAsked(frozen);
  if (frozen !== undefined)
    return confirm ? <Confirm {...props} frozen={frozen} /> : <Ask {...props} frozen={frozen} />;
  return (
    <ActDialog
      title={t("approvals.acts.overrideFreeze.title", { releaseId })}
      button={t("approvals.acts.overrideFreeze.button")}
      busy={false}
      ready={false}
      error={error}
      onSubmit={onClose}
      onClose={onClose}
    >
      {error === null && <p role="status">{t("app.loading")}</p>}
    </ActDialog>
  );
}

function Ask({ frozen, view, onClose, onDone, readAgain }: ActProps & { frozen: Frozen }) {
  const { t } = useTranslation();
  const { releaseId } = view;
  const { limits, digests } = frozen;
  const [reason, setReason] = useDraft(`overrideFreeze.${releaseId}`);
  const [expires, setExpires] = useState<string>("2h");
  const override = query.useMutation("post", "/releases/{releaseId}/override-freeze");
  const submit = () =>
    override.mutate(
      { params: { path: { releaseId } }, body: { reason: reason.trim(), expires, digests } },
      {
        onSuccess: ({ note }) => {
          setReason("");
          onDone(note);
        },
        onError: () => void readAgain(),
      },
    );
  return (
    <ActDialog
      title={t("approvals.acts.overrideFreeze.title", { releaseId })}
      button={t("approvals.acts.overrideFreeze.button")}
      tone="danger"
      busy={override.isPending || override.isSuccess}
      ready={reason.trim() !== ""}
      error={override.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>
        <Told text={t("approvals.acts.overrideFreeze.text", { reasons: frozen.reasons, end: frozen.end })} />
      </p>
      <Select
        label={t("approvals.acts.overrideFreeze.expires")}
        hint={t("approvals.acts.overrideFreeze.longest", { longest: limits.longest })}
        value={expires}
        onChange={setExpires}
        options={spans.map((id) => ({ id, text: t(`approvals.acts.spans.${id}`) }))}
      />
      <TextField
        label={t("approvals.acts.overrideFreeze.comment")}
        hint={t("approvals.acts.overrideFreeze.least", { count: limits.minReason })}
        value={reason}
        onChange={setReason}
        lines={3}
        maxLength={2_000}
        required
        autoFocus
      />
      <div className={styles.signed}>
        <h3>{t("approvals.acts.overrideFreeze.binds")}</h3>
        <DigestFacts digests={digests} />
      </div>
    </ActDialog>
  );
}

function Confirm({ frozen, view, onClose, onDone, readAgain }: ActProps & { frozen: Frozen }) {
  const { t } = useTranslation();
  const { releaseId, version, environment, subject } = view;
  const { asked, digests } = frozen;
  const confirm = query.useMutation("post", "/releases/{releaseId}/override-freeze/confirm");
  const submit = () =>
    asked !== undefined &&
    confirm.mutate(
      {
        params: { path: { releaseId } },
        body: { shown: { by: asked.by, expiresAt: asked.expiresAt, digests } },
      },
      { onSuccess: ({ note }) => onDone(note), onError: () => void readAgain() },
    );
  return (
    <ActDialog
      title={t("approvals.acts.confirmFreezeOverride.title", { releaseId })}
      button={t("approvals.acts.confirmFreezeOverride.button")}
      tone="danger"
      busy={confirm.isPending || confirm.isSuccess}
      ready={asked !== undefined && problemOf(confirm.error).code !== "DigestMismatch"}
      error={confirm.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {asked === undefined ? (
        <Notice tone="neutral" title={t("approvals.acts.confirmFreezeOverride.nothing")} />
      ) : (
        <>
          <p>{t("approvals.acts.confirmFreezeOverride.text", { by: asked.by, reasons: frozen.reasons })}</p>
          <Facts
            of={[
              [t("approvals.acts.release"), `${subject.moduleId} ${version} (${releaseId})`],
              [t("approvals.acts.environment"), environment],
              [t("approvals.acts.confirmFreezeOverride.by"), asked.by],
              [t("approvals.acts.confirmFreezeOverride.why"), asked.reason],
              [
                t("approvals.acts.confirmFreezeOverride.until"),
                <Time key="until" at={asked.expiresAt} form="exact" />,
              ],
              [
                t("approvals.acts.confirmFreezeOverride.freeze"),
                <Told key="freeze" text={`${frozen.reasons}, ${frozen.end}`} />,
              ],
            ]}
          />
          <div className={styles.signed}>
            <h3>{t("approvals.acts.overrideFreeze.binds")}</h3>
            <DigestFacts digests={digests} />
          </div>
        </>
      )}
    </ActDialog>
  );
}
