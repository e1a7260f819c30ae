/** A change as a form: what was typed stays when it is refused, and the refusal stands where it belongs. */
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import styles from "./parts.module.css";
import { formProblem } from "./refusal.ts";

interface ChangeDialogProps {
  title: string;
  /** What it does and whom it takes. */
  intro?: ReactNode;
  button: string;
  tone?: "primary" | "danger";
  size?: "normal" | "wide";
  change: { isPending: boolean; error: unknown };
  /** Fields that show a refusal of their own. */
  fields?: readonly string[];
  ready?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** Once it is done: what the server says of it. It stays to be read. */
  done?: ReactNode;
  children?: ReactNode;
}

export function ChangeDialog({ title, size = "normal", done, ...form }: ChangeDialogProps) {
  return (
    <Dialog title={title} open onClose={form.onClose} size={size}>
      {done === undefined ? <Form {...form} /> : <Done onClose={form.onClose}>{done}</Done>}
    </Dialog>
  );
}

function Form({
  intro,
  button,
  tone = "primary",
  change,
  fields = [],
  ready = true,
  onSubmit,
  onClose,
  children,
}: Omit<ChangeDialogProps, "title" | "size" | "done">) {
  const { t } = useTranslation();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !change.isPending) onSubmit();
      }}
    >
      {intro !== undefined && <div className={styles.intro}>{intro}</div>}
      {children}
      <Refused error={formProblem(change.error, fields)} />
      <DialogActions>
        <Button onPress={onClose}>{t("ui.cancel")}</Button>
        <Button type="submit" tone={tone} disabled={!ready || change.isPending}>
          {change.isPending ? t("administration.sending") : button}
        </Button>
      </DialogActions>
    </form>
  );
}

/** The focus was on a button that is gone: it goes on to the answer. */
function Done({ children, onClose }: { children: ReactNode; onClose: () => void }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div className={styles.form} ref={place} tabIndex={-1}>
      {children}
      <DialogActions>
        <Button tone="primary" onPress={onClose}>
          {t("ui.close")}
        </Button>
      </DialogActions>
    </div>
  );
}
