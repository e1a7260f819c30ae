/** A question before an act. What was typed stays until the server has taken it; Ctrl+Enter says yes. */
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../../../app/api/problem.ts";
import { Button } from "../../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../../ui/dialog.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import styles from "./acts.module.css";

interface ActDialogProps {
  title: string;
  button: string;
  tone?: "primary" | "danger";
  busy: boolean;
  /** False while something is missing; it is said where it is missing. */
  ready: boolean;
  error: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function ActDialog({ title, onClose, children, ...form }: ActDialogProps) {
  const { t } = useTranslation();
  const { button, tone = "primary", busy, ready, error, onSubmit } = form;
  const submit = () => {
    if (ready && !busy) onSubmit();
  };
  const byKeys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <Dialog title={title} open onClose={onClose}>
      <form
        className={styles.form}
        onKeyDown={byKeys}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {children}
        <Refused error={error} />
        <p className={styles.keys}>{t("approvals.acts.ctrlEnter")}</p>
        <DialogActions>
          <Button onPress={onClose}>{t("ui.cancel")}</Button>
          <Button type="submit" tone={tone} disabled={!ready || busy}>
            {busy ? t("approvals.acts.sending") : button}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What the server said, and whether it is safe to say yes once more. */
function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  const { code, detail, next } = problemOf(error);
  if (isSignedOut(error))
    return (
      <Notice tone="warn" title={t("approvals.acts.signedOut")} live>
        <p>{t("approvals.acts.signedOutText")}</p>
      </Notice>
    );
  if (code === "Offline")
    return (
      <Notice tone="warn" title={t("approvals.acts.unsure")} live>
        <p>{t("approvals.acts.unsureText")}</p>
      </Notice>
    );
  return (
    <Notice tone="bad" title={detail} live>
      {next !== undefined && <p>{next}</p>}
      <p>
        <code>{code}</code>
      </p>
    </Notice>
  );
}

function isSignedOut(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error && error.status === 401;
}
